package org.treatydb.sql.parser;

import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * START WITH n, INCREMENT BY n, MINVALUE n, MAXVALUE n, CYCLE, of a sequence or an identity column; RESTART WITH n, of ALTER SEQUENCE.
 * Immutable.
 */
public final class SequenceOptions extends SqlCall {

  private static final String[] KEYWORDS = {"START WITH", "INCREMENT BY", "MINVALUE", "MAXVALUE", "RESTART WITH"};
  /** What stands there without a number. */
  private static final String[] KEYWORDS_ALONE = {null, null, "NO MINVALUE", "NO MAXVALUE", "RESTART"};

  private static final SqlOperator OPERATOR = new NodeOperator("SEQUENCE OPTIONS", SqlKind.OTHER, (position, operands) -> {
    Clauses clauses = new Clauses();
    System.arraycopy(operands, 0, clauses.numbers, 0, KEYWORDS.length);
    clauses.cycle = (SqlLiteral) operands[KEYWORDS.length];
    return new SequenceOptions(position, clauses);
  });

  private final Clauses clauses;

  SequenceOptions(SqlParserPos position, Clauses clauses) {
    super(position);
    this.clauses = clauses;
  }

  /** The options as the parser meets them, each at most once. */
  static final class Clauses {

    private final SqlNode[] numbers = new SqlNode[KEYWORDS.length];
    private SqlLiteral cycle;

    /** Takes option {@code index} of {@link #KEYWORDS}; null for its default. */
    void number(int index, SqlParserPos position, SqlNode number) {
      if (numbers[index] != null) {
        throw new SyntaxProblem(position, KEYWORDS[index] + " is given twice");
      }
      numbers[index] = number == null ? SqlLiteral.createNull(position) : number;
    }

    void cycle(SqlParserPos position, boolean again) {
      if (cycle != null) {
        throw new SyntaxProblem(position, "CYCLE is given twice");
      }
      cycle = SqlLiteral.createBoolean(again, position);
    }
  }

  /** The first number; null if it is not said. */
  public Long start() {
    return number(0);
  }

  public Long increment() {
    return number(1);
  }

  public Long minimum() {
    return number(2);
  }

  public Long maximum() {
    return number(3);
  }

  /** Whether MINVALUE or NO MINVALUE is said. */
  public boolean changesMinimum() {
    return clauses.numbers[2] != null;
  }

  /** Whether MAXVALUE or NO MAXVALUE is said. */
  public boolean changesMaximum() {
    return clauses.numbers[3] != null;
  }

  public boolean restarts() {
    return clauses.numbers[4] != null;
  }

  /** The next number; null for the first one. */
  public Long restart() {
    return number(4);
  }

  private Long number(int index) {
    if (!hasNumber(index)) {
      return null;
    }
    try {
      return ((SqlLiteral) clauses.numbers[index]).bigDecimalValue().longValueExact();
    } catch (ArithmeticException e) {
      throw new SyntaxProblem(clauses.numbers[index].getParserPosition(), KEYWORDS[index] + " is out of the range of BIGINT");
    }
  }

  private boolean hasNumber(int index) {
    return clauses.numbers[index] != null && !SqlUtil.isNullLiteral(clauses.numbers[index], false);
  }

  /** Whether CYCLE or NO CYCLE is said. */
  public boolean changesCycle() {
    return clauses.cycle != null;
  }

  public boolean cycles() {
    return clauses.cycle != null && clauses.cycle.booleanValue();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    SqlNode[] operands = Arrays.copyOf(clauses.numbers, KEYWORDS.length + 1);
    operands[KEYWORDS.length] = clauses.cycle;
    return Arrays.asList(operands);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    for (int i = 0; i < KEYWORDS.length; i++) {
      if (hasNumber(i)) {
        writer.keyword(KEYWORDS[i]);
        clauses.numbers[i].unparse(writer, 0, 0);
      } else if (clauses.numbers[i] != null) {
        writer.keyword(KEYWORDS_ALONE[i]);
      }
    }
    if (clauses.cycle != null) {
      writer.keyword(cycles() ? "CYCLE" : "NO CYCLE");
    }
  }
}
