package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.MergeRows;
import org.treatydb.sql.parser.MergeClause;
import org.treatydb.sql.parser.MergeStatement;

/**
 * Plans MERGE: as a query for the rows of the source, with those of the target that belong to them, the first clause that is for both, and
 * the values of that clause; and a modification that reads the query to its end before it writes.
 */
final class MergePlanner {

  private final MergeStatement merge;
  private final TableDescriptor table;
  private final Catalog catalog;
  private final QueryPlanner queries;
  /** Which clause is for a row: its number, or a negative one. */
  private final SqlNode chosen;
  private final List<SqlNode> select = new ArrayList<>();
  private final List<ColumnDescriptor> targets = new ArrayList<>();

  MergePlanner(MergeStatement merge, Catalog catalog, QueryPlanner queries) {
    this.merge = merge;
    this.table = NamedTables.table(catalog, merge.table());
    this.catalog = catalog;
    this.queries = queries;
    List<SqlNode> conditions = new ArrayList<>();
    List<SqlNode> numbers = new ArrayList<>();
    for (MergeClause clause : merge.clauses()) {
      SqlNode matched = (clause.isMatched() ? SqlStdOperatorTable.IS_NOT_NULL : SqlStdOperatorTable.IS_NULL)
          .createCall(SqlParserPos.ZERO, Trees.column(merge.alias(), certainColumn()));
      conditions.add(Trees.and(matched, clause.condition() == null ? null : visible(clause.condition(), clause)));
      numbers.add(Trees.number(numbers.size()));
    }
    this.chosen = Trees.choice(conditions, numbers, Trees.number(-1));
  }

  /** A column that is never NULL in a row of the target. */
  private String certainColumn() {
    return table.hasRowId() ? StoreTable.ROW_ID : table.columns().get(table.keyPositions().getFirst()).name();
  }

  Plan plan(SqlNodeList returning) throws SQLException {
    table.columns().forEach(column -> select.add(Trees.column(merge.alias(), column.name())));
    if (table.hasRowId()) {
      select.add(Trees.column(merge.alias(), StoreTable.ROW_ID));
    }
    select.add(chosen);
    targets.addAll(Collections.nCopies(select.size(), null));
    int firstValue = select.size();
    List<MergeRows.Clause> clauses = new ArrayList<>();
    for (MergeClause clause : merge.clauses()) {
      int first = select.size() - firstValue;
      clauses.add(new MergeRows.Clause(MergeRows.Kind.valueOf(clause.action().name()), values(clause, clauses.size()), first));
    }
    recordAccess();
    SqlNode rows = Trees.leftJoin(merge.source(), ChangePlanner.target(table, merge.table(), merge.alias()), merge.condition());
    QueryPlanner.Converted query = QueryPlanner.assigned(queries.convert(Trees.select(select, rows, null)), targets);
    CompiledQuery compiled = QueryPlanner.compile(query, false);
    MergeRows merged = new MergeRows(new TableLayout(table), compiled, List.copyOf(clauses), new RulesPlanner(table, queries).plan(),
        new ForeignKeyPlanner(catalog, queries).plan(table));
    return queries.modify(merged, table, merge.alias(), returning);
  }

  private void recordAccess() {
    AccessRecorder recorder = queries.recorder();
    recorder.access(table, Privilege.SELECT);
    for (MergeClause clause : merge.clauses()) {
      switch (clause.action()) {
        case INSERT -> recorder.access(table, Privilege.INSERT);
        case UPDATE -> recorder.access(table, Privilege.UPDATE);
        case DELETE -> recorder.access(table, Privilege.DELETE);
        case NOTHING -> {
          // Needs nothing.
        }
      }
    }
  }

  /** Adds the values of a clause to what is selected; gives the positions of the columns that they are for. */
  private int[] values(MergeClause clause, int number) throws SQLException {
    return switch (clause.action()) {
      case UPDATE -> {
        int[] positions = InsertPlanner.positions(clause.columns(), table);
        for (int i = 0; i < positions.length; i++) {
          add(clause.values().get(i), positions[i], number);
        }
        yield positions;
      }
      case INSERT -> inserted(clause, number);
      case DELETE, NOTHING -> new int[0];
    };
  }

  private int[] inserted(MergeClause clause, int number) throws SQLException {
    int[] named = clause.values().isEmpty() ? new int[0] : InsertPlanner.positions(clause.columns(), table);
    if (named.length != clause.values().size()) {
      throw new SqlFailure(SqlState.SYNTAX_ERROR, "INSERT of MERGE has " + named.length + " columns but " + clause.values().size()
          + " values (line " + clause.getParserPosition().getLineNum() + ").");
    }
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < named.length; i++) {
      if (table.columns().get(named[i]).generatedSql() == null || clause.values().get(i).getKind() != SqlKind.DEFAULT) {
        positions.add(named[i]);
        add(visible(clause.values().get(i), clause), named[i], number);
      }
    }
    for (int position = 0; position < table.columns().size(); position++) {
      int column = position;
      if (table.columns().get(position).generatedSql() == null && IntStream.of(named).noneMatch(given -> given == column)) {
        positions.add(position);
        add(SqlStdOperatorTable.DEFAULT.createCall(SqlParserPos.ZERO), position, number);
      }
    }
    return positions.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Values are computed for the rows only that the clause is chosen for. */
  private void add(SqlNode value, int position, int number) throws SQLException {
    ColumnDescriptor column = table.columns().get(position);
    SqlNode assigned = queries.assigned(value, column);
    boolean constant = assigned instanceof SqlLiteral || assigned instanceof SqlDynamicParam;
    select.add(constant ? assigned
        : Trees.choice(List.of(Trees.equal(chosen, Trees.number(number))), List.of(assigned), SqlLiteral.createNull(SqlParserPos.ZERO)));
    targets.add(column);
  }

  /** The expression of a clause, in which names mean what they mean there: without a row of the target, columns of the source. */
  private SqlNode visible(SqlNode expression, MergeClause clause) {
    if (clause.isMatched()) {
      return expression;
    }
    String source = alias(merge.source());
    return expression.accept(new SqlShuttle() {
      @Override
      public SqlNode visit(SqlIdentifier identifier) {
        if (identifier.names.size() == 2 && identifier.names.getFirst().equals(merge.alias())) {
          throw new SqlFailure(SqlState.UNDEFINED_TABLE, "WHEN NOT MATCHED has no row of \"" + merge.alias() + "\".");
        }
        return source != null && identifier.isSimple() && table.positionOf(identifier.getSimple()) >= 0
            ? new SqlIdentifier(List.of(source, identifier.getSimple()), identifier.getParserPosition()) : identifier;
      }

      @Override
      public SqlNode visit(SqlCall call) {
        return call.isA(SqlKind.QUERY) ? call : super.visit(call);
      }
    });
  }

  private static String alias(SqlNode source) {
    return switch (source) {
      case SqlIdentifier identifier -> identifier.names.getLast();
      case SqlBasicCall call when call.getKind() == SqlKind.AS -> ((SqlIdentifier) call.operand(1)).getSimple();
      default -> null;
    };
  }
}
