package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.ConflictAction;
import org.treatydb.sql.exec.InsertRows;
import org.treatydb.sql.exec.RowSource;
import org.treatydb.sql.exec.RowSource.Cell;
import org.treatydb.sql.parser.DataChange.Overriding;
import org.treatydb.sql.parser.DefaultValues;
import org.treatydb.sql.parser.OnConflict;

/**
 * Plans INSERT. Rows of VALUES are taken cell by cell: literals and parameters need no code, and what is left is computed by a query; so
 * the usual INSERT compiles nothing, and a long list of rows meets no limit of generated code.
 */
final class InsertPlanner {

  /** So many expressions go into one generated class, which has a limit of size. */
  private static final int COMPUTED_CELLS_MAX = 100;

  private static final String SOURCE = "source";
  private static final SqlNode DEFAULT = SqlStdOperatorTable.DEFAULT.createCall(SqlParserPos.ZERO);

  private final Catalog catalog;
  private final QueryPlanner queries;
  private Overriding overriding;

  InsertPlanner(Catalog catalog, QueryPlanner queries) {
    this.catalog = catalog;
    this.queries = queries;
  }

  /**
   * Plans INSERT.
   *
   * @param conflict null if there is none
   * @param returning null if there is none
   * @param overriding null if nothing is said
   */
  Plan plan(SqlInsert insert, OnConflict conflict, SqlNodeList returning, Overriding overriding) throws SQLException {
    this.overriding = overriding;
    if (insert.isUpsert()) {
      throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "UPSERT is not supported.");
    }
    if (!(insert.getTargetTable() instanceof SqlIdentifier name)) {
      throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "INSERT INTO needs a table's name.");
    }
    TableDescriptor table = NamedTables.table(catalog, name);
    recordAccess(table, conflict);
    SqlNode source = insert.getSource();
    RowSource rows;
    if (source instanceof DefaultValues) {
      if (insert.getTargetColumnList() != null) {
        throw new SqlFailure(SqlState.SYNTAX_ERROR, "INSERT … DEFAULT VALUES has no list of columns.");
      }
      rows = values(List.of(new SqlNodeList(source.getParserPosition())), table, new int[0]);
    } else {
      int[] positions = positions(insert.getTargetColumnList(), table);
      rows = source.getKind() == SqlKind.VALUES
          ? values(((SqlCall) source).getOperandList(), table, positions) : query(source, table, positions);
    }
    ConflictAction action = new ConflictPlanner(table, queries).plan(conflict);
    InsertRows inserted = new InsertRows(new TableLayout(table), rows, action, new RulesPlanner(table, queries).plan(),
        new ForeignKeyPlanner(catalog, queries).plan(table));
    return queries.modify(inserted, table, table.name(), returning);
  }

  private void recordAccess(TableDescriptor table, OnConflict conflict) {
    queries.recorder().access(table, Privilege.INSERT);
    if (conflict != null && !conflict.doesNothing()) {
      queries.recorder().access(table, Privilege.UPDATE);
    }
    if (conflict != null && (!conflict.doesNothing() || conflict.columns() != null || conflict.constraint() != null)) {
      queries.recorder().access(table, Privilege.SELECT);
    }
  }

  /** The positions of the columns that values are given for; {@code columns} may be null, for all. */
  static int[] positions(SqlNodeList columns, TableDescriptor table) {
    if (columns == null) {
      return IntStream.range(0, table.columns().size()).toArray();
    }
    int[] positions = columns.stream().mapToInt(column -> NamedTables.column(table, (SqlIdentifier) column)).toArray();
    if (IntStream.of(positions).distinct().count() < positions.length) {
      throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "A column is given a value twice.");
    }
    return positions;
  }

  private static void checkWidth(int width, SqlNode source, int[] positions, TableDescriptor table) {
    if (width != positions.length) {
      throw new SqlFailure(SqlState.SYNTAX_ERROR, "INSERT INTO \"" + table.name() + "\" has " + positions.length + " columns but " + width
          + " values (line " + source.getParserPosition().getLineNum() + ").");
    }
  }

  private RowSource values(List<SqlNode> values, TableDescriptor table, int[] positions) throws SQLException {
    ComputedCells computed = new ComputedCells();
    List<Cell[]> rows = new ArrayList<>();
    for (SqlNode rowNode : values) {
      List<SqlNode> row = switch (rowNode) {
        case SqlNodeList none -> none;
        case SqlCall call when call.getKind() == SqlKind.ROW -> call.getOperandList();
        default -> List.of(rowNode);
      };
      checkWidth(row.size(), rowNode, positions, table);
      Cell[] cells = new Cell[table.columns().size()];
      for (int i = 0; i < positions.length; i++) {
        ColumnDescriptor column = table.columns().get(positions[i]);
        cells[positions[i]] = isPassedOver(column) ? cell(DEFAULT, column, computed) : cell(row.get(i), settable(column), computed);
      }
      for (int i = 0; i < cells.length; i++) {
        if (cells[i] == null) {
          cells[i] = cell(DEFAULT, table.columns().get(i), computed);
        }
      }
      rows.add(cells);
    }
    return new RowSource.OfCells(rows, computed.compile());
  }

  /** Whether OVERRIDING USER VALUE passes over values for the column. */
  private boolean isPassedOver(ColumnDescriptor column) {
    return overriding == Overriding.USER_VALUE && column.source().isIdentity();
  }

  /** The column, as one that values can be given to if OVERRIDING SYSTEM VALUE says so. */
  private ColumnDescriptor settable(ColumnDescriptor column) {
    return overriding == Overriding.SYSTEM_VALUE && column.source().isIdentity()
        ? column.withSource(ColumnSource.identity(false, column.source().sequenceId())) : column;
  }

  private Cell cell(SqlNode given, ColumnDescriptor column, ComputedCells computed) throws SQLException {
    SqlNode node = queries.assigned(given, column);
    if (node instanceof SqlDynamicParam parameter) {
      return new Cell.Parameter(parameter.getIndex());
    }
    Cell constant = Literals.cell(node, column);
    return constant != null ? constant : computed.add(node, column);
  }

  /** The expressions of a VALUES that need code. */
  private final class ComputedCells {

    private final List<List<SqlNode>> nodes = new ArrayList<>();
    private final List<List<ColumnDescriptor>> columns = new ArrayList<>();

    Cell add(SqlNode node, ColumnDescriptor column) {
      if (nodes.isEmpty() || nodes.getLast().size() == COMPUTED_CELLS_MAX) {
        nodes.add(new ArrayList<>());
        columns.add(new ArrayList<>());
      }
      nodes.getLast().add(node);
      columns.getLast().add(column);
      return new Cell.Computed(nodes.size() - 1, nodes.getLast().size() - 1);
    }

    List<CompiledQuery> compile() {
      List<CompiledQuery> compiled = new ArrayList<>();
      for (int i = 0; i < nodes.size(); i++) {
        QueryPlanner.Converted query = queries.convert(Trees.selectWithoutFrom(nodes.get(i)));
        compiled.add(QueryPlanner.compile(QueryPlanner.assigned(query, columns.get(i)), false));
      }
      return ImmutableList.copyOf(compiled);
    }
  }

  private RowSource query(SqlNode source, TableDescriptor table, int[] positions) throws SQLException {
    assignParameters(source, table, positions);
    List<ColumnDescriptor> targets = new ArrayList<>();
    int[] taken = IntStream.range(0, positions.length).filter(i -> !isPassedOver(table.columns().get(positions[i]))).toArray();
    IntStream.of(taken).forEach(i -> targets.add(table.columns().get(positions[i])));
    targets.forEach(column -> QueryPlanner.refuseGenerated(settable(column)));
    List<Integer> defaulted = IntStream.range(0, table.columns().size())
        .filter(i -> hasDefault(table.columns().get(i)) && !targets.contains(table.columns().get(i))).boxed().toList();
    SqlNode query = source;
    int[] filled = positions;
    if (!defaulted.isEmpty()) {
      query = withDefaults(source, table, positions.length, taken, defaulted);
      filled = IntStream.concat(
          IntStream.of(taken).map(i -> positions[i]), defaulted.stream().mapToInt(Integer::intValue)).toArray();
      defaulted.forEach(position -> targets.add(table.columns().get(position)));
    }
    QueryPlanner.Converted converted = queries.convert(query);
    checkWidth(converted.rowType().getFieldCount(), source, filled, table);
    CompiledQuery compiled = QueryPlanner.compile(QueryPlanner.assigned(converted, targets), false);
    return new RowSource.OfQuery(compiled, filled, table.columns().size());
  }

  private static boolean hasDefault(ColumnDescriptor column) {
    return column.defaultSql() != null || column.source().isIdentity();
  }

  /** {@code SELECT source.…, defaults FROM (source)}, with those columns of the source that are {@code taken}. */
  private static SqlNode withDefaults(SqlNode source, TableDescriptor table, int width, int[] taken, List<Integer> defaulted)
      throws SQLException {
    List<String> names = IntStream.range(0, width).mapToObj(i -> "c" + i).toList();
    List<SqlNode> select = new ArrayList<>();
    IntStream.of(taken).forEach(i -> select.add(Trees.column(SOURCE, names.get(i))));
    for (int position : defaulted) {
      select.add(Trees.defaultValue(table.columns().get(position)));
    }
    return Trees.select(select, Trees.as(source, SOURCE, names), null);
  }

  /** A bare {@code ?} in the select list has the type of the column it goes to. */
  private void assignParameters(SqlNode source, TableDescriptor table, int[] positions) {
    if (source instanceof SqlSelect select) {
      List<SqlNode> items = select.getSelectList() == null ? Collections.emptyList() : select.getSelectList().getList();
      for (int i = 0; i < Math.min(items.size(), positions.length); i++) {
        if (items.get(i) instanceof SqlDynamicParam parameter) {
          queries.assignParameter(parameter.getIndex(), table.columns().get(positions[i]));
        }
      }
    }
  }
}
