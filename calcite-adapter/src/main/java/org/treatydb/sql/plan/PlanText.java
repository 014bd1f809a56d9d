package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableLimitSort;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.calcite.util.ImmutableBitSet;

/** A physical plan in words: a line for each operator, inputs below and further in. */
final class PlanText {

  /** A line of the plan. {@code operator} numbers the operators, from 0 on; the second line of one has it, too. */
  record Line(int operator, boolean first, String text) {}

  private final List<Line> lines = new ArrayList<>();
  private final ToIntFunction<RelNode> numbers;

  private PlanText(ToIntFunction<RelNode> numbers) {
    this.numbers = numbers;
  }

  /** The lines of {@code plan}. */
  static List<String> of(RelNode plan) {
    return lines(plan, _ -> 0).stream().map(Line::text).toList();
  }

  /** The lines of {@code plan}, whose operators have {@code numbers}. */
  static List<Line> lines(RelNode plan, ToIntFunction<RelNode> numbers) {
    PlanText text = new PlanText(numbers);
    text.add(plan, 0);
    return text.lines;
  }

  private void add(RelNode rel, int depth) {
    int inner = depth;
    boolean first = true;
    for (String line : describe(rel)) {
      lines.add(new Line(numbers.applyAsInt(rel), first, "  ".repeat(inner++) + line));
      first = false;
    }
    for (RelNode input : rel.getInputs()) {
      add(input, inner);
    }
  }

  private static List<String> describe(RelNode rel) {
    return switch (rel) {
      case StoreScan scan -> List.of(scan.describe());
      case Calc calc -> calc(calc.getProgram());
      case Join join -> List.of(words(join.getRelTypeName()) + ", " + join.getJoinType().lowerName
          + on(join.getCondition(), join));
      case Correlate correlate -> List.of("Lookup join, " + correlate.getJoinType().lowerName + ", for each row outside");
      case Aggregate aggregate -> List.of(aggregate(aggregate));
      case EnumerableLimitSort sort -> List.of("Top" + limit(sort.offset, sort.fetch) + by(sort.collation, sort.getRowType()));
      case Sort sort -> List.of("Sort" + by(sort.collation, sort.getRowType()) + limit(sort.offset, sort.fetch));
      case EnumerableLimit limit -> List.of("Limit" + limit(limit.offset, limit.fetch));
      case SetOp operation -> List.of(words(operation.getRelTypeName()).replace("Minus", "Except") + (operation.all ? " all" : ""));
      case Window window -> List.of("Window " + windows(window));
      case Values values -> List.of("Values, " + values.getTuples().size() + (values.getTuples().size() == 1 ? " row" : " rows"));
      case TableScan scan -> List.of("Rows of " + String.join(".", scan.getTable().getQualifiedName()));
      default -> List.of(other(rel));
    };
  }

  /** An operator that is rare enough to be called what Calcite calls it. */
  private static String other(RelNode rel) {
    String line = RelOptUtil.toString(rel.copy(rel.getTraitSet(), rel.getInputs()), SqlExplainLevel.EXPPLAN_ATTRIBUTES);
    return line.lines().findFirst().orElse(rel.getRelTypeName()).replaceFirst("^Enumerable", "");
  }

