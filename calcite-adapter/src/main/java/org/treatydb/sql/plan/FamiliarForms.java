package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlJdbcFunctionCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;

/**
 * What PostgreSQL's users write for what Calcite calls otherwise: NOW(), DATE_TRUNC('month', x), TRUNC, BTRIM, DIV, ARRAY_LENGTH,
 * GENERATE_SERIES, FILTER before OVER; and what means something else to them. Views are stored with these forms replaced. Stateless.
 */
final class FamiliarForms extends SqlShuttle {

  private static final Map<String, TimeUnit> UNITS = Map.ofEntries(
      Map.entry("second", TimeUnit.SECOND), Map.entry("minute", TimeUnit.MINUTE), Map.entry("hour", TimeUnit.HOUR),
      Map.entry("day", TimeUnit.DAY), Map.entry("month", TimeUnit.MONTH), Map.entry("quarter", TimeUnit.QUARTER),
      Map.entry("year", TimeUnit.YEAR), Map.entry("decade", TimeUnit.DECADE), Map.entry("century", TimeUnit.CENTURY),
      Map.entry("millennium", TimeUnit.MILLENNIUM));

  private static final String DAY_OF_WEEK = "DOW";

  /** Aggregates that pass over NULLs, so that a row can be left out by giving them one. */
  private static final Set<String> PASSING_OVER_NULLS = Set.of("count", "sum", "avg", "min", "max", "every", "some", "bool_and", "bool_or",
      "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "bit_and", "bit_or", "bit_xor");

  /** SET ROLE changes CURRENT_USER and not SESSION_USER, which are one to Calcite. */
  @Override
  public SqlNode visit(SqlIdentifier identifier) {
    return identifier.isSimple() && !identifier.isComponentQuoted(0) && identifier.getSimple().equalsIgnoreCase("session_user")
        ? new SqlIdentifier("SYSTEM_USER", identifier.getParserPosition()) : super.visit(identifier);
  }

  @Override
  public SqlNode visit(SqlCall call) {
    SqlNode replaced = series(call);
    if (replaced != call) {
      return super.visit((SqlCall) replaced);
    }
    SqlNode visited = super.visit(call);
    return switch (visited) {
      case SqlCall over when over.getKind() == SqlKind.OVER && over.operand(0).getKind() == SqlKind.FILTER -> filtered(over);
      case SqlCall escaped when escaped.getOperator() instanceof SqlJdbcFunctionCall function -> jdbc(function, escaped);
      case SqlCall named when named.getOperator() instanceof SqlFunction function ->
          function(function.getName().toLowerCase(Locale.ROOT), named);
      case null, default -> visited;
    };
  }

  /** JDBC's escape {fn f(x)}, whose names Calcite knows in capitals only, while names that are not quoted are folded to small letters. */
  private static SqlNode jdbc(SqlJdbcFunctionCall function, SqlCall call) {
    String escape = function.getName();
    String name = escape.substring(escape.indexOf(' ') + 1, escape.length() - 1).toUpperCase(Locale.ROOT);
    return new SqlJdbcFunctionCall(name).createCall(call.getParserPosition(), call.getOperandList());
  }

  private static SqlNode function(String name, SqlCall call) {
    SqlParserPos at = call.getParserPosition();
    int operands = call.operandCount();
    return switch (name) {
      case "now" -> operands == 0 ? new SqlIdentifier("CURRENT_TIMESTAMP", at) : call;
      case "trunc" -> operands == 1 || operands == 2 ? renamed("TRUNCATE", call) : call;
      case "btrim" -> operands == 1 || operands == 2 ? trimmed(call) : call;
      case "div" -> operands == 2
          ? named("TRUNCATE", at, List.of(SqlStdOperatorTable.DIVIDE.createCall(at, call.getOperandList()))) : call;
      case "array_length" -> operands == 2 && isOne(call.operand(1))
          ? SqlStdOperatorTable.CARDINALITY.createCall(at, call.<SqlNode>operand(0)) : call;
      case "date_trunc" -> operands == 2 ? dateTruncated(call) : call;
      case "json_value" -> converted(lax(call));
      case "json_query", "json_exists" -> lax(call);
      case "extract", "date_part" -> operands == 2 ? dayOfWeek(call) : call;
      default -> call;
    };
  }

  private static SqlNode renamed(String name, SqlCall call) {
    return named(name, call.getParserPosition(), call.getOperandList());
  }

  private static SqlNode named(String name, SqlParserPos at, List<SqlNode> operands) {
    SqlFunction function = new SqlUnresolvedFunction(new SqlIdentifier(name, at), null, null, null, null,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    return function.createCall(at, operands);
  }

  private static boolean isOne(SqlNode node) {
    return node instanceof SqlLiteral literal && "1".equals(literal.toValue());
  }

  private static SqlNode trimmed(SqlCall call) {
    SqlParserPos at = call.getParserPosition();
    SqlNode characters = call.operandCount() == 2 ? call.operand(1) : SqlLiteral.createCharString(" ", at);
    return SqlStdOperatorTable.TRIM.createCall(at, SqlTrimFunction.Flag.BOTH.symbol(at), characters, call.operand(0));
  }

  private static SqlNode dateTruncated(SqlCall call) {
    SqlParserPos at = call.getParserPosition();
    TimeUnit unit = call.operand(0) instanceof SqlLiteral literal && literal.toValue() != null
        ? UNITS.get(literal.toValue().toLowerCase(Locale.ROOT)) : null;
    return unit == null ? call
        : SqlStdOperatorTable.FLOOR.createCall(at, call.operand(1), new SqlIntervalQualifier(unit, null, at));
  }

  /** Sunday is day 0, as in PostgreSQL; for Calcite it is day 1. */
  private static SqlNode dayOfWeek(SqlCall call) {
    SqlParserPos at = call.getParserPosition();
    String unit = call.operand(0) instanceof SqlLiteral literal ? literal.toValue() : call.operand(0).toString();
    return DAY_OF_WEEK.equalsIgnoreCase(unit)
        ? SqlStdOperatorTable.MINUS.createCall(at, call, SqlLiteral.createExactNumeric("1", at)) : call;
  }

  /** A JSON path that does not say its mode is lax; for Calcite it is strict, so that DEFAULT … ON EMPTY would never come. */
  private static SqlCall lax(SqlCall call) {
    if (call.operandCount() < 2 || !(call.operand(1) instanceof SqlCharStringLiteral path) || path.toValue() == null
        || path.toValue().strip().matches("(?is)(lax|strict)\\s.*")) {
      return call;
    }
    List<SqlNode> operands = new ArrayList<>(call.getOperandList());
    operands.set(1, SqlLiteral.createCharString("lax " + path.toValue(), path.getParserPosition()));
    return call.getOperator().createCall(call.getFunctionQuantifier(), call.getParserPosition(), operands);
  }

  /** JSON_VALUE(… RETURNING type) is CAST(JSON_VALUE(…) AS type): Calcite would give the number as JSON has it, whatever the type. */
  private static SqlNode converted(SqlCall call) {
    List<SqlNode> operands = new ArrayList<>(call.getOperandList());
    for (int i = 2; i < operands.size(); i++) {
      if (operands.get(i) instanceof SqlDataTypeSpec type) {
        operands.subList(i - 1, i + 1).clear();
        SqlNode text = call.getOperator().createCall(call.getFunctionQuantifier(), call.getParserPosition(), operands);
        return SqlStdOperatorTable.CAST.createCall(call.getParserPosition(), text, type);
      }
    }
    return call;
  }

  /** GENERATE_SERIES in FROM is UNNEST of an array that has its numbers. Its alias names its column, too. */
  private static SqlNode series(SqlCall from) {
    boolean named = from.getKind() == SqlKind.AS;
    SqlCall call = named ? seriesCall(from.operand(0)) : seriesCall(from);
    if (call == null) {
      return from;
    }
    SqlParserPos at = from.getParserPosition();
    List<SqlNode> operands = new ArrayList<>();
    operands.add(SqlStdOperatorTable.UNNEST.createCall(at, RuntimeFunctions.SERIES.createCall(at, steps(call))));
    operands.addAll(named ? from.getOperandList().subList(1, from.operandCount()) : List.of(new SqlIdentifier("generate_series", at)));
    if (operands.size() == 2) {
      operands.add(operands.get(1));
    }
    return SqlStdOperatorTable.AS.createCall(at, operands);
  }

  private static List<SqlNode> steps(SqlCall call) {
    List<SqlNode> operands = new ArrayList<>(call.getOperandList());
    if (operands.size() == 2) {
      operands.add(SqlLiteral.createExactNumeric("1", call.getParserPosition()));
    }
    return operands;
  }

  private static SqlCall seriesCall(SqlNode from) {
    return from instanceof SqlCall table && table.getKind() == SqlKind.COLLECTION_TABLE && table.operand(0) instanceof SqlCall call
        && call.getOperator().getName().equalsIgnoreCase("generate_series") && call.operandCount() >= 2 && call.operandCount() <= 3
        ? call : null;
  }

  /** {@code SUM(x) FILTER (WHERE c) OVER w} is {@code SUM(CASE WHEN c THEN x END) OVER w}. */
  private static SqlNode filtered(SqlCall over) {
    SqlCall filter = over.operand(0);
    SqlParserPos at = filter.getParserPosition();
    if (!(filter.operand(0) instanceof SqlCall aggregate)
        || !PASSING_OVER_NULLS.contains(aggregate.getOperator().getName().toLowerCase(Locale.ROOT)) || aggregate.operandCount() == 0) {
      return over;
    }
    List<SqlNode> operands = new ArrayList<>(aggregate.getOperandList());
    boolean star = operands.getFirst() instanceof SqlIdentifier name && name.isStar();
    SqlNode counted = star ? SqlLiteral.createExactNumeric("1", at) : operands.getFirst();
    operands.set(0, new SqlCase(at, null, SqlNodeList.of(filter.operand(1)), SqlNodeList.of(counted), SqlLiteral.createNull(at)));
    SqlNode call = aggregate.getOperator().createCall(aggregate.getFunctionQuantifier(), aggregate.getParserPosition(), operands);
    return over.getOperator().createCall(over.getParserPosition(), call, over.operand(1));
  }
}
