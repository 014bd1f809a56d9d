package org.treatydb.kv.embedded;

import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.crypto.KeyDerivation;
import org.treatydb.kv.enclave.crypto.SecretKey;

/** Where a store's root key comes from. */
interface RootKeySource {

  /** How the root key of a new store is to be derived. */
  KeyDerivation newDerivation();

  /**
   * The root key for a store with that derivation; the caller destroys it.
   *
   * @param create whether a default key may be made if there is none
   * @throws KvException.Unavailable with WRONG_KEY if the source does not fit the store, or no key is to be had
   */
  SecretKey find(KeyDerivation derivation, boolean create);

  /** A key that somebody else keeps. */
  record Given(SecretKey key) implements RootKeySource {

    @Override
    public KeyDerivation newDerivation() {
      return new KeyDerivation.Direct();
    }

    @Override
    public SecretKey find(KeyDerivation derivation, boolean create) {
      return SecretKey.takeOver(key.copyBytes());
    }
  }
}
