package org.treatydb.kv.enclave.manifest;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.leaf.Directory;
import org.treatydb.kv.enclave.leaf.FrameSealers;

/**
 * What the MANIFEST says. Immutable.
 *
 * @param directory the leaves
 * @param bootSalts boot epoch → salt of that boot's frame key, for each boot that wrote a frame still in use
 * @param walHead the WAL's records up to this head, where a batch ends, are in the leaves
 * @param walNeededFrom the first record of the WAL that is still needed; if it is one of those up to {@code walHead}, because of a
 *     transaction that was prepared there and decided only behind it, or for the clock's limit
 * @param timestamp no commit timestamp in the leaves is larger
 * @param nextLeafId the first leaf id never given to a leaf of the directory
 * @param headers digests of the store's headers that are good; while the root key is being changed there are two. Empty
 *     where there is no header
 * @param loads what bulk loads have left in the leaves
 */
public record ManifestState(
    Directory directory, Map<Long, byte[]> bootSalts, LogHead walHead, long walNeededFrom, long timestamp, long nextLeafId,
    List<byte[]> headers, Loads loads) {

  /** Digests of headers that a checkpoint can name. */
  static final int HEADERS_MAX = 2;

  /**
   * What a new store's MANIFEST says.
   *
   * @param walGenesis the WAL's head before its first record
   */
  static ManifestState empty(LogHead walGenesis) {
    return new ManifestState(Directory.EMPTY, Map.of(), walGenesis, 0, 1);
  }

  public ManifestState {
    bootSalts = Map.copyOf(bootSalts);
    headers = List.copyOf(headers);
  }

  /** A state that names no header, and needs of the WAL only what is behind {@code walHead}. */
  public ManifestState(Directory directory, Map<Long, byte[]> bootSalts, LogHead walHead, long timestamp, long nextLeafId) {
    this(directory, bootSalts, walHead, walHead.counter() + 1, timestamp, nextLeafId, List.of(), Loads.NONE);
  }

  /** The state with these headers as the good ones. */
  public ManifestState withHeaders(List<byte[]> good) {
    return new ManifestState(directory, bootSalts, walHead, walNeededFrom, timestamp, nextLeafId, good, loads);
  }

  /** Whether the header with {@code digest} is good. */
  public boolean accepts(byte[] digest) {
    return headers.isEmpty() || headers.stream().anyMatch(good -> Arrays.equals(good, digest));
  }

  /** The state after a flush. */
  public ManifestState apply(ManifestRecord.Flush flush) {
    return new ManifestState(
        directory.apply(flush.edit()), bootSalts, flush.walHead(), flush.walNeededFrom(), Math.max(timestamp, flush.timestamp()),
        flush.nextLeafId(), headers, loads);
  }

  /** The state after a load. */
  public ManifestState apply(ManifestRecord.Load load) {
    return new ManifestState(
        directory.apply(load.edit()), bootSalts, walHead, walNeededFrom, Math.max(timestamp, load.timestamp()), nextLeafId,
        headers, loads.with(load.flushId(), load.timestamp(), load.nextLeafId()));
  }

  /** The state for a new boot: its salt is added, those of boots without frames are dropped, and so are such loads. */
  public ManifestState withBoot(long epoch, byte[] salt) {
    Map<Long, byte[]> salts = new TreeMap<>();
    for (int i = 0; i < directory.size(); i++) {
      for (long flushId : directory.leaf(i).flushIds()) {
        long writer = FrameSealers.epochOf(flushId);
        salts.put(writer, bootSalts.get(writer));
      }
    }
    salts.put(epoch, salt);
    return new ManifestState(directory, salts, walHead, walNeededFrom, timestamp, nextLeafId, headers, loads.usedIn(directory));
  }
}
