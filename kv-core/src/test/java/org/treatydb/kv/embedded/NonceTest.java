package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;
import org.rocksdb.StringAppendOperator;
import org.treatydb.kv.SeenNonces;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KeyValue;

/**
 * No nonce is used twice under one key, over clean ends, kills, and boots from files that were put back: proved from the
 * bytes that were written, which are collected after every boot.
 */
class NonceTest {

  private static final int ROUNDS = 8;

  static {
    RocksDB.loadLibrary();
  }

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  private final SeenNonces seen = new SeenNonces();

  @Test
  void noNonceRepeatsOverCrashesAndRestarts() throws Exception {
    try {
      TemporaryStore place = new TemporaryStore(directory);
      for (int round = 0; round < ROUNDS; round++) {
        if (round % 2 == 0) {
          killAWriter();
        } else {
          try (EmbeddedStore store = place.open()) {
            for (int i = 0; i < 60; i++) {
              if (i % 20 == 10) {
                load(store, "loaded %d %d ".formatted(round, i));
              }
              TransferWorkload.step(store, i % TransferWorkload.WRITERS, random);
            }
          }
        }
        collect(place);
      }
      assertTrue(seen.epochs() >= 4, "frames of few boots only: " + seen.epochs());
      assertTrue(seen.segments() >= 2 * ROUNDS, "few segments only: " + seen.segments());
    } catch (Throwable e) {
      throw new AssertionError("replay with -Dtest=NonceTest -Dseed=" + seed, e);
    }
  }

  private void load(EmbeddedStore store, String prefix) {
    List<KeyValue> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(new KeyValue(bytes(prefix + "%05d".formatted(i)), bytes("v".repeat(random.nextInt(100)))));
    }
    assertEquals(rows.size(), store.load(KeyRange.prefix(bytes(prefix)), rows.iterator()));
  }

  private void killAWriter() throws Exception {
    try (ChildJvm child = new ChildJvm(KilledWriter.class, directory.toString(), String.valueOf(random.nextLong()))) {
      child.await("open");
      for (int i = 20 + random.nextInt(300); i > 0; i--) {
        child.line();
      }
      child.kill();
    }
  }

  private void collect(TemporaryStore place) throws Exception {
    collectLogs(place);
    Path copy = DirectoryCopy.of(place.data.resolve("leaves"), directory.resolve("leaves-copy"));
    try (StringAppendOperator append = new StringAppendOperator("");
        Options options = new Options().setMergeOperator(append);
        RocksDB db = RocksDB.openReadOnly(options, copy.toString());
        RocksIterator each = db.newIterator()) {
      for (each.seekToFirst(); each.isValid(); each.next()) {
        seen.noteFrames(each.value());
      }
    }
    seen.check();
  }

  private void collectLogs(TemporaryStore place) throws IOException {
    for (String log : List.of("wal", "manifest")) {
      try (Stream<Path> files = Files.list(place.data.resolve(log))) {
        for (Path file : files.toList()) {
          collectSegment(log + "/" + file.getFileName(), Files.readAllBytes(file));
        }
      }
    }
    seen.check();
  }

  private void collectSegment(String name, byte[] bytes) {
    if (bytes.length >= SeenNonces.SEGMENT_HEADER_BYTES) {
      String salt = seen.noteSegment(name, bytes);
      seen.noteBatches(salt, ByteBuffer.wrap(bytes, SeenNonces.SEGMENT_HEADER_BYTES, bytes.length - SeenNonces.SEGMENT_HEADER_BYTES));
    }
  }

  /** The disk of an earlier day, with its counter: even then nothing new is sealed under an old key and nonce. */
  @Test
  void noLogNonceRepeatsEvenWhenDataAndCounterAreBothRolledBack() throws Exception {
    TemporaryStore place = new TemporaryStore(directory);
    try (EmbeddedStore store = place.open()) {
      TransferWorkload.prepare(store);
    }
    DirectoryCopy.of(place.data, directory.resolve("old-data"));
    DirectoryCopy.of(place.counters, directory.resolve("old-counters"));
    for (int round = 0; round < 6; round++) {
      DirectoryCopy.of(directory.resolve("old-data"), place.data);
      DirectoryCopy.of(directory.resolve("old-counters"), place.counters);
      try (EmbeddedStore store = place.open()) {
        TransferWorkload.step(store, 0, random);
      }
      collectLogs(place);
    }
  }
}
