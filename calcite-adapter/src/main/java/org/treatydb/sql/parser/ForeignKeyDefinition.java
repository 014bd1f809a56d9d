package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * [CONSTRAINT name] FOREIGN KEY (columns) REFERENCES table [(columns)] [ON DELETE action] [ON UPDATE action], as an element of CREATE
 * TABLE, or of ALTER TABLE. Immutable.
 */
public final class ForeignKeyDefinition extends SqlCall {

  /** What happens to the rows that refer to one which is deleted or whose key changes. */
  public enum Action {
    NO_ACTION, RESTRICT, CASCADE, SET_NULL, SET_DEFAULT;

    private String sql() {
      return name().replace('_', ' ');
    }
  }

  private static final SqlOperator OPERATOR = new NodeOperator("FOREIGN KEY", SqlKind.FOREIGN_KEY, (position, operands) ->
      new ForeignKeyDefinition(position, (SqlIdentifier) operands[0], (SqlNodeList) operands[1], (SqlIdentifier) operands[2],
          (SqlNodeList) operands[3], ((SqlLiteral) operands[4]).symbolValue(Action.class),
          ((SqlLiteral) operands[5]).symbolValue(Action.class)));

  private final SqlIdentifier name;
  private final SqlNodeList columns;
  private final SqlIdentifier parent;
  private final SqlNodeList parentColumns;
  private final Action onDelete;
  private final Action onUpdate;

  ForeignKeyDefinition(SqlParserPos position, SqlIdentifier name, SqlNodeList columns, SqlIdentifier parent, SqlNodeList parentColumns,
      Action onDelete, Action onUpdate) {
    super(position);
    this.name = name;
    this.columns = columns;
    this.parent = parent;
    this.parentColumns = parentColumns;
    this.onDelete = onDelete;
    this.onUpdate = onUpdate;
  }

  /** The name given to it; null if none. */
  public String name() {
    return name == null ? null : name.getSimple();
  }

  public List<String> columns() {
    return CreateTableAs.names(columns);
  }

  /** The table that is referred to, with its schema if one was written. */
  public SqlIdentifier parent() {
    return parent;
  }

  /** The columns there; null for those of its primary key. */
  public List<String> parentColumns() {
    return CreateTableAs.names(parentColumns);
  }

  public Action onDelete() {
    return onDelete;
  }

  public Action onUpdate() {
    return onUpdate;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(name, columns, parent, parentColumns, SqlLiteral.createSymbol(onDelete, SqlParserPos.ZERO),
        SqlLiteral.createSymbol(onUpdate, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    if (name != null) {
      writer.keyword("CONSTRAINT");
      name.unparse(writer, 0, 0);
    }
    writer.keyword("FOREIGN KEY");
    CreateTableAs.unparse(writer, columns);
    writer.keyword("REFERENCES");
    parent.unparse(writer, 0, 0);
    CreateTableAs.unparse(writer, parentColumns);
    writer.keyword("ON DELETE " + onDelete.sql());
    writer.keyword("ON UPDATE " + onUpdate.sql());
  }
}
