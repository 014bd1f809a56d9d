package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Partitioning;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.Assignment;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.QueryRows;
import org.treatydb.sql.parser.ColumnDefinition;
import org.treatydb.sql.parser.CreateTable;
import org.treatydb.sql.parser.HashPartition;
import org.treatydb.sql.parser.TreatyParser;
import org.treatydb.sql.type.ColumnType;

/** Checks a CREATE TABLE and makes the descriptor it asks for. */
final class TableDefinition {

  private TableDefinition() {}

  static Plan plan(CreateTable create, Catalog catalog, QueryPlanner queries, int defaultBuckets) throws SQLException {
    String table = NamedTables.name(create.name());
    List<String> key = create.primaryKey();
    List<ColumnDescriptor> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ColumnDefinition definition : create.columns()) {
      if (!names.add(definition.name())) {
        throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + definition.name() + "\" is declared twice.");
      }
      boolean nullable = !definition.isNotNull() && !key.contains(definition.name());
      columns.add(new ColumnDescriptor(
          columns.size() + 1, definition.name(), ColumnType.of(definition.type()), nullable, defaultSql(definition, queries)));
    }
    checkCount(columns.size());
    List<KeyPart> parts = new ArrayList<>();
    for (String column : key) {
      parts.add(new KeyPart(keyColumn(columns, column, parts).id(), false));
    }
    int schemaId = NamedTables.schema(catalog, create.name()).id();
    TableDescriptor draft = new TableDescriptor(0, schemaId, table, columns, parts, columns.size() + 1,
        partitioning(create.partition(), columns, parts, defaultBuckets));
    return new Plan.CreateTable(draft, create.ifNotExists());
  }

  private static Partitioning partitioning(
      HashPartition declared, List<ColumnDescriptor> columns, List<KeyPart> key, int defaultBuckets) {
    int buckets = declared == null || declared.buckets() == null ? defaultBuckets : declared.buckets();
    if (buckets < 1 || buckets > Partitioning.BUCKETS_MAX) {
      throw new SqlFailure(
          SqlState.INVALID_TABLE_DEFINITION, "A table has 1 to " + Partitioning.BUCKETS_MAX + " buckets.");
    }
    List<Integer> ids = new ArrayList<>();
    if (declared == null || declared.columns() == null) {
      key.forEach(part -> ids.add(part.columnId()));
    } else {
      for (String name : declared.columns()) {
        ids.add(partitionColumn(name, columns, key, ids));
      }
    }
    return buckets == 1 ? Partitioning.NONE : new Partitioning(buckets, ids);
  }

  private static int partitionColumn(String name, List<ColumnDescriptor> columns, List<KeyPart> key, List<Integer> before) {
    ColumnDescriptor column = columns.stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElse(null);
    if (column == null) {
      throw new SqlFailure(SqlState.UNDEFINED_COLUMN, "There is no column \"" + name + "\" to partition by.");
    }
    if (key.stream().noneMatch(part -> part.columnId() == column.id())) {
      throw new SqlFailure(SqlState.INVALID_TABLE_DEFINITION,
          "A table is partitioned by columns of its primary key; \"" + name + "\" is not one.");
    }
    if (before.contains(column.id())) {
      throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + name + "\" occurs twice among those to partition by.");
    }
    return column.id();
  }

  static void checkCount(int columns) {
    if (columns == 0) {
      throw new SqlFailure(SqlState.INVALID_TABLE_DEFINITION, "A table needs at least one column.");
    }
    if (columns > TableDescriptor.COLUMNS_MAX) {
      throw new SqlFailure(
          SqlState.TOO_MANY_COLUMNS, "A table has at most " + TableDescriptor.COLUMNS_MAX + " columns, not " + columns + ".");
    }
  }

  private static ColumnDescriptor keyColumn(List<ColumnDescriptor> columns, String name, List<KeyPart> before) {
    ColumnDescriptor column = columns.stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElse(null);
    if (column == null) {
      throw new SqlFailure(SqlState.UNDEFINED_COLUMN, "There is no column \"" + name + "\" for the primary key.");
    }
    if (before.stream().anyMatch(part -> part.columnId() == column.id())) {
      throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + name + "\" occurs twice in the primary key.");
    }
    return column;
  }

  /** The DEFAULT expression as SQL, checked to be one that can be computed without a row and assigned to the column. */
  private static String defaultSql(ColumnDefinition definition, QueryPlanner queries) throws SQLException {
    SqlNode expression = definition.defaultValue();
    if (expression == null) {
      return null;
    }
    String sql = TreatyParser.toSql(expression);
    expression.accept(new SqlBasicVisitor<Void>() {
      @Override
      public Void visit(SqlDynamicParam parameter) {
        throw notAllowed("parameters");
      }

      @Override
      public Void visit(SqlCall call) {
        if (call.isA(SqlKind.QUERY)) {
          throw notAllowed("subqueries");
        }
        return super.visit(call);
      }
    });
    ColumnDescriptor column = new ColumnDescriptor(1, definition.name(), ColumnType.of(definition.type()), true, null);
    QueryPlanner.Converted converted = queries.convert(Trees.selectWithoutFrom(List.of(TreatyParser.parseExpression(sql))));
    tryOut(QueryPlanner.compile(QueryPlanner.assigned(converted, List.of(column)), false), column);
    return sql;
  }

  /** Computes a DEFAULT expression once and assigns it: what fails now would fail at every INSERT. */
  private static void tryOut(CompiledQuery expression, ColumnDescriptor column) throws SQLException {
    try (QueryRows rows = expression.open(null, new Object[0], System.currentTimeMillis())) {
      rows.next();
      Assignment.assign(rows.row()[0], column, "");
    }
  }

  private static SqlFailure notAllowed(String what) {
    return new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "A DEFAULT expression cannot have " + what + ".");
  }
}
