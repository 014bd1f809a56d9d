package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.get;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/** Openings that cannot succeed say why, and leave the store as it was. */
class RefusedOpeningTest {

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private TemporaryStore place;

  @BeforeEach
  void makeAStore() {
    place = new TemporaryStore(directory);
    try (EmbeddedStore store = place.open()) {
      put(store, "key", "value");
    }
  }

  private void assertUnharmed() {
    try (EmbeddedStore store = place.open()) {
      assertEquals("value", get(store, "key"));
    }
  }

  private static ErrorCode refusal(Path data, EmbeddedStoreOptions options) {
    KvException refused = assertThrows(KvException.class, () -> EmbeddedStore.open(data, options).close());
    assertFalse(refused.getMessage().isBlank());
    assertFalse(refused instanceof KvException.IntegrityViolation, "no attack was made: " + refused);
    return refused.code();
  }

  private ErrorCode refusal(EmbeddedStoreOptions options) {
    return refusal(place.data, options);
  }

  @Test
  void anotherKeyFileDoesNotOpenTheStore() throws IOException {
    Path other = Files.writeString(directory.resolve("other-key"), "ab".repeat(32) + "\n");
    assertEquals(ErrorCode.WRONG_KEY, refusal(place.options().withKeyFile(other)));
    assertUnharmed();
  }

  @Test
  void aMissingKeyFileIsNamed() {
    Path missing = directory.resolve("nowhere").resolve("key");
    KvException refused = assertThrows(
        KvException.Unavailable.class, () -> EmbeddedStore.open(place.data, place.options().withKeyFile(missing)).close());
    assertEquals(ErrorCode.WRONG_KEY, refused.code());
    assertTrue(refused.getMessage().contains(missing.toString()), refused.getMessage());
    assertFalse(Files.exists(missing.getParent()), "a refused opening made a directory");
    assertUnharmed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "not hexadecimal digits, though exactly sixty-four characters ...", "00112233", "ab ab"})
  void aMalformedKeyFileIsRefused(String content) throws IOException {
    Path malformed = Files.writeString(directory.resolve("malformed"), content);
    assertEquals(ErrorCode.WRONG_KEY, refusal(place.options().withKeyFile(malformed)));
    assertUnharmed();
  }

  @Test
  void aHugeFileAndADirectoryAreNoKeyFiles() throws IOException {
    Path huge = Files.write(directory.resolve("huge"), new byte[1 << 20]);
    assertEquals(ErrorCode.WRONG_KEY, refusal(place.options().withKeyFile(huge)));
    assertEquals(ErrorCode.WRONG_KEY, refusal(place.options().withKeyFile(directory)));
    assertUnharmed();
  }

  @Test
  void noMessageTellsTheKey() throws IOException {
    String almostKey = "5ec3e7".repeat(10) + "012";
    Path malformed = Files.writeString(directory.resolve("malformed"), almostKey);
    KvException refused = assertThrows(
        KvException.class, () -> EmbeddedStore.open(place.data, place.options().withKeyFile(malformed)).close());
    for (Throwable each = refused; each != null; each = each.getCause()) {
      assertFalse(each.toString().contains("5ec3e7"), each.toString());
    }
  }

  @Test
  void aKeyFileInsideTheDataDirectoryIsRefused() throws IOException {
    Path inside = Files.copy(place.keyFile, place.data.resolve("key"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(place.options().withKeyFile(inside)));
    Files.delete(inside);
    assertUnharmed();
  }

  @Test
  void aPassphraseDoesNotOpenAKeyFileStoreNorTheOtherWayRound() {
    EmbeddedStoreOptions passphrase =
        EmbeddedStoreOptions.defaults().withPassphrase("correct horse".toCharArray()).withCounterDirectory(place.counters);
    assertEquals(ErrorCode.WRONG_KEY, refusal(passphrase));
    Path other = directory.resolve("passphrase-data");
    try (EmbeddedStore store = EmbeddedStore.open(other, passphrase)) {
      put(store, "key", "secret");
    }
    assertEquals(ErrorCode.WRONG_KEY, refusal(other, place.options()));
    assertEquals(ErrorCode.WRONG_KEY, refusal(other, passphrase.withPassphrase("correct horsf".toCharArray())));
    assertEquals(ErrorCode.WRONG_KEY, refusal(other, passphrase.withPassphrase(new char[0])));
    try (EmbeddedStore store = EmbeddedStore.open(other, passphrase)) {
      assertEquals("secret", get(store, "key"));
    }
    assertUnharmed();
  }

  @Test
  void keyFileAndPassphraseTogetherAreContradictory() {
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(place.options().withPassphrase("both".toCharArray())));
    assertUnharmed();
  }

  @Test
  void theCounterMustNotLieInsideTheDataDirectory() throws IOException {
    Path inside = place.data.resolve("state").resolve("counters");
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(place.options().withCounterDirectory(inside)));
    assertFalse(Files.exists(inside.getParent()), "a refused opening made a directory");
    Path link = Files.createSymbolicLink(directory.resolve("link"), place.data);
    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal(place.options().withCounterDirectory(link.resolve("counters"))));
    assertUnharmed();
  }

  @Test
  void aDirectoryWithOtherFilesIsNoStore() throws IOException {
    Path photos = Files.createDirectory(directory.resolve("photos"));
    Path photo = Files.writeString(photos.resolve("cat.jpg"), "meow");
    assertEquals(ErrorCode.NOT_A_STORE, refusal(photos, place.options()));
    try (Stream<Path> files = Files.list(photos)) {
      assertEquals(List.of(photo), files.toList());
    }
    assertEquals(ErrorCode.IO_FAILURE, refusal(photo, place.options()));
  }

  @Test
  void aDirectoryIsOpenedOnceInAProcess() {
    try (EmbeddedStore store = place.open()) {
      assertEquals(ErrorCode.STORE_IN_USE, refusal(place.options()));
      assertEquals("value", get(store, "key"));
      put(store, "key", "newer");
      assertEquals("newer", get(store, "key"));
      put(store, "key", "value");
    }
    assertUnharmed();
  }

  @Test
  void aDirectoryIsOpenedByOneProcess() throws Exception {
    try (ChildJvm child = new ChildJvm(KilledWriter.class, directory.toString(), "1")) {
      child.await("open");
      assertEquals(ErrorCode.STORE_IN_USE, refusal(place.options()));
      child.kill();
    }
    assertUnharmed();
  }

  /** POSIX locks vanish with the first descriptor a process closes: the second opening here must not free the first. */
  @Test
  void aRefusedSecondOpeningDoesNotUnlockTheDirectoryForOtherProcesses() throws Exception {
    try (EmbeddedStore store = place.open()) {
      assertEquals(ErrorCode.STORE_IN_USE, refusal(place.options()));
      try (ChildJvm child = new ChildJvm(RefusedOpener.class, directory.toString())) {
        assertEquals("refused STORE_IN_USE", child.line());
      }
      assertEquals("value", get(store, "key"));
    }
  }

  @Test
  void theDefaultLimitsOpenAStoreMadeWithSmallOnes() {
    try (EmbeddedStore store = EmbeddedStore.open(place.data, place.options())) {
      assertEquals("value", get(store, "key"));
    }
    assertUnharmed();
  }
}
