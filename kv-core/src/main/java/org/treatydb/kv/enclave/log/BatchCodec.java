package org.treatydb.kv.enclave.log;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.SealContext;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * One batch on disk. Format 1: version, sealed length (4 bytes), first counter (8), number of records (4), then the
 * sealed records, each a varint length and its bytes. The nonce is the first counter. The digest of a batch is SHA-256
 * over the digest before it and all its bytes.
 */
final class BatchCodec {

  static final int HEADER_BYTES = 1 + Integer.BYTES + Long.BYTES + Integer.BYTES;

  /** The largest sealed part of a batch, in bytes: what a changed length field can make recovery allocate. */
  static final int SEALED_BYTES_MAX = 128 << 20;

  private static final int VERSION = 1;

  private final StoreId store;
  private final LogName log;
  private final long epoch;
  private final Sealer sealer;

  BatchCodec(StoreId store, LogName log, long epoch, Sealer sealer) {
    this.store = store;
    this.log = log;
    this.epoch = epoch;
    this.sealer = sealer;
  }

  /** What a batch's header says; believed only after {@link #open}. */
  record Header(int sealedBytes, long firstCounter, int records) {}

  /** A batch ready to be appended, and the head of the log behind it. */
  record Encoded(byte[] bytes, LogHead head) {}

  /** {@code records}: the encoded records, each with its length before it. */
  Encoded encode(LogHead before, int count, ByteWriter records) {
    long first = before.counter() + 1;
    SealContext context = new SealContext.LogBatch(store, log, epoch, first, count, before.digest());
    byte[] sealed = sealer.seal(first, context, records.array(), 0, records.size());
    byte[] all = new ByteWriter(HEADER_BYTES + sealed.length)
        .u8(VERSION).i32(sealed.length).i64(first).i32(count).raw(sealed)
        .toByteArray();
    return new Encoded(all, new LogHead(first + count - 1, digest(before.digest(), all)));
  }

  /** Reads a header; empty if it cannot be one. */
  static Optional<Header> header(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, 0, HEADER_BYTES);
    if (in.u8() != VERSION) {
      return Optional.empty();
    }
    Header header = new Header(in.i32(), in.i64(), in.i32());
    boolean plausible = header.sealedBytes >= Sealer.TAG_BYTES && header.sealedBytes <= SEALED_BYTES_MAX && header.records > 0;
    return plausible ? Optional.of(header) : Optional.empty();
  }

  /** The records of the batch {@code bytes}; empty if it is not the one that follows {@code before}. */
  Optional<List<ByteReader>> open(LogHead before, Header header, byte[] bytes) {
    if (header.firstCounter != before.counter() + 1) {
      return Optional.empty();
    }
    SealContext context =
        new SealContext.LogBatch(store, log, epoch, header.firstCounter, header.records, before.digest());
    return sealer
        .open(header.firstCounter, context, bytes, HEADER_BYTES, header.sealedBytes)
        .map(plain -> split(plain, header.records));
  }

  private static List<ByteReader> split(byte[] plain, int count) {
    List<ByteReader> records = new ArrayList<>(Math.min(count, plain.length));
    ByteReader in = new ByteReader(plain);
    for (int i = 0; i < count; i++) {
      int length = in.varint(in.remaining());
      records.add(new ByteReader(plain, in.position(), length));
      in.skip(length);
    }
    in.expectEnd();
    return records;
  }

  static byte[] digest(byte[] before, byte[] batch) {
    MessageDigest sha256 = sha256();
    sha256.update(before);
    return sha256.digest(batch);
  }

  /** The head of a log that has no record yet. */
  static LogHead genesis(StoreId store, LogName log) {
    MessageDigest sha256 = sha256();
    sha256.update(store.bytes());
    sha256.update(log.code());
    return new LogHead(0, sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
