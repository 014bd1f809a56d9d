package org.treatydb.kv.boundary;

import java.util.List;

/**
 * Where the sealed leaves lie: a map from leaf id to bytes, on the untrusted disk. It may return anything; the enclave
 * checks. Thread-safe.
 *
 * <p>Every method throws {@link org.treatydb.kv.api.KvException.IntegrityViolation} when stored bytes are damaged or
 * missing in a way the host notices itself, and {@link org.treatydb.kv.api.KvException.Unavailable} on other failures.
 */
public interface SealedStore extends AutoCloseable {

  /** A change. */
  sealed interface Edit {
    long leafId();

    /** Replaces the leaf's bytes. */
    record Put(long leafId, byte[] bytes) implements Edit {}

    /** Adds bytes behind those the leaf has, without reading them. */
    record Append(long leafId, byte[] bytes) implements Edit {}

    record Delete(long leafId) implements Edit {}

    /** Deletes the leaves from {@code leafId} up to but without {@code end}. No snapshot that is open reads any of them. */
    record DeleteRange(long leafId, long end) implements Edit {}
  }

  /** The leaves as they were at one moment. Closed by whoever took it. */
  interface Snapshot extends AutoCloseable {

    /** The bytes of a leaf; null if there is none. */
    byte[] get(long leafId);

    /** The bytes of several leaves, in order. */
    List<byte[]> get(List<Long> leafIds);

    @Override
    void close();
  }

  Snapshot snapshot();

  /** Applies all edits; they become durable with the next {@link #sync}. */
  void apply(List<Edit> edits);

  /** Returns when everything applied is on stable storage. */
  void sync();

  @Override
  void close();
}
