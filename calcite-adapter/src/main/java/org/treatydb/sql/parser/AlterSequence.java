package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** ALTER SEQUENCE [IF EXISTS] name options. Immutable. */
public final class AlterSequence extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("ALTER SEQUENCE", SqlKind.ALTER_SEQUENCE, (position, operands) ->
      new AlterSequence(
          position, (SqlIdentifier) operands[0], (SequenceOptions) operands[1], ((SqlLiteral) operands[2]).booleanValue()));

  private final SqlIdentifier name;
  private final SequenceOptions options;
  private final boolean ifExists;

  AlterSequence(SqlParserPos position, SqlIdentifier name, SequenceOptions options, boolean ifExists) {
    super(position);
    this.name = name;
    this.options = options;
    this.ifExists = ifExists;
  }

  /** The sequence's name, with its schema if one was written. */
  public SqlIdentifier name() {
    return name;
  }

  /** What is changed. */
  public SequenceOptions options() {
    return options;
  }

  /** Whether a sequence that does not exist is no error. */
  public boolean ifExists() {
    return ifExists;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, options, SqlLiteral.createBoolean(ifExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifExists ? "ALTER SEQUENCE IF EXISTS" : "ALTER SEQUENCE");
    name.unparse(writer, 0, 0);
    options.unparse(writer, 0, 0);
  }
}
