package org.treatydb.dist.simulation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;

/**
 * Values that nobody may find on a disk or on the wire, under keys that no workload has. They are so long that a node has several leaves,
 * and its logs run full. What of them was acknowledged must be there in the end.
 */
final class Canaries {

  private static final byte[] TEXT = "plaintext in the open".getBytes(StandardCharsets.US_ASCII);
  private static final String AS_STRING = new String(TEXT, StandardCharsets.ISO_8859_1);
  private static final int COUNT = 40;
  private static final int NOISE_BYTES_MAX = 3_000;
  /** Behind what {@link Clients#writeEverywhere} writes. */
  private static final int FIRST = SimulatedCluster.SIZE + 1;

  /** One writing. {@code end}: when it was acknowledged; {@link Long#MAX_VALUE} if it was not. */
  private static final class Written {
    private final long beginNanos;
    private long endNanos = Long.MAX_VALUE;

    Written(long beginNanos) {
      this.beginNanos = beginNanos;
    }
  }

  private final Scheduler scheduler;
  private final List<Written> writings = new ArrayList<>();
  /** The numbers of those that have written it, by the canary's number. */
  private final Map<Integer, List<Integer>> written = new HashMap<>();

  Canaries(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Whether one can be read in these bytes. */
  static boolean isPlain(byte[] bytes) {
    return bytes.length >= TEXT.length && new String(bytes, StandardCharsets.ISO_8859_1).contains(AS_STRING);
  }

  static void writeOneAsKey(KvTransaction transaction) {
    transaction.put(TEXT, TEXT);
  }

  /** A key of the workloads' lists, near which no list is. */
  static byte[] key(int place, int which) {
    return new byte[] {'l', 'i', 's', 't', '/', 0, 0, 0, (byte) place, (byte) which};
  }

  /** Writes one at each of these places. */
  void write(KvStore store, Random random, int... places) {
    int which = random.nextInt(COUNT);
    int number = writings.size();
    Written writing = new Written(scheduler.nowNanos());
    writings.add(writing);
    byte[] value = new byte[TEXT.length + Integer.BYTES + random.nextInt(NOISE_BYTES_MAX)];
    random.nextBytes(value);
    ByteBuffer.wrap(value).put(TEXT).putInt(number);
    for (int place : places) {
      written.computeIfAbsent(place * COUNT + which, _ -> new ArrayList<>()).add(number);
    }
    try {
      store.run(transaction -> {
        for (int place : places) {
          transaction.put(key(place, FIRST + which), value);
        }
        return null;
      });
      writing.endNanos = scheduler.nowNanos();
    } catch (KvException.Retryable | KvException.UnknownOutcome e) {
      // Then it is there or not.
    }
  }

  /** Reads all; throws if one is missing, or older than it may be. To be called when nobody writes. */
  void readAll(KvStore store) {
    for (int place = 0; place < SimulatedCluster.SIZE; place++) {
      int there = place;
      Map<Integer, Integer> found = store.run(transaction -> {
        Map<Integer, Integer> read = new HashMap<>();
        for (int which = 0; which < COUNT; which++) {
          byte[] value = transaction.get(key(there, FIRST + which));
          read.put(which, value == null ? -1 : ByteBuffer.wrap(value).getInt(TEXT.length));
        }
        return read;
      });
      found.forEach((which, number) -> check(there * COUNT + which, number));
    }
  }

  private void check(int canary, int found) {
    List<Integer> possible = written.getOrDefault(canary, List.of());
    if (found >= 0 && !possible.contains(found)) {
      throw new AssertionError("canary " + canary + " has a value that was written to another: " + found);
    }
    long foundEndNanos = found < 0 ? -1 : writings.get(found).endNanos;
    for (int other : possible) {
      Written later = writings.get(other);
      if (later.endNanos < Long.MAX_VALUE && later.beginNanos > foundEndNanos) {
        throw new AssertionError("canary " + canary + " is that of writing " + found + ", but " + other + " was acknowledged later");
      }
    }
  }
}
