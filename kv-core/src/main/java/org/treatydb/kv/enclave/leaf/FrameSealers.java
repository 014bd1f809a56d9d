package org.treatydb.kv.enclave.leaf;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.treatydb.kv.enclave.crypto.Defences;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * The keys of the frames: each boot seals with its own, derived from the salt that the MANIFEST keeps of it. A flush id
 * holds the epoch of its boot in its upper half, so it names the key, too. Of flushes that were loads it knows the commit
 * timestamp, which is not in their frames. Thread-safe.
 */
public final class FrameSealers {

  private final KeySchedule keys;
  private final Map<Long, Sealer> byEpoch = new ConcurrentHashMap<>();
  private final Map<Long, Long> loads = new ConcurrentHashMap<>();
  private final AtomicLong nonce = new AtomicLong();

  public FrameSealers(KeySchedule keys) {
    this.keys = keys;
  }

  /** Whether a leaf's frames must be those that the directory names. */
  boolean checkDirectory() {
    return keys.defences().isOn(Defences.Defence.DIRECTORY);
  }

  /** Makes the frames of a boot readable. */
  public void addBoot(long epoch, byte[] salt) {
    byEpoch.put(epoch, keys.leaves(salt));
  }

  /** Tells when the load with that flush id was committed. */
  public void addLoad(long flushId, long timestamp) {
    loads.put(flushId, timestamp);
  }

  /** The commit timestamp of a load; 0 if the flush was none. */
  long loadTimestamp(long flushId) {
    return loads.getOrDefault(flushId, EntryBlock.LOAD_TIME);
  }

  /** The epoch of the boot that made a flush. */
  public static long epochOf(long flushId) {
    return flushId >>> Integer.SIZE;
  }

  /** The id of the {@code sequence}th flush of a boot: never used by another flush of any boot. */
  public static long flushId(long epoch, int sequence) {
    if (epoch < 0 || epoch >= 1L << Integer.SIZE || sequence < 0) {
      throw new IllegalArgumentException("boot epoch " + epoch + ", flush " + sequence);
    }
    return epoch << Integer.SIZE | sequence;
  }

  /** The sealer for a flush; null if no such boot is known. */
  Sealer of(long flushId) {
    return byEpoch.get(epochOf(flushId));
  }

  /** A nonce that this boot has not used for a frame before. */
  long nextNonce() {
    return nonce.incrementAndGet();
  }
}
