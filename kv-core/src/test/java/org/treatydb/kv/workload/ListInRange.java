package org.treatydb.kv.workload;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;

/** A list is a range of rows; appending looks for the last row and inserts the next, so who scans must keep others from inserting. */
final class ListInRange implements ListLayout {

  @Override
  public int[] read(KvTransaction transaction, int list, boolean forUpdate) {
    List<Integer> values = new ArrayList<>();
    ScanOptions options = forUpdate ? ScanOptions.FORWARD.withForUpdate() : ScanOptions.FORWARD;
    try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of("row", list)), options)) {
      while (rows.next()) {
        values.add(Keys.number(rows.value()));
      }
    }
    return values.stream().mapToInt(value -> value).toArray();
  }

  @Override
  public void append(KvTransaction transaction, int list, int value, boolean forUpdate) {
    int next = 0;
    ScanOptions options = forUpdate ? ScanOptions.REVERSE.withForUpdate() : ScanOptions.REVERSE;
    try (KvCursor rows = transaction.scan(KeyRange.prefix(Keys.of("row", list)), options)) {
      if (rows.next()) {
        next = Keys.lastNumber(rows.key()) + 1;
      }
    }
    transaction.put(Keys.of("row", list, next), Keys.value(value));
  }
}
