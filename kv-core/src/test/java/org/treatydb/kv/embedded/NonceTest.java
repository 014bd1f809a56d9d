package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;
import org.rocksdb.StringAppendOperator;

/**
 * No nonce is used twice under one key, over clean ends, kills, and boots from files that were put back: proved from the
 * bytes that were written, which are collected after every boot.
 *
 * <p>A segment's key comes from its salt, its nonces are its batches' first counters. A frame's key comes from its boot's
 * salt, so from its epoch; its nonce stands in its header.
 */
class NonceTest {

  private static final int SEGMENT_HEADER_BYTES = 98;
  private static final int BATCH_HEADER_BYTES = 17;
  private static final int FRAME_HEADER_BYTES = 26;
  private static final int ROUNDS = 8;

  static {
    RocksDB.loadLibrary();
  }

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** Where a (salt, counter) or (epoch, nonce) was seen → the sealed bytes there: others at the same place are a reuse. */
  private final Map<String, byte[]> sealedUnder = new HashMap<>();
  private final Map<String, String> segmentOfSalt = new HashMap<>();
  private final Set<Long> epochs = new HashSet<>();

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
              TransferWorkload.step(store, i % TransferWorkload.WRITERS, random);
            }
          }
        }
        collect(place);
      }
      assertTrue(epochs.size() >= 4, "frames of few boots only: " + epochs);
      assertTrue(segmentOfSalt.size() >= 2 * ROUNDS, "few segments only: " + segmentOfSalt.size());
    } catch (Throwable e) {
      throw new AssertionError("replay with -Dtest=NonceTest -Dseed=" + seed, e);
    }
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
        collectFrames(each.key(), each.value());
      }
    }
  }

  private void collectLogs(TemporaryStore place) throws IOException {
    for (String log : List.of("wal", "manifest")) {
      try (Stream<Path> files = Files.list(place.data.resolve(log))) {
        for (Path file : files.toList()) {
          collectSegment(log + "/" + file.getFileName(), Files.readAllBytes(file));
        }
      }
    }
  }

  private void collectSegment(String name, byte[] bytes) {
    if (bytes.length < SEGMENT_HEADER_BYTES) {
      return;
    }
    String salt = HexFormat.of().formatHex(bytes, 26, 58);
    String before = segmentOfSalt.putIfAbsent(salt, name);
    assertTrue(before == null || before.equals(name), "one salt in " + before + " and " + name);
    ByteBuffer in = ByteBuffer.wrap(bytes, SEGMENT_HEADER_BYTES, bytes.length - SEGMENT_HEADER_BYTES);
    while (in.remaining() > BATCH_HEADER_BYTES) {
      in.get();
      int length = in.getInt();
      long firstCounter = in.getLong();
      in.getInt();
      if (length > in.remaining()) {
        return;
      }
      byte[] sealed = new byte[length];
      in.get(sealed);
      note(salt + "/" + firstCounter, sealed);
    }
  }

  private void collectFrames(byte[] leaf, byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value);
    while (in.remaining() > FRAME_HEADER_BYTES) {
      in.getShort();
      long epoch = in.getLong() >>> Integer.SIZE;
      long nonce = in.getLong();
      in.getInt();
      byte[] sealed = new byte[in.getInt()];
      in.get(sealed);
      epochs.add(epoch);
      note("epoch " + epoch + "/" + nonce, sealed);
    }
  }

  private void note(String keyAndNonce, byte[] sealed) {
    byte[] before = sealedUnder.putIfAbsent(keyAndNonce, sealed);
    assertTrue(before == null || Arrays.equals(before, sealed), "two different seals under " + keyAndNonce);
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
