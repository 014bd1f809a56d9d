package org.treatydb.sql.system;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.type.ColumnType;

/** The views of one database. Immutable, thread-safe. */
public final class SystemViews {

  /** Their schema. Nothing else can be in it. */
  public static final String SCHEMA = "sys";

  private final ImmutableList<SystemView> all;

  public SystemViews(KvStore store) {
    this.all = ImmutableList.of(LocksView.over(store), TransactionsView.over(store));
  }

  /** All of them, by name. */
  public ImmutableList<SystemView> all() {
    return all;
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
