package org.treatydb.kv;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * Feeds a decoder what an adversary may write instead of a format's bytes. It must answer with a value or with {@link
 * MalformedBytesException}, and allocate no more than in proportion to what it was given.
 */
public final class MutatedBytes {

  private static final int ROUNDS = 4000;
  private static final int ALLOCATED_PER_BYTE_MAX = 200;
  private static final long ALLOCATED_FREE = 2 << 20;

  /** What is under test. */
  public interface Decoder {
    void decode(byte[] bytes);
  }

  private MutatedBytes() {}

  public static void feed(byte[] valid, Decoder decoder) {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    decoder.decode(valid.clone());
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = mutate(valid, random);
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        decoder.decode(bytes);
      } catch (MalformedBytesException e) {
        // As documented.
      } catch (RuntimeException | Error e) {
        throw new AssertionError("round " + i + " of seed " + seed + " (give -Dseed)", e);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(allocated <= ALLOCATED_FREE + (long) ALLOCATED_PER_BYTE_MAX * bytes.length,
          allocated + " bytes allocated for " + bytes.length + ": round " + i + " of seed " + seed + " (give -Dseed)");
    }
  }

  private static byte[] mutate(byte[] valid, Random random) {
    byte[] bytes = switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(valid, random.nextInt(valid.length + 1));
      case 1 -> Arrays.copyOf(valid, valid.length + 1 + random.nextInt(40));
      case 2 -> Arrays.copyOfRange(valid, random.nextInt(valid.length), valid.length);
      default -> valid.clone();
    };
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      bytes[at] = switch (random.nextInt(4)) {
        case 0 -> (byte) 0xff;
        case 1 -> 0;
        case 2 -> 0x7f;
        default -> (byte) random.nextInt();
      };
    }
    return bytes;
  }
}
