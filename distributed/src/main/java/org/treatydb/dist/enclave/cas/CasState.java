package org.treatydb.dist.enclave.cas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.treatydb.dist.enclave.attest.AttestationPolicy;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * What the service remembers, as one transaction of its store sees it: one key for each thing, its value in that thing's own format. Not
 * thread-safe, as the transaction.
 */
final class CasState {

  private static final byte[] SECRETS = key("secrets");
  private static final byte[] POLICY = key("policy");
  private static final byte[] CONFIGURATION = key("configuration");
  private static final byte[] SHARD_MAP = key("shard map");
  private static final byte[] SERIAL = key("serial");
  private static final String ISSUED = "issued/";
  private static final String STORE = "store/";

  private final KvTransaction transaction;

  CasState(KvTransaction transaction) {
    this.transaction = transaction;
  }

  private static byte[] key(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether there is a cluster in this store. */
  boolean exists() {
    return transaction.get(CONFIGURATION) != null;
  }

  /** Fails if there is none: the store belongs to something else, or the service was never initialized. */
  ClusterSecrets secrets(Entropy entropy, Clock clock) {
    byte[] bytes = transaction.get(SECRETS);
    if (bytes == null) {
      throw new KvException.Unavailable(ErrorCode.NOT_A_STORE, "there is no cluster in this store: 'treaty cas init' makes one", null);
    }
    try {
      return decode(bytes, stored -> ClusterSecrets.decode(stored, entropy, clock));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  void setSecrets(ClusterSecrets secrets) {
    byte[] bytes = secrets.encode();
    transaction.put(SECRETS, bytes);
    Arrays.fill(bytes, (byte) 0);
  }

  AttestationPolicy policy() {
    return read(POLICY, AttestationPolicy::decode);
  }

  void setPolicy(AttestationPolicy policy) {
    transaction.put(POLICY, policy.encode());
  }

  ClusterConfiguration configuration() {
    return read(CONFIGURATION, ConfigurationCodec::decode);
  }

  /** As {@link #configuration}, for one that is going to be replaced. */
  ClusterConfiguration configurationForUpdate() {
    transaction.getForUpdate(CONFIGURATION);
    return configuration();
  }

  void setConfiguration(ClusterConfiguration configuration) {
    transaction.put(CONFIGURATION, ConfigurationCodec.encode(configuration));
  }

  ShardMap shardMap() {
    return read(SHARD_MAP, ConfigurationCodec::decodeShardMap);
  }

  /** As {@link #shardMap}, for one that is going to be replaced. */
  ShardMap shardMapForUpdate() {
    transaction.getForUpdate(SHARD_MAP);
    return shardMap();
  }

  void setShardMap(ShardMap map) {
    transaction.put(SHARD_MAP, ConfigurationCodec.encode(map));
  }

  /** The next serial number, from 1 on. */
  long takeSerial() {
    byte[] last = transaction.getForUpdate(SERIAL);
    long serial = last == null ? 1 : Math.addExact(ByteBuffer.wrap(last).getLong(), 1);
    transaction.put(SERIAL, ByteBuffer.allocate(Long.BYTES).putLong(serial).array());
    return serial;
  }

  Optional<IssuedCertificate> issued(int node) {
    return Optional.ofNullable(transaction.get(key(ISSUED + node))).map(bytes -> decode(bytes, IssuedCertificate::decode));
  }

  void setIssued(int node, IssuedCertificate issued) {
    transaction.put(key(ISSUED + node), issued.encode());
  }

  /** Whether that node has said that it has a store. */
  boolean hasStore(int node) {
    return transaction.get(key(STORE + node)) != null;
  }

  void setHasStore(int node) {
    transaction.put(key(STORE + node), new byte[] {1});
  }

  private <T> T read(byte[] key, Function<byte[], T> decoder) {
    byte[] bytes = transaction.get(key);
    if (bytes == null) {
      throw new KvException.Unavailable(ErrorCode.NOT_A_STORE, "there is no cluster in this store: 'treaty cas init' makes one", null);
    }
    return decode(bytes, decoder);
  }

  /** The store vouches for the bytes, so it was another build that wrote what this one cannot read. */
  private static <T> T decode(byte[] bytes, Function<byte[], T> decoder) {
    try {
      return decoder.apply(bytes);
    } catch (MalformedBytesException e) {
      throw new KvException.Unavailable(
          ErrorCode.NOT_A_STORE, "this build cannot read the state of the configuration service: " + e.getMessage(), e);
    }
  }
}
