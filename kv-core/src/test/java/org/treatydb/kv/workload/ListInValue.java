package org.treatydb.kv.workload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.treatydb.kv.api.KvTransaction;

/** A list is the value of one key; appending is read, change, write. */
final class ListInValue implements ListLayout {

  private static byte[] key(int list) {
    return Keys.of("list", list);
  }

  @Override
  public int[] read(KvTransaction transaction, int list, boolean forUpdate) {
    byte[] bytes = forUpdate ? transaction.getForUpdate(key(list)) : transaction.get(key(list));
    int[] values = new int[bytes == null ? 0 : bytes.length / Integer.BYTES];
    if (bytes != null) {
      ByteBuffer.wrap(bytes).asIntBuffer().get(values);
    }
    return values;
  }

  @Override
  public void append(KvTransaction transaction, int list, int value, boolean forUpdate) {
    byte[] before = forUpdate ? transaction.getForUpdate(key(list)) : transaction.get(key(list));
    int length = before == null ? 0 : before.length;
    byte[] after = before == null ? new byte[Integer.BYTES] : Arrays.copyOf(before, length + Integer.BYTES);
    ByteBuffer.wrap(after).putInt(length, value);
    transaction.put(key(list), after);
  }
}
