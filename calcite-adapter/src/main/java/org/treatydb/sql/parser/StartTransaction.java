package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** START TRANSACTION or BEGIN [WORK | TRANSACTION], with modes READ ONLY, READ WRITE, ISOLATION LEVEL … in any order. Immutable. */
public final class StartTransaction extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("START TRANSACTION", SqlKind.OTHER, (position, operands) -> {
    Modes modes = new Modes();
    modes.readOnly = (SqlLiteral) operands[0];
    modes.isolation = (SqlLiteral) operands[1];
    return new StartTransaction(position, modes);
  });

  private final Modes modes;

  StartTransaction(SqlParserPos position, Modes modes) {
    super(position);
    this.modes = modes;
  }

  /** The modes as the parser meets them, each at most once. */
  static final class Modes {

    private SqlLiteral readOnly;
    private SqlLiteral isolation;

    void readOnly(SqlParserPos position, boolean only) {
      if (readOnly != null) {
        throw new SyntaxProblem(position, "READ ONLY or READ WRITE is given twice");
      }
      readOnly = SqlLiteral.createBoolean(only, position);
    }

    void isolation(SqlParserPos position, String level) {
      if (isolation != null) {
        throw new SyntaxProblem(position, "ISOLATION LEVEL is given twice");
      }
      isolation = SqlLiteral.createCharString(level, position);
    }
  }

  /** True for READ ONLY, false for READ WRITE, null if neither was written and the session decides. */
  public Boolean readOnly() {
    return modes.readOnly == null ? null : (Boolean) modes.readOnly.booleanValue();
  }

  /**
   * The isolation level written, such as {@code READ COMMITTED}; null if none. Treaty gives every transaction SERIALIZABLE, as the SQL
   * standard allows: a level is the least that must be given.
   */
  public String isolationLevel() {
    return modes.isolation == null ? null : modes.isolation.getValueAs(String.class);
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(modes.readOnly, modes.isolation);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("START TRANSACTION");
    if (modes.readOnly != null) {
      writer.keyword(modes.readOnly.booleanValue() ? "READ ONLY" : "READ WRITE");
    }
    if (modes.isolation != null) {
      writer.keyword("ISOLATION LEVEL");
      writer.keyword(isolationLevel());
    }
  }
}
