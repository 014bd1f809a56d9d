package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.delete;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.crypto.StoreHeader;

/** Nothing that was written, and no key, can be found in any byte of any file. */
class PlaintextTest {

  private static final String KEY_WORD = "Customer-Zweigstelle";
  private static final String VALUE_WORD = "Quarterly-Umsatzbericht";
  private static final int LOADED = 400;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private byte[] everyFile() throws IOException {
    TemporaryStore place = new TemporaryStore(directory);
    return everyFile(place.data, place.counters);
  }

  private static byte[] everyFile(Path... roots) throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path root : roots) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          contents.add((file.getFileName() + "\0").getBytes(StandardCharsets.UTF_8));
          try {
            contents.add(Files.readAllBytes(file));
          } catch (NoSuchFileException e) {
            // The open store has dropped it since: a segment whose records are in leaves by now.
            continue;
          }
        }
      }
    }
    int size = contents.stream().mapToInt(each -> each.length).sum();
    byte[] all = new byte[size];
    int at = 0;
    for (byte[] each : contents) {
      System.arraycopy(each, 0, all, at, each.length);
      at += each.length;
    }
    return all;
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    return latin.contains(new String(wanted, StandardCharsets.ISO_8859_1));
  }

  private static void write(EmbeddedStore store) {
    for (int i = 0; i < 300; i++) {
      put(store, KEY_WORD + "%04d".formatted(i), (VALUE_WORD + " ").repeat(1 + i % 9));
    }
    for (int i = 0; i < 300; i += 7) {
      delete(store, KEY_WORD + "%04d".formatted(i));
    }
    KvTransaction never = store.begin();
    never.put(TemporaryStore.bytes(KEY_WORD), TemporaryStore.bytes(VALUE_WORD));
    never.rollback();
  }

  @Test
  void noFileHoldsAnyKeyOrValue() throws IOException {
    TemporaryStore place = new TemporaryStore(directory);
    for (int boot = 0; boot < 3; boot++) {
      try (EmbeddedStore store = place.open()) {
        write(store);
        assertClean(everyFile());
      }
      assertClean(everyFile());
    }
    assertTrue(Files.list(place.data.resolve("leaves")).anyMatch(file -> file.toString().endsWith(".sst")), "nothing was flushed");
  }

  /** As they are loaded, in leaves merged with what others wrote beside them, and in a backup. */
  @Test
  void noFileHoldsAnythingThatWasLoaded() throws IOException {
    TemporaryStore place = new TemporaryStore(directory);
    Path backup = directory.resolve("backup");
    try (EmbeddedStore store = place.open()) {
      load(store);
      assertClean(everyFile());
      for (int i = 0; i < LOADED; i++) {
        if (i % 40 == 0) {
          put(store, loadedKey(i) + "+", VALUE_WORD.repeat(20));
        } else {
          delete(store, loadedKey(i));
        }
      }
      assertClean(everyFile());
      store.backup(backup, Progress.NONE);
      assertClean(everyFile(backup));
    }
    assertClean(everyFile());
  }

  private static void load(EmbeddedStore store) {
    List<KeyValue> rows = new ArrayList<>();
    for (int i = 0; i < LOADED; i++) {
      rows.add(new KeyValue(TemporaryStore.bytes(loadedKey(i)), TemporaryStore.bytes(VALUE_WORD.repeat(1 + i % 9))));
    }
    assertEquals(LOADED, store.load(KeyRange.prefix(TemporaryStore.bytes(KEY_WORD)), rows.iterator()));
  }

  private static String loadedKey(int i) {
    return KEY_WORD + " loaded %04d".formatted(i);
  }

  private static void assertClean(byte[] all) {
    assertTrue(all.length > 20_000, "the files hold " + all.length + " bytes only");
    for (String word : List.of(KEY_WORD, VALUE_WORD)) {
      // Six letters suffice to notice the word, also one that a compressor has cut.
      for (int from = 0; from + 6 <= word.length(); from++) {
        String part = word.substring(from, from + 6);
        assertFalse(contains(all, part.getBytes(StandardCharsets.US_ASCII)), "found " + part);
      }
    }
  }

  /** The search itself works: it finds what does lie there in the clear. */
  @Test
  void theSearchFindsWhatIsNotSecret() throws IOException {
    TemporaryStore place = new TemporaryStore(directory);
    place.open().close();
    assertTrue(contains(everyFile(), "TREATY".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void noFileHoldsTheRootKeyOrTheStoreKey() throws IOException {
    TemporaryStore place = new TemporaryStore(directory);
    try (EmbeddedStore store = place.open()) {
      write(store);
    }
    byte[] root = HexFormat.of().parseHex(Files.readString(place.keyFile).strip());
    StoreHeader header = StoreHeader.decode(Files.readAllBytes(place.data.resolve("STORE")));
    byte[] storeKey = header.unwrap(SecretKey.takeOver(root.clone())).orElseThrow().copyBytes();
    byte[] all = everyFile();
    for (byte[] secret : List.of(root, storeKey)) {
      assertEquals(SecretKey.BYTES, secret.length);
      for (int from = 0; from + 8 <= secret.length; from++) {
        byte[] part = java.util.Arrays.copyOfRange(secret, from, from + 8);
        assertFalse(contains(all, part), "a part of a key lies in a file");
        assertFalse(contains(all, HexFormat.of().formatHex(part).getBytes(StandardCharsets.US_ASCII)), "a part of a key lies in a file");
      }
    }
  }

  @Test
  void secretsDoNotPrint() {
    StoreId store = new StoreId(new byte[StoreId.BYTES]);
    SecretKey key = SecretKey.takeOver(HexFormat.of().parseHex("5ec3e7a1".repeat(8)));
    assertFalse(key.toString().contains("5ec3"));
    assertFalse(new KeySchedule(key, store).toString().contains("5ec3"));
    assertFalse(EmbeddedStoreOptions.defaults().withPassphrase("open sesame".toCharArray()).toString().contains("sesame"));
  }
}
