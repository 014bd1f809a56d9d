package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A column of CREATE TABLE: name, type, and the clauses DEFAULT, NULL or NOT NULL, PRIMARY KEY, UNIQUE, in any order. Immutable. */
public final class ColumnDefinition extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("COLUMN", SqlKind.COLUMN_DECL, ColumnDefinition::ofOperands);

  private final SqlIdentifier name;
  private final SqlDataTypeSpec type;
  private final Clauses clauses;

  ColumnDefinition(SqlParserPos position, SqlIdentifier name, SqlDataTypeSpec type, Clauses clauses) {
    super(position);
    this.name = name;
    this.type = type;
    this.clauses = clauses;
  }

  /** The clauses of a column as the parser meets them, each at most once. */
  static final class Clauses {

    private SqlNode defaultValue;
    private SqlLiteral nullable;
    private boolean primaryKey;
    private SqlIdentifier primaryKeyName;
    private boolean unique;
    private SqlIdentifier uniqueName;

    void defaultValue(SqlParserPos position, SqlNode expression) {
      if (defaultValue != null) {
        throw new SyntaxProblem(position, "DEFAULT or GENERATED is given twice");
      }
      defaultValue = expression;
    }

    void nullable(SqlParserPos position, boolean canBeNull) {
      if (nullable != null) {
        boolean same = nullable.booleanValue() == canBeNull;
        throw new SyntaxProblem(position, same ? "NULL or NOT NULL is given twice" : "NULL contradicts NOT NULL");
      }
      nullable = SqlLiteral.createBoolean(canBeNull, position);
    }

    void primaryKey(SqlParserPos position, SqlIdentifier constraint) {
      if (primaryKey) {
        throw new SyntaxProblem(position, "PRIMARY KEY is given twice");
      }
      primaryKey = true;
      primaryKeyName = constraint;
    }

    void unique(SqlParserPos position, SqlIdentifier constraint) {
      if (unique) {
        throw new SyntaxProblem(position, "UNIQUE is given twice");
      }
      unique = true;
      uniqueName = constraint;
    }
  }

  public String name() {
    return name.getSimple();
  }

  /** The type as written; {@link org.treatydb.sql.type.ColumnType#of(SqlDataTypeSpec)} gives what it means. */
  public SqlDataTypeSpec type() {
    return type;
  }

  /** Whether NOT NULL was written. A primary key's columns are not null all the same. */
  public boolean isNotNull() {
    return clauses.nullable != null && !clauses.nullable.booleanValue();
  }

  /** The DEFAULT expression; null if there is none. {@link TreatyParser#toSql} writes it for the catalog. */
  public SqlNode defaultValue() {
    return generated() == null ? clauses.defaultValue : null;
  }

  /** How the values are generated; null if they are not. */
  public GeneratedColumn generated() {
    return clauses.defaultValue instanceof GeneratedColumn generated ? generated : null;
  }

  /** Whether PRIMARY KEY stands at this column; {@link CreateTable#primaryKey} also knows of those declared for the table. */
  public boolean isPrimaryKey() {
    return clauses.primaryKey;
  }

  String primaryKeyName() {
    return clauses.primaryKeyName == null ? null : clauses.primaryKeyName.getSimple();
  }

  /** Whether UNIQUE stands at this column. */
  public boolean isUnique() {
    return clauses.unique;
  }

  /** The UNIQUE that stands at this column; null if there is none. */
  public UniqueConstraint unique() {
    return clauses.unique
        ? new UniqueConstraint(clauses.uniqueName == null ? null : clauses.uniqueName.getSimple(), List.of(name())) : null;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(
        name, type, clauses.defaultValue, clauses.nullable, SqlLiteral.createBoolean(clauses.primaryKey, SqlParserPos.ZERO),
        clauses.primaryKeyName, SqlLiteral.createBoolean(clauses.unique, SqlParserPos.ZERO), clauses.uniqueName);
  }

  private static ColumnDefinition ofOperands(SqlParserPos position, SqlNode[] operands) {
    Clauses clauses = new Clauses();
    clauses.defaultValue = operands[2];
    clauses.nullable = (SqlLiteral) operands[3];
    clauses.primaryKey = ((SqlLiteral) operands[4]).booleanValue();
    clauses.primaryKeyName = (SqlIdentifier) operands[5];
    clauses.unique = ((SqlLiteral) operands[6]).booleanValue();
    clauses.uniqueName = (SqlIdentifier) operands[7];
    return new ColumnDefinition(position, (SqlIdentifier) operands[0], (SqlDataTypeSpec) operands[1], clauses);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    name.unparse(writer, 0, 0);
    type.unparse(writer, 0, 0);
    if (clauses.defaultValue != null) {
      if (generated() == null) {
        writer.keyword("DEFAULT");
      }
      clauses.defaultValue.unparse(writer, 0, 0);
    }
    if (clauses.nullable != null) {
      writer.keyword(clauses.nullable.booleanValue() ? "NULL" : "NOT NULL");
    }
    if (clauses.primaryKey) {
      KeyDefinition.unparse(writer, clauses.primaryKeyName, PrimaryKeyDefinition.KEYWORD);
    }
    if (clauses.unique) {
      KeyDefinition.unparse(writer, clauses.uniqueName, UniqueDefinition.KEYWORD);
    }
  }
}
