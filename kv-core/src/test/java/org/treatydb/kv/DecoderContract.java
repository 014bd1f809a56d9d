package org.treatydb.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * What a decoder promises of bytes that an adversary may have written: it answers with a value or with the exception it documents,
 * allocates no more than in proportion to what it was given, and what it has read is written so that the same is read again. If its format
 * is canonical, a value has one form.
 *
 * <p>Fuzz targets say this of one input. As a test, each of the inputs kept stands for many mutations of it, too.
 */
public final class DecoderContract<T> {

  private static final boolean FUZZING = System.getenv("JAZZER_FUZZ") != null;
  private static final int MUTATIONS = 1000;
  /** Another one: -Dseed=N. Always the same, since finding new inputs is the fuzzer's business. */
  private static final long SEED = Long.getLong("seed", 20261122);
  private static final int ALLOCATED_PER_BYTE_MAX = 200;
  private static final long ALLOCATED_FREE = 2 << 20;

  private final Function<byte[], T> decoder;
  private final Class<? extends RuntimeException> refusal;
  private final Function<? super T, byte[]> encoder;
  private final boolean canonical;
  private final boolean frugal;
  private final com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private DecoderContract(
      Function<byte[], T> decoder, Class<? extends RuntimeException> refusal, Function<? super T, byte[]> encoder, boolean canonical,
      boolean frugal) {
    this.decoder = decoder;
    this.refusal = refusal;
    this.encoder = encoder;
    this.canonical = canonical;
    this.frugal = frugal;
  }

  /** Of a decoder that documents {@link MalformedBytesException}. */
  public static <T> DecoderContract<T> of(Function<byte[], T> decoder) {
    return new DecoderContract<>(decoder, MalformedBytesException.class, null, false, true);
  }

  /** The same, but that is the exception it documents. */
  public DecoderContract<T> refusingWith(Class<? extends RuntimeException> exception) {
    return new DecoderContract<>(decoder, exception, encoder, canonical, frugal);
  }

  /** The same, and what is read is written so. */
  public DecoderContract<T> writtenBy(Function<? super T, byte[]> form) {
    return new DecoderContract<>(decoder, refusal, form, false, frugal);
  }

  /** The same, and what is read is written so, and in no other way. */
  public DecoderContract<T> writtenOnlyBy(Function<? super T, byte[]> form) {
    return new DecoderContract<>(decoder, refusal, form, true, frugal);
  }

  /** The same, but what is read is also done, once, and takes the memory that this takes. */
  public DecoderContract<T> doingWhatIsRead() {
    return new DecoderContract<>(decoder, refusal, encoder, canonical, false);
  }

  /** Requires it of {@code bytes}, and of mutations of them unless a fuzzer makes those. */
  public void check(byte[] bytes) {
    checkOne(bytes);
    if (!FUZZING) {
      Random random = new Random(SEED);
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] mutated = mutated(bytes, random);
        try {
          checkOne(mutated);
        } catch (RuntimeException | Error e) {
          throw new AssertionError("mutation " + i + " of -Dseed=" + SEED, e);
        }
      }
    }
  }

  private void checkOne(byte[] bytes) {
    T value;
    try {
      value = decoder.apply(bytes.clone());
    } catch (RuntimeException e) {
      if (!refusal.isInstance(e)) {
        throw e;
      }
      value = null;
    }
    if (frugal) {
      // Once more, to measure: the first call may have loaded classes.
      long allocated = allocated(bytes.clone());
      if (allocated > ALLOCATED_FREE + (long) ALLOCATED_PER_BYTE_MAX * bytes.length) {
        throw new AssertionError(allocated + " bytes allocated for " + bytes.length);
      }
    }
    if (value != null && encoder != null) {
      byte[] form = encoder.apply(value);
      assertArrayEquals(canonical ? bytes : encoder.apply(decoder.apply(form.clone())), form, "the value is written in another way");
    }
  }

  private long allocated(byte[] bytes) {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      decoder.apply(bytes);
    } catch (RuntimeException e) {
      // As before.
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(valid, random.nextInt(valid.length + 1));
      case 1 -> Arrays.copyOf(valid, valid.length + 1 + random.nextInt(40));
      case 2 -> Arrays.copyOfRange(valid, random.nextInt(valid.length + 1), valid.length);
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
