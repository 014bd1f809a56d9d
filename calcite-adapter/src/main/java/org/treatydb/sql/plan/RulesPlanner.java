package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Constraints.Check;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.RowRules;
import org.treatydb.sql.parser.TreatyParser;

/** Plans what is computed of each row of a table before it is written. */
final class RulesPlanner {

  private final TableDescriptor table;
  private final QueryPlanner queries;

  RulesPlanner(TableDescriptor table, QueryPlanner queries) {
    this.table = table;
    this.queries = queries;
  }

  RowRules plan() throws SQLException {
    GivenTable computed = new GivenTable(table, true);
    GivenTable checked = new GivenTable(table, true);
    return new RowRules(table, generated(computed), computed.source(), generatedPositions(), checks(checked), checked.source(),
        table.constraints().checks().stream().map(Check::name).toList());
  }

  private List<Integer> generatedPositions() {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).generatedSql() != null) {
        positions.add(i);
      }
    }
    return positions;
  }

  private CompiledQuery generated(GivenTable rows) throws SQLException {
    List<SqlNode> select = new ArrayList<>(List.of(Trees.column(table.name(), GivenTable.NUMBER)));
    List<ColumnDescriptor> targets = new ArrayList<>();
    targets.add(null);
    for (int position : generatedPositions()) {
      select.add(TreatyParser.parseExpression(table.columns().get(position).generatedSql()));
      targets.add(table.columns().get(position));
    }
    return select.size() == 1 ? null : QueryPlanner.compile(QueryPlanner.assigned(converted(select, rows), targets), false);
  }

  private CompiledQuery checks(GivenTable rows) throws SQLException {
    List<SqlNode> select = new ArrayList<>(List.of(Trees.column(table.name(), GivenTable.NUMBER)));
    for (Check check : table.constraints().checks()) {
      select.add(TreatyParser.parseExpression(check.sql()));
    }
    return select.size() == 1 ? null : QueryPlanner.compile(converted(select, rows), false);
  }

  private QueryPlanner.Converted converted(List<SqlNode> select, GivenTable rows) {
    return queries.convert(Trees.select(select, Trees.as(queries.give(table, rows), table.name()), null));
  }

  /** Checks that {@code condition} is one that a CHECK constraint of the table can have. */
  void validateCheck(SqlNode condition) throws SQLException {
    refuse(condition, "A CHECK constraint");
    RelDataType type = converted(condition);
    if (!SqlTypeUtil.isBoolean(type)) {
      throw new SqlFailure(SqlState.TYPE_MISMATCH, "A CHECK constraint is a condition, not of type " + type + ".");
    }
  }

  /** Checks that {@code expression} is one that a generated column of the table can have. */
  void validateGenerated(SqlNode expression, ColumnDescriptor column) throws SQLException {
    refuse(expression, "A generated column");
    for (ColumnDescriptor other : table.columns()) {
      if ((other.generatedSql() != null || other.id() == column.id()) && Trees.mentions(expression, other.name())) {
        throw new SqlFailure(SqlState.INVALID_OBJECT_DEFINITION,
            "Generated column \"" + column.name() + "\" cannot be computed from the generated column \"" + other.name() + "\".");
      }
    }
    GivenTable rows = new GivenTable(table, true);
    QueryPlanner.Converted query = converted(List.of(TreatyParser.parseExpression(TreatyParser.toSql(expression))), rows);
    QueryPlanner.assigned(query, List.of(column));
  }

  private RelDataType converted(SqlNode expression) throws SQLException {
    SqlNode copy = TreatyParser.parseExpression(TreatyParser.toSql(expression));
    QueryPlanner.Converted query = converted(List.of(copy), new GivenTable(table, true));
    if (QueryPlanner.aggregates(query.rel())) {
      throw new SqlFailure(SqlState.GROUPING_ERROR, "A CHECK constraint cannot have aggregate functions.");
    }
    return query.rowType().getFieldList().getFirst().getType();
  }

  private static void refuse(SqlNode expression, String who) {
    expression.accept(new SqlBasicVisitor<Void>() {
      @Override
      public Void visit(SqlDynamicParam parameter) {
        throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, who + " cannot have parameters.");
      }

      @Override
      public Void visit(SqlCall call) {
        if (call.isA(SqlKind.QUERY)) {
          throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, who + " cannot have subqueries.");
        }
        if (SequenceCalls.isCall(call)) {
          throw new SqlFailure(SqlState.INVALID_OBJECT_DEFINITION, who + " cannot take numbers of a sequence.");
        }
        return super.visit(call);
      }
    });
  }
}
