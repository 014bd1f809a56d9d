package org.treatydb.sql.parser;

import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.treatydb.sql.api.SqlState;

/** CREATE TABLE [IF NOT EXISTS] name (column …, [CONSTRAINT name] PRIMARY KEY | UNIQUE (columns)) [PARTITION BY HASH …]. Immutable. */
public final class CreateTable extends SqlCreate {

  private static final SqlOperator OPERATOR = new NodeOperator("CREATE TABLE", SqlKind.CREATE_TABLE, (position, operands) ->
      new CreateTable(position, (SqlIdentifier) operands[0], (SqlNodeList) operands[1], (HashPartition) operands[2],
          ((SqlLiteral) operands[3]).booleanValue()));

  private final SqlIdentifier name;
  private final SqlNodeList elements;
  private final HashPartition partition;

  CreateTable(SqlParserPos position, SqlIdentifier name, SqlNodeList elements, HashPartition partition, boolean ifNotExists) {
    super(OPERATOR, position, false, ifNotExists);
    this.name = name;
    this.elements = elements;
    this.partition = partition;
  }

  /** The table's name, with its schema if one was written. */
  public SqlIdentifier name() {
    return name;
  }

  /** Whether a table that exists already is no error. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  /** The columns, in the order written; names may repeat. */
  public List<ColumnDefinition> columns() {
    return elements.stream().filter(ColumnDefinition.class::isInstance).map(ColumnDefinition.class::cast).toList();
  }

  /**
   * The names of the primary key's columns, in key order, whether declared at a column or for the table; empty if there is none. Whether
   * such columns exist is not checked.
   *
   * @throws SQLSyntaxErrorException 42P16 if the table declares two primary keys
   */
  public List<String> primaryKey() throws SQLException {
    List<List<String>> keys = new ArrayList<>();
    for (SqlNode element : elements) {
      if (element instanceof PrimaryKeyDefinition key) {
        keys.add(key.columns());
      } else if (element instanceof ColumnDefinition column && column.isPrimaryKey()) {
        keys.add(List.of(column.name()));
      }
    }
    if (keys.size() > 1) {
      throw new SQLSyntaxErrorException("table " + name + " declares more than one primary key", SqlState.INVALID_TABLE_DEFINITION.code());
    }
    return keys.isEmpty() ? List.of() : keys.get(0);
  }

  /** The name given to the primary key with CONSTRAINT; null if none. */
  public String primaryKeyName() {
    for (SqlNode element : elements) {
      String constraint = switch (element) {
        case PrimaryKeyDefinition key -> key.name();
        case ColumnDefinition column -> column.primaryKeyName();
        default -> null;
      };
      if (constraint != null) {
        return constraint;
      }
    }
    return null;
  }

  /** The CHECK constraints, those of columns, too, in the order written. */
  public List<CheckDefinition> checks() {
    return elements.stream().filter(CheckDefinition.class::isInstance).map(CheckDefinition.class::cast).toList();
  }

  /** The foreign keys, those of columns, too, in the order written. */
  public List<ForeignKeyDefinition> foreignKeys() {
    return elements.stream().filter(ForeignKeyDefinition.class::isInstance).map(ForeignKeyDefinition.class::cast).toList();
  }

  /** The UNIQUE constraints, declared at a column or for the table, in the order written. Whether such columns exist is not checked. */
  public List<UniqueConstraint> uniqueConstraints() {
    List<UniqueConstraint> constraints = new ArrayList<>();
    for (SqlNode element : elements) {
      if (element instanceof UniqueDefinition definition) {
        constraints.add(definition.constraint());
      } else if (element instanceof ColumnDefinition column && column.unique() != null) {
        constraints.add(column.unique());
      }
    }
    return constraints;
  }

  /** How the rows are to be dealt out to buckets; null if nothing is said. */
  public HashPartition partition() {
    return partition;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(name, elements, partition, SqlLiteral.createBoolean(ifNotExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("CREATE TABLE");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    name.unparse(writer, 0, 0);
    SqlWriter.Frame frame = writer.startList("(", ")");
    for (SqlNode element : elements) {
      writer.sep(",");
      Objects.requireNonNull(element).unparse(writer, 0, 0);
    }
    writer.endList(frame);
    if (partition != null) {
      partition.unparse(writer, 0, 0);
    }
  }
}
