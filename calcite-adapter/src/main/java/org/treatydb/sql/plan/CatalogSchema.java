package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.SchemaDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.ViewDescriptor;
import org.treatydb.sql.system.SystemView;
import org.treatydb.sql.system.SystemViews;

/**
 * One schema of the catalog as Calcite sees it. Each table is there twice: under its name, and, as the target of a change, under {@link
 * #targetName}, which cannot be written in SQL.
 */
final class CatalogSchema extends AbstractSchema {

  /** Begins the names that cannot be written in SQL; up to a space, then the name that can. */
  private static final String MARK = "\u0000";
  private static final String TARGET_MARK = MARK + "target ";

  private final ImmutableMap<String, Table> tables;

  private CatalogSchema(Catalog catalog, List<TableDescriptor> descriptors, List<ViewDescriptor> views, AccessRecorder recorder) {
    ImmutableMap.Builder<String, Table> builder = ImmutableMap.builder();
    for (TableDescriptor descriptor : descriptors) {
      builder.put(descriptor.name(), new StoreTable(descriptor, catalog.statistics(descriptor), false, recorder));
      builder.put(targetName(descriptor.name()), new StoreTable(descriptor, catalog.statistics(descriptor), true, recorder));
    }
    views.forEach(view -> builder.put(view.name(), new ViewTable(view, recorder)));
    this.tables = builder.build();
  }

  /** The name under which the planner finds a table as the target of UPDATE or DELETE. */
  static String targetName(String table) {
    return TARGET_MARK + table;
  }

  /** {@code name} as it was before a mark came before it. */
  static String plainName(String name) {
    return name.startsWith(MARK) ? name.substring(name.indexOf(' ') + 1) : name;
  }

  /** Adds rows of a table that a statement changes, and gives the name by which a query reads them. */
  static SqlIdentifier give(CalciteSchema root, TableDescriptor table, GivenTable rows) {
    String name = MARK + root.getTableNames().size() + " " + table.name();
    root.add(name, rows);
    return new SqlIdentifier(name, SqlParserPos.ZERO);
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }

  private CatalogSchema(ImmutableMap<String, Table> tables) {
    this.tables = tables;
  }

  /** The root of all schemas of {@code catalog}, and of the system's. What queries read of it is told to {@code recorder}. */
  static CalciteSchema root(Catalog catalog, SystemViews views, AccessRecorder recorder) {
    CalciteSchema root = CalciteSchema.createRootSchema(false, false);
    for (SchemaDescriptor schema : catalog.schemas()) {
      List<TableDescriptor> tables = catalog.tables().stream().filter(table -> table.schemaId() == schema.id()).toList();
      List<ViewDescriptor> stored = catalog.views().stream().filter(view -> view.schemaId() == schema.id()).toList();
      root.add(schema.name(), new CatalogSchema(catalog, tables, stored, recorder));
    }
    views.all().forEach((schema, system) -> root.add(schema, new CatalogSchema(system.stream().collect(
        ImmutableMap.toImmutableMap(SystemView::name, view -> new SystemTable(view, catalog, recorder))))));
    return root;
  }

  /** A reader of {@code root} that looks for unqualified names in the schema {@code public}. */
  static CalciteCatalogReader reader(CalciteSchema root, RelDataTypeFactory typeFactory) {
    return new CalciteCatalogReader(root, List.of(SchemaDescriptor.PUBLIC.name()), typeFactory, Dialect.CONNECTION);
  }
}
