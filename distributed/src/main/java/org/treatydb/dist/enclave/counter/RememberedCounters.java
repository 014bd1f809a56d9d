package org.treatydb.dist.enclave.counter;

import java.io.IOException;
import java.util.Map;
import org.treatydb.dist.boundary.StateFile;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SealContext;
import org.treatydb.kv.enclave.crypto.Sealer;

/**
 * What a member held when it last wrote its disk. The host can put an older one back, so this is a lower bound and no more.
 *
 * <p>Format 1: format, a random salt (32 bytes) that the key of these bytes comes from, what is held of each node, sealed with nonce 0. Not
 * thread-safe.
 */
final class RememberedCounters {

  private static final int FORMAT = 1;

  private final StateFile file;
  private final KeySchedule keys;
  private final SealContext context;
  private final Entropy entropy;

  RememberedCounters(int member, StateFile file, KeySchedule keys, Entropy entropy) {
    this.file = file;
    this.keys = keys;
    this.context = new SealContext.CountersOfOthers(member);
    this.entropy = entropy;
  }

  /** @throws KvException.IntegrityViolation if the file is not what this node wrote */
  Map<Integer, Held> read() {
    try {
      return file.read().map(this::open).orElse(Map.of());
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot read the counters of other nodes: " + e.getMessage(), e);
    }
  }

  private Map<Integer, Held> open(byte[] bytes) {
    try {
      ByteReader in = new ByteReader(bytes);
      in.version(FORMAT);
      Sealer sealer = keys.countersOfOthers(in.raw(KeySchedule.SALT_BYTES));
      byte[] plain = sealer.open(0, context, bytes, in.position(), in.remaining())
          .orElseThrow(() -> new MalformedBytesException("it was changed, or is another node's"));
      return CounterCodec.decodeNodes(plain);
    } catch (MalformedBytesException e) {
      throw new KvException.IntegrityViolation(
          ErrorCode.INTEGRITY_VIOLATION, "the file with the counters of other nodes is damaged: " + e.getMessage(), e);
    }
  }

  void write(Map<Integer, Held> nodes) throws IOException {
    byte[] salt = entropy.bytes(KeySchedule.SALT_BYTES);
    byte[] plain = CounterCodec.encode(nodes);
    byte[] sealed = keys.countersOfOthers(salt).seal(0, context, plain, 0, plain.length);
    file.write(new ByteWriter(64 + sealed.length).u8(FORMAT).raw(salt).raw(sealed).toByteArray());
  }
}
