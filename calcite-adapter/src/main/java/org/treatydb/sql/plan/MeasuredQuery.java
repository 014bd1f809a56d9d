package org.treatydb.sql.plan;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.OperatorFigures;
import org.treatydb.sql.exec.QueryRows;
import org.treatydb.sql.exec.StatementInput;

/** EXPLAIN ANALYZE: a query that tells, when it has run, what each of its operators did. Immutable, thread-safe. */
public final class MeasuredQuery {

  private static final double NANOS_PER_MILLI = 1e6;

  private final CompiledQuery query;
  private final List<PlanText.Line> lines;
  /** The operators that read straight from each; by number. */
  private final Map<Integer, List<Integer>> inputs;

  private MeasuredQuery(CompiledQuery query, List<PlanText.Line> lines, Map<Integer, List<Integer>> inputs) {
    this.query = query;
    this.lines = lines;
    this.inputs = inputs;
  }

  static MeasuredQuery of(EnumerableRel physical) {
    Map<RelNode, Integer> numbers = new IdentityHashMap<>();
    Map<Integer, List<Integer>> inputs = new HashMap<>();
    EnumerableRel measured = (EnumerableRel) measured(physical, numbers, inputs);
    return new MeasuredQuery(QueryCompiler.compile(measured), PlanText.lines(physical, numbers::get), Map.copyOf(inputs));
  }

  private static RelNode measured(RelNode rel, Map<RelNode, Integer> numbers, Map<Integer, List<Integer>> inputsOf) {
    int number = numbers.size();
    numbers.put(rel, number);
    List<Integer> numbersBelow = new ArrayList<>();
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode input : rel.getInputs()) {
      numbersBelow.add(numbers.size());
      inputs.add(measured(input, numbers, inputsOf));
    }
    inputsOf.put(number, numbersBelow);
    RelNode with = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return rel instanceof EnumerableRel ? new Measured(with, number) : with;
  }

  /** Runs it to the end; gives the plan with the figures, a line each. */
  public List<String> run(StatementInput input) {
    long begun = System.nanoTime();
    try (QueryRows rows = query.open(input)) {
      while (rows.next()) {
        rows.row();
      }
      double millis = (System.nanoTime() - begun) / NANOS_PER_MILLI;
      List<String> text = new ArrayList<>();
      lines.forEach(line -> text.add(line.first() ? line.text() + figures(line, rows) : line.text()));
      text.add(String.format(Locale.ROOT, "Execution: %.3f ms", millis));
      return text;
    }
  }

  private String figures(PlanText.Line line, QueryRows rows) {
    OperatorFigures figures = rows.figures(line.operator());
    return figures.runs() == 0 ? "  (never run)" : String.format(Locale.ROOT, "  (rows=%d%s time=%.3f ms)",
        figures.rows(), figures.runs() == 1 ? "" : " runs=" + figures.runs(), nanos(line.operator(), rows) / NANOS_PER_MILLI);
  }

  /** With what its inputs took before they were held. */
  private long nanos(int operator, QueryRows rows) {
    return Math.max(rows.figures(operator).nanos(), inputs.get(operator).stream().mapToLong(input -> nanos(input, rows)).sum());
  }

  /** An operator whose rows are counted and whose time is taken. */
  private static final class Measured extends PassedRows {

    private static final Method MEASURED =
        Types.lookupMethod(OperatorFigures.class, "measured", DataContext.class, int.class, Enumerable.class);

    private final int operator;

    Measured(RelNode input, int operator) {
      super(input, MEASURED);
      this.operator = operator;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
      return new Measured(inputs.getFirst(), operator);
    }

    @Override
    List<Expression> arguments() {
      return List.of(Expressions.constant(operator));
    }
  }
}
