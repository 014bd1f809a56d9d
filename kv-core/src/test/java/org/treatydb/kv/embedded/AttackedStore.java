package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;
import static org.treatydb.kv.embedded.TemporaryStore.delete;
import static org.treatydb.kv.embedded.TemporaryStore.put;
import static org.treatydb.kv.embedded.TemporaryStore.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;

/**
 * A store with a past, to be attacked: images of its files of two earlier days and of today, those of another store
 * under the same root key, and a model of what it must answer. Today's image is that of a crash: the newest commits are
 * in the WAL only.
 */
final class AttackedStore {

  /** How an attacked store may behave. */
  enum Outcome {
    /** It answers everything as the model does. */
    CORRECT,
    /** It refuses to serve. */
    REFUSED
  }

  private static final List<ErrorCode> DISK_TROUBLE = List.of(ErrorCode.IO_FAILURE, ErrorCode.WRONG_KEY, ErrorCode.NOT_A_STORE);

  /** The store's files, as they are attacked. */
  final TemporaryStore place;
  /** Copies of the store's data and counters: {@code day1}, {@code day2}, {@code today}. */
  final Path images;
  /** The data of a store of other content, made with the same root key. */
  final Path other;

  private final BiFunction<SecretKey, StoreId, KeySchedule> keys;
  private final NavigableMap<String, String> model = new TreeMap<>();
  private final Random random = new Random(7);

  AttackedStore(Path root) {
    this(root, KeySchedule::new);
  }

  AttackedStore(Path root, BiFunction<SecretKey, StoreId, KeySchedule> keys) {
    this.keys = keys;
    this.place = new TemporaryStore(root.resolve("store"));
    this.images = root.resolve("images");
    this.other = root.resolve("other").resolve("data");
    try (EmbeddedStore store = open()) {
      write(store, 500, 0);
      load(store);
    }
    keepImage("day1");
    try (EmbeddedStore store = open()) {
      write(store, 400, 60);
    }
    keepImage("day2");
    try (EmbeddedStore store = open()) {
      write(store, 20, 5);
      keepImage("today");
    }
    TemporaryStore otherPlace = new TemporaryStore(root.resolve("other"));
    try (EmbeddedStore store = EmbeddedStore.open(otherPlace.data, otherPlace.options(), TemporaryStore.SMALL, keys)) {
      for (int i = 0; i < 300; i++) {
        put(store, key(i), "of another store " + i);
      }
    }
    restore("today");
  }

  EmbeddedStore open() {
    return EmbeddedStore.open(place.data, place.options(), TemporaryStore.SMALL, keys);
  }

  private static String key(int i) {
    return "key%04d".formatted(i);
  }

  private void write(KvStore store, int puts, int deletes) {
    for (int i = 0; i < puts; i++) {
      String key = key(random.nextInt(400));
      String value = "value " + random.nextLong() + " " + "-".repeat(random.nextInt(150));
      put(store, key, value);
      model.put(key, value);
    }
    for (int i = 0; i < deletes; i++) {
      String key = key(random.nextInt(400));
      delete(store, key);
      model.remove(key);
    }
  }

  /** Some leaves that no flush has written. */
  private void load(EmbeddedStore store) {
    List<KeyValue> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String value = "loaded " + random.nextLong() + " " + "-".repeat(random.nextInt(100));
      rows.add(new KeyValue(bytes("loaded%04d".formatted(i)), bytes(value)));
      model.put("loaded%04d".formatted(i), value);
    }
    store.load(KeyRange.prefix(bytes("loaded")), rows.iterator());
  }

  private void keepImage(String name) {
    images.toFile().mkdirs();
    images.resolve(name).toFile().mkdir();
    DirectoryCopy.of(place.data, images.resolve(name).resolve("data"));
    DirectoryCopy.of(place.counters, images.resolve(name).resolve("counters"));
  }

  /** An image's data directory. */
  Path dataOf(String image) {
    return images.resolve(image).resolve("data");
  }

  /** Makes data and counter what they were in {@code image}. */
  void restore(String image) {
    DirectoryCopy.of(dataOf(image), place.data);
    DirectoryCopy.of(images.resolve(image).resolve("counters"), place.counters);
  }

  /** Puts today's files back, carries out {@code attack} and looks at what the store does. */
  Outcome strike(Attack attack) throws Exception {
    restore("today");
    attack.action().on(this);
    return look();
  }

  /**
   * Opens the store and compares everything it answers with the model; then once more, after a commit and a restart. What
   * is found must have been found before by verifying.
   */
  Outcome look() {
    boolean verified = verifies();
    try {
      try (EmbeddedStore store = open()) {
        serve(store);
      }
      try (EmbeddedStore store = open()) {
        compare(store);
      }
      return Outcome.CORRECT;
    } catch (KvException.IntegrityViolation e) {
      assertFalse(verified, "verifying found nothing, but there was: " + e.getMessage());
      return Outcome.REFUSED;
    } catch (KvException.Unavailable e) {
      if (!DISK_TROUBLE.contains(e.code())) {
        throw e;
      }
      return Outcome.REFUSED;
    }
  }

  private boolean verifies() {
    try {
      StoreVerification.verify(place.data, place.options(), Progress.NONE);
      return true;
    } catch (KvException.IntegrityViolation | KvException.Unavailable e) {
      return false;
    }
  }

  private void serve(EmbeddedStore store) {
    try {
      compare(store);
      put(store, "zzz", "written after the attack");
      delete(store, "zzz");
      compare(store);
    } catch (KvException.IntegrityViolation e) {
      assertThrows(KvException.IntegrityViolation.class, store::begin, "a store that met an attack serves on");
      throw e;
    }
  }

  /** Checks every answer; any that is wrong fails the test. */
  void compare(KvStore store) {
    List<String> expected = new ArrayList<>();
    model.forEach((key, value) -> expected.add(key + "=" + value));
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY)) {
      for (int i = 0; i < 400; i += 3) {
        assertEquals(model.get(key(i)), text(snapshot.get(bytes(key(i)))), "a wrong or old answer");
      }
      assertEquals(expected, TemporaryStore.scan(snapshot, KeyRange.ALL, ScanOptions.FORWARD), "a wrong or old scan");
      assertEquals(expected.reversed(), TemporaryStore.scan(snapshot, KeyRange.ALL, ScanOptions.REVERSE), "a wrong or old scan");
    }
  }
}
