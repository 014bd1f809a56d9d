package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.get;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.enclave.crypto.Defences;
import org.treatydb.kv.enclave.crypto.WeakenedKeys;

/** After the root key was changed the new one opens the store and the old one does not, whatever is put back. */
class RekeyTest {

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private TemporaryStore place;
  private EmbeddedStoreOptions oldKey;
  private EmbeddedStoreOptions newKey;
  private byte[] oldHeader;

  @BeforeEach
  void build() throws IOException {
    place = new TemporaryStore(directory);
    oldKey = place.options();
    newKey = oldKey.withKeyFile(directory.resolve("new-key"));
    try (EmbeddedStore store = place.open()) {
      for (int i = 0; i < 100; i++) {
        put(store, "key" + i, "value " + "-".repeat(500));
      }
    }
    oldHeader = readHeader();
  }

  private Path header() {
    return place.data.resolve("STORE");
  }

  private byte[] readHeader() throws IOException {
    return Files.readAllBytes(header());
  }

  private EmbeddedStore open(EmbeddedStoreOptions options) {
    return EmbeddedStore.open(place.data, options, TemporaryStore.SMALL);
  }

  private void rekey() {
    StoreRekey.run(place.data, oldKey, newKey);
  }

  private void assertServes(EmbeddedStoreOptions options) {
    try (EmbeddedStore store = open(options)) {
      assertEquals("value " + "-".repeat(500), get(store, "key7"));
      put(store, "more", "written");
    }
  }

  private static void assertRefused(ErrorCode code, Executable opening) {
    assertEquals(code, assertThrows(KvException.class, opening).code());
  }

  @Test
  void theNewKeyOpensTheStoreAndTheOldOneDoesNot() {
    rekey();
    assertTrue(Files.exists(directory.resolve("new-key")), "a key file that was not there was made");
    assertRefused(ErrorCode.WRONG_KEY, () -> open(oldKey));
    for (int boot = 0; boot < 3; boot++) {
      assertServes(newKey);
    }
    StoreVerification.verify(place.data, newKey, Progress.NONE);
  }

  @Test
  void aKeyFileCanBecomeAPassphraseAndBack() {
    EmbeddedStoreOptions passphrase =
        EmbeddedStoreOptions.defaults().withCounterDirectory(place.counters).withPassphrase("correct horse".toCharArray());
    StoreRekey.run(place.data, oldKey, passphrase);
    assertRefused(ErrorCode.WRONG_KEY, () -> open(oldKey));
    assertServes(passphrase);
    StoreRekey.run(place.data, passphrase, newKey);
    assertRefused(ErrorCode.WRONG_KEY, () -> open(passphrase));
    assertServes(newKey);
  }

  @Test
  void theOldHeaderPutBackIsNoticedAndWithoutTheCheckItOpens() throws IOException {
    rekey();
    byte[] newHeader = readHeader();
    Files.write(header(), oldHeader);
    assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> open(oldKey));
    assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> StoreVerification.verify(place.data, oldKey, Progress.NONE));
    assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> new StoreAdoption(place.data, oldKey, Progress.NONE));
    assertRefused(ErrorCode.WRONG_KEY, () -> open(newKey));
    assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> StoreRekey.run(place.data, oldKey, oldKey.withKeyFile(directory.resolve("third"))));
    assertArrayEquals(oldHeader, readHeader(), "what was refused has changed nothing");
    Files.write(header(), newHeader);
    assertServes(newKey);
    Files.write(header(), oldHeader);
    EmbeddedStore.open(place.data, oldKey, TemporaryStore.SMALL, WeakenedKeys.without(Defences.Defence.HEADER)).close();
  }

  @Test
  void aCrashBetweenTheStepsLeavesTheOldKeyOrTheNew() {
    List<Consumer<StoreRekey>> steps = List.of(StoreRekey::nameBoth, StoreRekey::replaceHeader, StoreRekey::nameNew);
    Path before = DirectoryCopy.of(place.data, directory.resolve("before"));
    Path counters = DirectoryCopy.of(place.counters, directory.resolve("counters-before"));
    for (int done = 0; done <= steps.size(); done++) {
      DirectoryCopy.of(before, place.data);
      DirectoryCopy.of(counters, place.counters);
      try (StoreRekey rekey = new StoreRekey(place.data, oldKey, newKey)) {
        steps.subList(0, done).forEach(step -> step.accept(rekey));
      }
      EmbeddedStoreOptions good = done < 2 ? oldKey : newKey;
      EmbeddedStoreOptions bad = done < 2 ? newKey : oldKey;
      StoreVerification.verify(place.data, good, Progress.NONE);
      assertRefused(ErrorCode.WRONG_KEY, () -> open(bad));
      assertServes(good);
      assertServes(good);
    }
  }

  @Test
  void afterACrashTheNextOpeningSettlesWhichHeaderIsGood() throws IOException {
    try (StoreRekey rekey = new StoreRekey(place.data, oldKey, newKey)) {
      rekey.nameBoth();
      rekey.replaceHeader();
    }
    assertServes(newKey);
    Files.write(header(), oldHeader);
    assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> open(oldKey));
  }

  @Test
  void aBackupFromBeforeOpensWithTheKeyOfThen() {
    Path backup = directory.resolve("backup");
    try (EmbeddedStore store = open(oldKey)) {
      store.backup(backup, Progress.NONE);
    }
    rekey();
    try (StoreAdoption adoption = new StoreAdoption(backup, oldKey, Progress.NONE)) {
      adoption.register();
    }
    EmbeddedStore.open(backup, oldKey, TemporaryStore.SMALL).close();
    assertServes(newKey);
  }

  @Test
  void whatCannotBeDoneIsSaidAndChangesNothing() throws IOException {
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> StoreRekey.run(place.data, oldKey, oldKey));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> StoreRekey.run(place.data, oldKey, EmbeddedStoreOptions.defaults()));
    assertRefused(ErrorCode.NOT_A_STORE, () -> StoreRekey.run(directory.resolve("nowhere"), oldKey, newKey));
    try (EmbeddedStore store = open(oldKey)) {
      assertRefused(ErrorCode.STORE_IN_USE, this::rekey);
      put(store, "still", "serving");
    }
    Path other = Files.writeString(directory.resolve("other-key"), "ab".repeat(32));
    assertRefused(ErrorCode.WRONG_KEY, () -> StoreRekey.run(place.data, oldKey.withKeyFile(other), newKey));
    assertArrayEquals(oldHeader, readHeader());
    assertServes(oldKey);
  }
}
