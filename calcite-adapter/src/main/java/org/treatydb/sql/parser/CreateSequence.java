package org.treatydb.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** CREATE SEQUENCE [IF NOT EXISTS] name options. Immutable. */
public final class CreateSequence extends SqlCreate {

  private static final SqlOperator OPERATOR = new NodeOperator("CREATE SEQUENCE", SqlKind.CREATE_SEQUENCE, (position, operands) ->
      new CreateSequence(
          position, (SqlIdentifier) operands[0], (SequenceOptions) operands[1], ((SqlLiteral) operands[2]).booleanValue()));

  private final SqlIdentifier name;
  private final SequenceOptions options;

  CreateSequence(SqlParserPos position, SqlIdentifier name, SequenceOptions options, boolean ifNotExists) {
    super(OPERATOR, position, false, ifNotExists);
    this.name = name;
    this.options = options;
  }

  /** The sequence's name, with its schema if one was written. */
  public SqlIdentifier name() {
    return name;
  }

  public SequenceOptions options() {
    return options;
  }

  /** Whether a relation that exists already is no error. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, options, SqlLiteral.createBoolean(ifNotExists, SqlParserPos.ZERO));
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifNotExists ? "CREATE SEQUENCE IF NOT EXISTS" : "CREATE SEQUENCE");
    name.unparse(writer, 0, 0);
    options.unparse(writer, 0, 0);
  }
}
