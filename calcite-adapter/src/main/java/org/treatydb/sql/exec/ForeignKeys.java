package org.treatydb.sql.exec;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.treatydb.sql.catalog.TableLayout;

/**
 * The foreign keys that the writes of a statement meet: those of the table it writes, and of the tables whose rows their actions may
 * change. Immutable, thread-safe.
 */
public final class ForeignKeys {

  /** There are none. */
  public static final ForeignKeys NONE = new ForeignKeys(Map.of());

  private static final Table WITHOUT = new Table(null, ImmutableList.of(), ImmutableList.of());

  private final ImmutableMap<Integer, Table> tables;

  /**
   * A table whose rows may be written.
   *
   * @param rules what is computed of rows that an action changes; null if no action can
   * @param references its foreign keys
   * @param referrers the foreign keys that refer to it
   */
  public record Table(RowRules rules, ImmutableList<Reference> references, ImmutableList<Reference> referrers) {}

  /**
   * Foreign keys.
   *
   * @param tables by id; those without any may be left out
   */
  public ForeignKeys(Map<Integer, Table> tables) {
    this.tables = ImmutableMap.copyOf(tables);
  }

  Table of(TableLayout layout) {
    return tables.getOrDefault(layout.table().id(), WITHOUT);
  }
}
