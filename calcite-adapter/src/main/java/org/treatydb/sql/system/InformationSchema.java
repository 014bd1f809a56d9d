package org.treatydb.sql.system;

import static org.treatydb.sql.type.ColumnType.Kind.BIGINT;
import static org.treatydb.sql.type.ColumnType.Kind.INTEGER;
import static org.treatydb.sql.type.ColumnType.Kind.VARCHAR;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.Constraints.Action;
import org.treatydb.sql.catalog.Constraints.ForeignKey;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;

/** The views of INFORMATION_SCHEMA (SQL:2016 part 11), with those of their columns that say something here. */
final class InformationSchema {

  private static final ImmutableList<String> SYSTEM_SCHEMAS = ImmutableList.of(SystemViews.INFORMATION_SCHEMA, SystemViews.SCHEMA);

  private InformationSchema() {}

  static ImmutableList<SystemView> views() {
    return ImmutableList.of(
        view("check_constraints", texts("constraint_schema", "constraint_name", "check_clause"), InformationSchema::checks),
        view("columns", texts("table_schema", "table_name", "column_name").add("ordinal_position", INTEGER, false)
            .add("column_default", VARCHAR, true).add("is_nullable", VARCHAR, false).add("data_type", VARCHAR, false)
            .add("character_maximum_length", INTEGER, true).add("numeric_precision", INTEGER, true).add("numeric_scale", INTEGER, true)
            .add("is_identity", VARCHAR, false).add("identity_generation", VARCHAR, true).add("is_generated", VARCHAR, false)
            .add("generation_expression", VARCHAR, true), InformationSchema::columns),
        view("key_column_usage", texts("constraint_schema", "constraint_name", "table_schema", "table_name", "column_name")
            .add("ordinal_position", INTEGER, false).add("position_in_unique_constraint", INTEGER, true), InformationSchema::keyColumns),
        view("referential_constraints", texts("constraint_schema", "constraint_name", "unique_constraint_schema",
            "unique_constraint_name", "match_option", "update_rule", "delete_rule"), InformationSchema::references),
        view("schemata", texts("schema_name"), InformationSchema::schemata),
        view("sequences", texts("sequence_schema", "sequence_name").add("start_value", BIGINT, false).add("minimum_value", BIGINT, false)
            .add("maximum_value", BIGINT, false).add("increment", BIGINT, false).add("cycle_option", VARCHAR, false),
            InformationSchema::sequences),
        view("table_constraints", texts("constraint_schema", "constraint_name", "table_schema", "table_name", "constraint_type"),
            InformationSchema::constraints),
        AccessViews.tablePrivileges(),
        view("tables", texts("table_schema", "table_name", "table_type"), InformationSchema::tables),
        view("views", texts("table_schema", "table_name", "view_definition"), InformationSchema::viewDefinitions));
  }

  private static SystemViews.Columns texts(String... names) {
    SystemViews.Columns columns = new SystemViews.Columns();
    for (String name : names) {
      columns.add(name, VARCHAR, false);
    }
    return columns;
  }

  private static SystemView view(String name, SystemViews.Columns columns, Function<Catalog, List<Object[]>> rows) {
    return new SystemView(name, columns.list(), (catalog, nowMillis) -> rows.apply(catalog)).forEverybody();
  }

  private static String yes(boolean value) {
    return value ? "YES" : "NO";
  }

  private static List<Object[]> schemata(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    SYSTEM_SCHEMAS.forEach(schema -> rows.add(new Object[] {schema}));
    for (SchemaDescriptor schema : catalog.schemas()) {
      rows.add(new Object[] {schema.name()});
    }
    return rows;
  }

