package org.treatydb.sql.session;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.IndexLayout;
import org.treatydb.sql.catalog.KeyLayout;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;

/** The entries of all ready indexes, as the store has them and as the rows say they should be. */
record IndexEntries(List<String> present, List<String> wanted) {

  static IndexEntries of(KvStore store) {
    List<String> present = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY)) {
      Catalog catalog = CatalogStore.load(transaction);
      for (TableDescriptor table : catalog.tables()) {
        gather(transaction, table, wanted);
      }
      try (KvCursor cursor = transaction.scan(KeyRange.ALL)) {
        while (cursor.next()) {
          if (isOfReadyIndex(catalog, cursor.key())) {
            present.add(entry(cursor.key(), cursor.value()));
          }
        }
      }
    }
    wanted.sort(null);
    present.sort(null);
    return new IndexEntries(present, wanted);
  }

  private static void gather(KvTransaction transaction, TableDescriptor table, List<String> wanted) {
    TableLayout layout = new TableLayout(table);
    List<IndexLayout> ready = layout.indexes().stream().filter(entries -> entries.index().isReady()).toList();
    for (KeyRange range : layout.ranges()) {
      try (KvCursor cursor = transaction.scan(range)) {
        while (cursor.next()) {
          Object[] row = layout.row(cursor.key(), cursor.value());
          ready.forEach(entries -> wanted.add(entry(entries.key(row), entries.value(row))));
        }
      }
    }
  }

  private static boolean isOfReadyIndex(Catalog catalog, byte[] key) {
    TableDescriptor table = catalog.table(KeyLayout.tableId(key));
    return table != null && table.indexes().stream().anyMatch(
        index -> index.isReady() && index.id() == KeyLayout.indexId(key));
  }

  private static String entry(byte[] key, byte[] value) {
    return HexFormat.of().formatHex(key) + " = " + HexFormat.of().formatHex(value);
  }
}
