package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.file.StateDirectory;

/**
 * Files flipped, cut, extended, deleted, swapped. Each attack ends in answers that are all correct or in a refusal. A
 * seeded failure prints its seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FileAttackTest {

  /** Flipped bytes for each file; a short file has every byte flipped. A long sweep: {@code -Dflips=500 -Dseed=…}. */
  private static final int FLIPS_PER_FILE = Integer.getInteger("flips", 20);

  @TempDir(factory = MemoryDirectory.class)
  static Path directory;

  private final long seed = Long.getLong("seed", 3);
  private AttackedStore target;

  @BeforeAll
  void build() {
    target = new AttackedStore(directory);
  }

  private List<Path> files() throws IOException {
    target.restore("today");
    try (Stream<Path> all = Files.walk(target.place.data)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  Stream<String> everyFile() throws IOException {
    return files().stream().map(file -> target.place.data.relativize(file).toString());
  }

  @Test
  void theScenarioHasEveryKindOfFile() throws IOException {
    List<String> names = everyFile().toList();
    for (String kind : List.of("STORE", "LOCK", "wal/.*log", "manifest/.*log", "leaves/.*sst", "leaves/MANIFEST-.*", "leaves/CURRENT",
        "leaves/OPTIONS-.*", "leaves/IDENTITY")) {
      assertTrue(names.stream().anyMatch(name -> name.matches(kind)), kind + " is not among " + names);
    }
    assertEquals(AttackedStore.Outcome.CORRECT, target.look(), "without an attack");
  }

  @ParameterizedTest
  @MethodSource("everyFile")
  void aFlippedByteIsHarmlessOrNoticed(String name) throws Exception {
    Random random = new Random(seed);
    Path file = target.place.data.resolve(name);
    boolean log = name.matches("(wal|manifest)/.*");
    Path today = target.dataOf("today").resolve(name);
    int size = log ? WrittenBytes.of(today) : (int) Files.size(today);
    boolean every = size <= FLIPS_PER_FILE;
    int mended = log ? mendedFrom(name) : Integer.MAX_VALUE;
    for (int i = 0; i < Math.min(size, FLIPS_PER_FILE); i++) {
      int at = every ? i : random.nextInt(size);
      int mask = 1 << random.nextInt(8);
      Attack attack = new Attack("bit " + mask + " of byte " + at + " of " + name, there -> {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= (byte) mask;
        Files.write(file, bytes);
      });
      AttackedStore.Outcome outcome = strike(attack);
      if ((log || name.equals("STORE")) && !lastSegmentIsEmpty(name)) {
        assertEquals(at < mended ? AttackedStore.Outcome.REFUSED : AttackedStore.Outcome.CORRECT, outcome, attack.toString());
      }
    }
  }

  /** Where the end of a log begins that the trusted counter keeps, and puts back whatever is there; far away if not in that segment. */
  private int mendedFrom(String segment) {
    target.restore("today");
    try (CounterFile counter = CounterFile.openToRead(StateDirectory.counterFile(target.place.counters, target.place.data)).orElseThrow()) {
      LogTail tail = counter.read().orElseThrow().tail(segment.startsWith("wal") ? LogName.WAL : LogName.MANIFEST);
      return segment.endsWith("%010d.log".formatted(tail.segment())) ? (int) tail.position() : Integer.MAX_VALUE;
    }
  }

  /** RocksDB 11.8 reads a record of the types 5 to 8 in its MANIFEST for ever: it must not come to that. */
  @Test
  @Timeout(60)
  void recordTypesThatMakeRocksDbSpinAreRefused() throws Exception {
    Path manifest = files().stream().filter(file -> file.getFileName().toString().startsWith("MANIFEST-")).findFirst().orElseThrow();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(manifest)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < bytes.limit(); at += 7 + bytes.getShort(at + 4)) {
      int typeAt = at + 6;
      for (byte type = 5; type <= 8; type++) {
        byte[] changed = bytes.array().clone();
        changed[typeAt] = type;
        assertEquals(
            AttackedStore.Outcome.REFUSED, strike(new Attack("type " + type + " at " + typeAt, there -> Files.write(manifest, changed))));
      }
    }
  }

  /** The tail behind the confirmed record may hold anything. */
  private boolean lastSegmentIsEmpty(String name) throws IOException {
    return !name.equals("STORE") && WrittenBytes.of(target.dataOf("today").resolve(name)) <= 98;
  }

  @ParameterizedTest
  @MethodSource("everyFile")
  void aFileCutExtendedOverwrittenOrDeletedIsHarmlessOrNoticed(String name) throws Exception {
    Path file = target.place.data.resolve(name);
    byte[] noise = new byte[5000];
    new Random(seed).nextBytes(noise);
    for (Attack attack : List.of(
        new Attack("delete " + name, there -> Files.delete(file)),
        new Attack("empty " + name, there -> Files.write(file, new byte[0])),
        new Attack("cut the last byte of " + name, there -> cut(file, 1)),
        new Attack("cut the last byte written of " + name, there -> cut(file, Files.size(file) - WrittenBytes.of(file) + 1)),
        new Attack("cut half of " + name, there -> cut(file, Files.size(file) - WrittenBytes.of(file) / 2)),
        new Attack("zeros in place of half of " + name, there -> {
          byte[] bytes = Files.readAllBytes(file);
          Arrays.fill(bytes, WrittenBytes.of(file) / 2, bytes.length, (byte) 0);
          Files.write(file, bytes);
        }),
        new Attack("extend " + name + " by a byte", there -> Files.write(file, new byte[1], StandardOpenOption.APPEND)),
        new Attack("extend " + name + " by noise", there -> Files.write(file, noise, StandardOpenOption.APPEND)),
        new Attack("double " + name, there -> Files.write(file, Files.readAllBytes(file), StandardOpenOption.APPEND)),
        new Attack("noise instead of " + name, there -> Files.write(file, noise)),
        new Attack("a directory instead of " + name, there -> {
          Files.delete(file);
          Files.createDirectory(file);
        }),
        new Attack("a sparse gigabyte behind " + name, there -> {
          try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 30);
          }
        }))) {
      if (!(attack.name().contains("gigabyte") && name.startsWith("leaves"))) {
        strike(attack);
      }
    }
  }

  private static void cut(Path file, long bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(Math.max(0, open.length() - bytes));
    }
  }

  @Test
  void swappedFilesAreHarmlessOrNoticed() throws Exception {
    List<Path> files = files();
    for (Path one : files) {
      for (Path other : files) {
        if (one.compareTo(other) < 0) {
          strike(new Attack("swap " + one + " and " + other, there -> {
            Path aside = one.resolveSibling("aside");
            Files.move(one, aside);
            Files.move(other, one);
            Files.move(aside, other);
          }));
        }
      }
    }
  }

  @Test
  void anyFileOfAnEarlierDayIsHarmlessOrNoticed() throws Exception {
    List<Attack> attacks = new ArrayList<>();
    for (String day : List.of("day1", "day2")) {
      Path data = target.dataOf(day);
      try (Stream<Path> all = Files.walk(data)) {
        for (Path old : all.filter(Files::isRegularFile).toList()) {
          Path file = target.place.data.resolve(data.relativize(old).toString());
          attacks.add(new Attack(day + "'s " + data.relativize(old), there -> Files.copy(old, file, StandardCopyOption.REPLACE_EXISTING)));
        }
      }
    }
    for (Attack attack : attacks) {
      strike(attack);
    }
  }

  private AttackedStore.Outcome strike(Attack attack) {
    try {
      return target.strike(attack);
    } catch (Throwable e) {
      throw new AssertionError("after the attack \"" + attack + "\"; replay with -Dtest=FileAttackTest -Dseed=" + seed, e);
    }
  }
}