  private static List<Object[]> tables(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      rows.add(new Object[] {catalog.schemaName(table), table.name(), "BASE TABLE"});
    }
    for (ViewDescriptor view : catalog.views()) {
      rows.add(new Object[] {catalog.schemaName(view.schemaId()), view.name(), "VIEW"});
    }
    return rows;
  }

  private static List<Object[]> viewDefinitions(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (ViewDescriptor view : catalog.views()) {
      rows.add(new Object[] {catalog.schemaName(view.schemaId()), view.name(), view.sql()});
    }
    return rows;
  }

  private static List<Object[]> sequences(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (SequenceDescriptor sequence : catalog.sequences()) {
      rows.add(new Object[] {
          catalog.schemaName(sequence.schemaId()), sequence.name(), sequence.start(), sequence.minimum(), sequence.maximum(),
          sequence.increment(), yes(sequence.cycle())});
    }
    return rows;
  }

  private static List<Object[]> columns(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      addColumns(rows, catalog.schemaName(table), table.name(), table.columns());
    }
    for (ViewDescriptor view : catalog.views()) {
      addColumns(rows, catalog.schemaName(view.schemaId()), view.name(), view.columns());
    }
    return rows;
  }

  private static void addColumns(List<Object[]> rows, String schema, String table, List<ColumnDescriptor> columns) {
    for (int i = 0; i < columns.size(); i++) {
      ColumnDescriptor column = columns.get(i);
      boolean numeric = switch (column.type().kind()) {
        case SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> true;
        default -> false;
      };
      boolean text = switch (column.type().kind()) {
        case CHAR, VARCHAR -> true;
        default -> false;
      };
      Integer precision = column.type().precision() <= 0 ? null : (Integer) column.type().precision();
      ColumnSource source = column.source();
      rows.add(new Object[] {
          schema, table, column.name(), i + 1, column.defaultSql(), yes(column.nullable()), column.type().sqlName(),
          text ? precision : null, numeric ? precision : null, numeric ? (Integer) column.type().scale() : null,
          yes(source.isIdentity()), identity(source), column.generatedSql() == null ? "NEVER" : "ALWAYS", column.generatedSql()});
    }
  }

  private static String identity(ColumnSource source) {
    return switch (source.kind()) {
      case IDENTITY_ALWAYS -> "ALWAYS";
      case IDENTITY_BY_DEFAULT -> "BY DEFAULT";
      case NONE, DEFAULT, GENERATED -> null;
    };
  }

  private static List<Object[]> checks(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      table.constraints().checks().forEach(check -> rows.add(new Object[] {catalog.schemaName(table), check.name(), check.sql()}));
    }
    return rows;
  }

  private static List<Object[]> constraints(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      String schema = catalog.schemaName(table);
      if (!table.hasRowId()) {
        rows.add(new Object[] {schema, table.primaryKeyName(), schema, table.name(), "PRIMARY KEY"});
      }
      table.indexes().stream().filter(IndexDescriptor::constraint).forEach(
          index -> rows.add(new Object[] {schema, index.name(), schema, table.name(), "UNIQUE"}));
      table.constraints().checks().forEach(
          check -> rows.add(new Object[] {schema, check.name(), schema, table.name(), "CHECK"}));
      table.constraints().foreignKeys().forEach(
          key -> rows.add(new Object[] {schema, key.name(), schema, table.name(), "FOREIGN KEY"}));
    }
    return rows;
  }

  private static List<Object[]> keyColumns(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      String schema = catalog.schemaName(table);
      if (!table.hasRowId()) {
        addKey(rows, schema, table, table.primaryKeyName(), table.keyPositions());
      }
      table.indexes().stream().filter(IndexDescriptor::constraint).forEach(
          index -> addKey(rows, schema, table, index.name(), table.positions(index)));
      table.constraints().foreignKeys().forEach(key -> addForeignKey(rows, schema, table, key, catalog.table(key.parentId())));
    }
    return rows;
  }

  private static void addForeignKey(List<Object[]> rows, String schema, TableDescriptor table, ForeignKey key, TableDescriptor parent) {
    List<Integer> referredTo = parent.isPrimaryKey(key.parentColumnIds()) ? parent.keyPositions()
        : parent.positions(parent.uniqueConstraint(key.parentColumnIds()));
    List<String> columns = table.columnNames(key.columnIds());
    for (int i = 0; i < columns.size(); i++) {
      int position = referredTo.indexOf(parent.positionOf(key.parentColumnIds().get(i)));
      rows.add(new Object[] {schema, key.name(), schema, table.name(), columns.get(i), i + 1, position + 1});
    }
  }

  private static List<Object[]> references(Catalog catalog) {
    List<Object[]> rows = new ArrayList<>();
    for (TableDescriptor table : catalog.tables()) {
      for (ForeignKey key : table.constraints().foreignKeys()) {
        TableDescriptor parent = catalog.table(key.parentId());
        rows.add(new Object[] {
            catalog.schemaName(table), key.name(), catalog.schemaName(parent), parent.keyName(key.parentColumnIds()), "NONE",
            rule(key.onUpdate()), rule(key.onDelete())});
      }
    }
    return rows;
  }

  private static String rule(Action action) {
    return action.name().replace('_', ' ');
  }

  private static void addKey(List<Object[]> rows, String schema, TableDescriptor table, String constraint, List<Integer> positions) {
    for (int i = 0; i < positions.size(); i++) {
      rows.add(new Object[] {schema, constraint, schema, table.name(), table.columns().get(positions.get(i)).name(), i + 1, null});
    }
  }
}
