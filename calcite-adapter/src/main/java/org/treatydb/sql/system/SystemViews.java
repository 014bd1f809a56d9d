package org.treatydb.sql.system;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.sql.api.SqlPrivilege;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.type.ColumnType;

/** The views of one database. Immutable, thread-safe. */
public final class SystemViews {

  /** The schema of those that show the store. Nothing else can be in it. */
  public static final String SCHEMA = "sys";

  /** The schema of the standard's views of the catalog. Nothing else can be in it. */
  public static final String INFORMATION_SCHEMA = "information_schema";

  private final ImmutableList<SystemView> all;
  private final ImmutableList<SystemView> information = InformationSchema.views();

  public SystemViews(KvStore store) {
    this.all = ImmutableList.of(AccessViews.privileges(), AccessViews.roles(), IndexesView.view(), LocksView.over(store),
        StatisticsView.view(), TransactionsView.over(store));
  }

  /** All of them, by schema and name. */
  public ImmutableMap<String, ImmutableList<SystemView>> all() {
    return ImmutableMap.of(SCHEMA, all, INFORMATION_SCHEMA, information);
  }

  /** Whether a schema of this name is the system's. */
  public static boolean isSystem(String schema) {
    return schema.equals(SCHEMA) || schema.equals(INFORMATION_SCHEMA);
  }

  /** The privileges on the tables and views that {@code catalog} lists. */
  public static List<SqlPrivilege> tablePrivileges(Catalog catalog) {
    return AccessViews.tablePrivileges(catalog);
  }

  /** Columns, as they are added. */
  static final class Columns {

    private final List<ColumnDescriptor> columns = new ArrayList<>();

    Columns add(String name, ColumnType.Kind kind, boolean nullable) {
      columns.add(new ColumnDescriptor(columns.size() + 1, name, ColumnType.of(kind), nullable, null));
      return this;
    }

    ImmutableList<ColumnDescriptor> list() {
      return ImmutableList.copyOf(columns);
    }
  }
}