  /** {@code EnumerableNestedLoopJoin} is "Nested loop join". */
  private static String words(String typeName) {
    String spaced = typeName.replaceFirst("^Enumerable", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return Character.toUpperCase(spaced.charAt(0)) + spaced.substring(1);
  }

  private static List<String> calc(RexProgram program) {
    List<String> names = program.getInputRowType().getFieldNames();
    List<String> lines = new ArrayList<>();
    if (!program.projectsOnlyIdentity()) {
      List<String> columns = new ArrayList<>();
      for (int i = 0; i < program.getProjectList().size(); i++) {
        RexNode expression = program.expandLocalRef(program.getProjectList().get(i));
        String text = ExpressionText.of(expression, names);
        String name = program.getOutputRowType().getFieldNames().get(i);
        boolean named = text.equals(name) || !(expression instanceof RexInputRef) && (name.startsWith("EXPR$") || name.startsWith("$"));
        columns.add(named ? text : text + " as " + name);
      }
      lines.add("Project " + String.join(", ", columns));
    }
    if (program.getCondition() != null) {
      lines.add("Filter " + ExpressionText.of(program.expandLocalRef(program.getCondition()), names));
    }
    return lines.isEmpty() ? List.of("Project " + String.join(", ", names)) : lines;
  }

  private static String on(RexNode condition, Join join) {
    return condition.isAlwaysTrue() ? "" : ", on " + ExpressionText.of(condition, joinedNames(join));
  }

  /** Of both inputs, each called differently. */
  private static List<String> joinedNames(Join join) {
    List<String> names = new ArrayList<>(join.getLeft().getRowType().getFieldNames());
    for (String name : join.getRight().getRowType().getFieldNames()) {
      names.add(names.contains(name) ? "right." + name : name);
    }
    return names;
  }

  private static String aggregate(Aggregate aggregate) {
    List<String> names = aggregate.getInput().getRowType().getFieldNames();
    String calls = aggregate.getAggCallList().stream().map(call -> call(call, names)).collect(Collectors.joining(", "));
    String sets = aggregate.getGroupType() == Aggregate.Group.SIMPLE
        ? columns(aggregate.getGroupSet(), names)
        : "sets " + aggregate.getGroupSets().stream().map(set -> "(" + columns(set, names) + ")").collect(Collectors.joining(", "));
    if (aggregate.getGroupSet().isEmpty()) {
      return "Aggregate " + calls;
    }
    return calls.isEmpty() ? "Distinct " + sets : "Group by " + sets + ": " + calls;
  }

  private static String columns(ImmutableBitSet columns, List<String> names) {
    return columns.toList().stream().map(names::get).collect(Collectors.joining(", "));
  }

  private static String call(AggregateCall call, List<String> names) {
    String arguments = call.getArgList().isEmpty() && call.getAggregation().getName().equals("COUNT")
        ? "*" : call.getArgList().stream().map(names::get).collect(Collectors.joining(", "));
    return call.getAggregation().getName() + "(" + (call.isDistinct() ? "DISTINCT " : "") + arguments + ")"
        + (call.filterArg < 0 ? "" : " FILTER (WHERE " + names.get(call.filterArg) + ")");
  }

  private static String windows(Window window) {
    RelDataType input = window.getInput().getRowType();
    List<String> names = input.getFieldNames();
    return window.groups.stream().map(group -> {
      String calls = group.aggCalls.stream()
          .map(call -> call.getOperator().getName() + call.getOperands().stream()
              .map(operand -> operand instanceof RexInputRef ref && ref.getIndex() < names.size()
                  ? names.get(ref.getIndex()) : operand.toString())
              .collect(Collectors.joining(", ", "(", ")")))
          .collect(Collectors.joining(", "));
      String partition = group.keys.isEmpty() ? "" : "partition by " + columns(group.keys, names);
      String order = by(group.orderKeys, input);
      return calls + " over (" + (partition + (order.isEmpty() ? "" : (partition.isEmpty() ? "" : " ") + "order" + order)) + ")";
    }).collect(Collectors.joining("; "));
  }

  private static String by(RelCollation collation, RelDataType rowType) {
    List<RelFieldCollation> fields = collation.getFieldCollations();
    return fields.isEmpty() ? "" : " by " + IntStream.range(0, fields.size()).mapToObj(i -> order(fields.get(i), rowType))
        .collect(Collectors.joining(", "));
  }

  private static String order(RelFieldCollation field, RelDataType rowType) {
    boolean descending = field.getDirection().isDescending();
    boolean usual = field.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
        || field.nullDirection == field.direction.defaultNullDirection();
    String nulls = usual ? "" : field.nullDirection == RelFieldCollation.NullDirection.FIRST ? " nulls first" : " nulls last";
    return rowType.getFieldNames().get(field.getFieldIndex()) + (descending ? " desc" : "") + nulls;
  }

  private static String limit(RexNode offset, RexNode fetch) {
    return (fetch == null ? "" : " " + ExpressionText.of(fetch, List.of()))
        + (offset == null ? "" : " offset " + ExpressionText.of(offset, List.of()));
  }
}
