package org.treatydb.kv.enclave.crypto;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;

/**
 * Derives every working key of one store from its store key by HKDF-SHA256 (RFC 5869). Each use has a key of its own,
 * and each boot, by its random salt, too: so nonces may be plain counters, and none repeats under a key even after a
 * crash or on a rolled-back disk. Thread-safe.
 */
public final class KeySchedule {

  /** Bytes of the random salt that each boot draws. */
  public static final int SALT_BYTES = 32;

  private final SecretKey storeKey;
  private final StoreId store;
  private final Defences defences;

  public KeySchedule(SecretKey storeKey, StoreId store) {
    this(storeKey, store, Defences.ALL_ON);
  }

  /** For tests only: a schedule whose sealers, and whoever asks it, leave checks out. */
  KeySchedule(SecretKey storeKey, StoreId store, Defences defences) {
    this.storeKey = storeKey;
    this.store = store;
    this.defences = defences;
  }

  /** The checks to be made on what these keys sealed. */
  public Defences defences() {
    return defences;
  }

  /** The sealer of a log's batches, for the segment that carries {@code salt}. */
  public Sealer log(LogName log, byte[] salt) {
    return new Sealer(derive("log/" + log.name(), salt), defences);
  }

  /** The sealer of the leaves' frames that the boot with {@code salt} wrote. */
  public Sealer leaves(byte[] salt) {
    return new Sealer(derive("leaf", salt), defences);
  }

  /** The sealer of values in host memory; {@code salt} is fresh for each memtable and not kept. */
  public Sealer memory(byte[] salt) {
    return new Sealer(derive("memory", salt), defences);
  }

  /** The sealer of what a member of a cluster holds of the others' trusted counters; {@code salt} is fresh for each writing. */
  public Sealer countersOfOthers(byte[] salt) {
    return new Sealer(derive("counters", salt), defences);
  }

  private SecretKey derive(String use, byte[] salt) {
    return derive(storeKey, salt, "treaty/1/" + store + "/" + use);
  }

  /** The key that wraps a store's key under the root key. */
  static SecretKey wrapping(SecretKey root, StoreId store) {
    return derive(root, store.bytes(), "treaty/1/wrap");
  }

  private static SecretKey derive(SecretKey from, byte[] salt, String info) {
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(from.reveal(), salt, info.getBytes(StandardCharsets.UTF_8)));
    byte[] key = new byte[SecretKey.BYTES];
    hkdf.generateBytes(key, 0, key.length);
    return SecretKey.takeOver(key);
  }

  public void destroy() {
    storeKey.destroy();
  }
}
