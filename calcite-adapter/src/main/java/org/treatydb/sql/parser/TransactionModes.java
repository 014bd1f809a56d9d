package org.treatydb.sql.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * What a statement says of a transaction, in any order, each at most once: READ ONLY or READ WRITE, ISOLATION LEVEL …, OPTIMISTIC or
 * PESSIMISTIC.
 */
public final class TransactionModes {

  private SqlLiteral readOnly;
  private SqlLiteral isolation;
  private SqlLiteral optimistic;

  TransactionModes() {}

  /** The modes that {@link #operands} gave. */
  TransactionModes(SqlNode[] operands) {
    readOnly = (SqlLiteral) operands[0];
    isolation = (SqlLiteral) operands[1];
    optimistic = (SqlLiteral) operands[2];
  }

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

  void optimistic(SqlParserPos position, boolean wanted) {
    if (optimistic != null) {
      throw new SyntaxProblem(position, "OPTIMISTIC or PESSIMISTIC is given twice");
    }
    optimistic = SqlLiteral.createBoolean(wanted, position);
  }

  /** True for READ ONLY, false for READ WRITE, null if neither was written. */
  public Boolean readOnly() {
    return readOnly == null ? null : (Boolean) readOnly.booleanValue();
  }

  /**
   * The isolation level written, such as {@code READ COMMITTED}; null if none. Treaty gives every transaction SERIALIZABLE, as the SQL
   * standard allows: a level is the least that must be given.
   */
  public String isolationLevel() {
    return isolation == null ? null : isolation.getValueAs(String.class);
  }

  /** True for OPTIMISTIC, false for PESSIMISTIC, null if neither was written. */
  public Boolean optimistic() {
    return optimistic == null ? null : (Boolean) optimistic.booleanValue();
  }

  List<SqlNode> operands() {
    List<SqlNode> operands = new ArrayList<>();
    operands.add(readOnly);
    operands.add(isolation);
    operands.add(optimistic);
    return operands;
  }

  void unparse(SqlWriter writer) {
    if (readOnly != null) {
      writer.keyword(readOnly.booleanValue() ? "READ ONLY" : "READ WRITE");
    }
    if (isolation != null) {
      writer.keyword("ISOLATION LEVEL");
      writer.keyword(isolationLevel());
    }
    if (optimistic != null) {
      writer.keyword(optimistic.booleanValue() ? "OPTIMISTIC" : "PESSIMISTIC");
    }
  }
}
