package org.treatydb.kv.enclave.crypto;

import java.util.EnumSet;
import java.util.function.BiFunction;
import org.treatydb.kv.boundary.StoreId;

/** Key schedules with one defence off: for control runs, which show that an attack succeeds without it. */
public final class WeakenedKeys {

  private WeakenedKeys() {}

  public static BiFunction<SecretKey, StoreId, KeySchedule> without(Defences.Defence defence) {
    return (key, store) -> new KeySchedule(key, store, new Defences(EnumSet.complementOf(EnumSet.of(defence))));
  }
}
