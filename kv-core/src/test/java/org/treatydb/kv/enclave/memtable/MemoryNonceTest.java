package org.treatydb.kv.enclave.memtable;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;

/**
 * No nonce is used twice under one key for what lies in host memory. Zeros seal to the key stream itself, so a nonce that comes again shows
 * the same bytes again.
 */
class MemoryNonceTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);
  private static final int VALUES = 400;

  /** Less than a slab. */
  private static final int READ_BYTES = 1 << 16;

  private final Random random = new Random(7);

  private static KeySchedule keys() {
    return new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE);
  }

  private static LogHead head(long counter) {
    return new LogHead(counter, new byte[LogHead.DIGEST_BYTES]);
  }

  private byte[] salt() {
    byte[] salt = new byte[KeySchedule.SALT_BYTES];
    random.nextBytes(salt);
    return salt;
  }

  /** What host memory holds of a table with values of zeros, small and large, written in commits of different sizes. */
  private byte[] sealedZeros(byte[] salt) {
    WatchedMemory memory = new WatchedMemory();
    MemTable table = new MemTable(memory, keys().memory(salt));
    for (int i = 1; i <= VALUES; i++) {
      table.add(new byte[] {(byte) i}, i, new byte[8 + random.nextInt(random.nextInt(10) == 0 ? 3000 : 100)]);
      if (random.nextInt(5) == 0) {
        table.publish(head(i), i);
      }
    }
    table.publish(head(VALUES), VALUES);
    return memory.read(0, READ_BYTES);
  }

  /** Whether eight bytes, not all of them zero, are there twice. */
  private static boolean hasRepetition(List<byte[]> memories) {
    Set<Long> seen = new HashSet<>();
    for (byte[] memory : memories) {
      ByteBuffer bytes = ByteBuffer.wrap(memory);
      for (int at = 0; at + Long.BYTES <= memory.length; at++) {
        long window = bytes.getLong(at);
        // Behind the last chunk there are zeros, and the window over the border may begin with the end of a chunk.
        if ((window & 0xff_ffffL) != 0 && !seen.add(window)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void whatIsSealedInHostMemoryNeverRepeats() {
    List<byte[]> memories = new ArrayList<>();
    for (int table = 0; table < 4; table++) {
      memories.add(sealedZeros(salt()));
    }
    assertFalse(hasRepetition(memories));
  }

  @Test
  void controlTwoTablesWithOneSaltRepeatTheirNonces() {
    byte[] salt = salt();
    assertTrue(hasRepetition(List.of(sealedZeros(salt), sealedZeros(salt))));
  }
}
