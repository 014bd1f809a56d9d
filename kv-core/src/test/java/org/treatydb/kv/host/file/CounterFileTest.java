package org.treatydb.kv.host.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.LogTail;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

class CounterFileTest {

  private static final int SLOT_BYTES = CounterSlot.BYTES_MAX;
  private static final StoreId STORE = new StoreId(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

  private static final LogTail TAIL = new LogTail(3, 77, new byte[] {1, 2, 3});

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("of-a-store").resolve("it.counter");
  }

  private static LogHead head(long counter) {
    byte[] digest = new byte[LogHead.DIGEST_BYTES];
    Arrays.fill(digest, (byte) counter);
    return new LogHead(counter, digest);
  }

  /** Registers, binds epoch 1 and confirms record 1 of the WAL: writes 1, 2 and 3, of which the third lies in slot 1. */
  private void use() {
    try (CounterFile counter = new CounterFile(file)) {
      counter.register(STORE);
      counter.bindEpoch(0);
      counter.confirm(1, LogName.WAL, head(1));
    }
  }

  @Test
  void aTailLastsUntilTheNextConfirmationOfItsLog() {
    use();
    byte[] full = new byte[CounterSlot.TAIL_BYTES_MAX];
    Arrays.fill(full, (byte) 7);
    LogTail longest = new LogTail(Long.MAX_VALUE, Long.MAX_VALUE, full);
    try (CounterFile counter = new CounterFile(file)) {
      for (LogName log : LogName.values()) {
        counter.confirm(1, log, head(10), longest);
      }
      counter.bindEpoch(1);
    }
    for (LogName log : LogName.values()) {
      assertEquals(longest, read().orElseThrow().tail(log));
    }
    try (CounterFile counter = new CounterFile(file)) {
      counter.confirm(2, LogName.WAL, head(11), TAIL);
      counter.confirm(2, LogName.CLOG, head(11));
      LogTail tooLong = new LogTail(1, 1, new byte[CounterSlot.TAIL_BYTES_MAX + 1]);
      assertThrows(IllegalArgumentException.class, () -> counter.confirm(2, LogName.WAL, head(12), tooLong));
    }
    TrustedCounter.State state = read().orElseThrow();
    assertEquals(Map.of(LogName.WAL, TAIL, LogName.MANIFEST, longest), state.tails());
    assertEquals(head(11), state.heads().get(LogName.WAL), "what was refused counts");
  }

  private Optional<TrustedCounter.State> read() {
    try (CounterFile counter = new CounterFile(file)) {
      return counter.read();
    }
  }

  @Test
  void itIsWrittenAndReadAsEver() throws IOException {
    use();
    try (CounterFile counter = new CounterFile(file)) {
      counter.confirm(1, LogName.MANIFEST, head(9));
      counter.confirm(1, LogName.WAL, head(2), TAIL);
    }
    byte[] newest = Arrays.copyOfRange(Files.readAllBytes(file), SLOT_BYTES, SLOT_BYTES + 350);
    assertArrayEquals(newest, GoldenFile.check("counter-file", newest));
    TrustedCounter.State expected = new TrustedCounter.State(
        STORE, 1, Map.of(LogName.WAL, head(2), LogName.MANIFEST, head(9)), Map.of(LogName.WAL, TAIL));
    assertEquals(Optional.of(expected), read());
  }

  @Test
  void aNewOneKnowsNothing() {
    assertEquals(Optional.empty(), read());
  }

  @Test
  void aTornWriteLeavesTheStateBefore() throws IOException {
    use();
    byte[] good = Files.readAllBytes(file);
    for (int at : new int[] {0, 1, 5, 9, 40, 100, 240}) {
      byte[] torn = good.clone();
      torn[SLOT_BYTES + at] ^= 1;
      Files.write(file, torn);
      TrustedCounter.State before = read().orElseThrow();
      assertEquals(1, before.bootEpoch());
      assertTrue(before.isUnused(), "the torn confirmation counts");
    }
    try (CounterFile counter = new CounterFile(file)) {
      counter.confirm(1, LogName.WAL, head(2));
    }
    assertEquals(head(2), read().orElseThrow().heads().get(LogName.WAL));
  }

  @Test
  void aCrashWithinTheFirstWriteLeavesANewOne() throws IOException {
    try (CounterFile counter = new CounterFile(file)) {
      counter.register(STORE);
    }
    byte[] first = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, SLOT_BYTES, SLOT_BYTES + 100, first.length - 1}) {
      byte[] torn = Arrays.copyOf(first, length);
      if (length > SLOT_BYTES + 50) {
        torn[SLOT_BYTES + 50] ^= 1;
      }
      Files.write(file, torn);
      assertEquals(Optional.empty(), read());
    }
    Files.write(file, new byte[2 * SLOT_BYTES]);
    use();
    assertEquals(head(1), read().orElseThrow().heads().get(LogName.WAL));
  }

  @Test
  void aFileWithoutAnyReadableStateIsDamaged() throws IOException {
    use();
    byte[] bytes = Files.readAllBytes(file);
    bytes[3] ^= 1;
    bytes[SLOT_BYTES + 3] ^= 1;
    Files.write(file, bytes);
    assertThrows(KvException.IntegrityViolation.class, () -> new CounterFile(file));
    assertThrows(KvException.IntegrityViolation.class, () -> new CounterFile(file), "the first refusal kept the file claimed");
  }

  @Test
  void onlyANewerHeadIsConfirmed() {
    use();
    try (CounterFile counter = new CounterFile(file)) {
      assertThrows(KvException.IntegrityViolation.class, () -> counter.confirm(1, LogName.WAL, head(1)));
      counter.confirm(1, LogName.WAL, head(7));
      assertThrows(KvException.IntegrityViolation.class, () -> counter.confirm(1, LogName.WAL, head(6)));
      counter.confirm(1, LogName.CLOG, head(1));
      assertEquals(head(7), counter.read().orElseThrow().heads().get(LogName.WAL));
    }
  }

  @Test
  void anOlderBootIsFenced() {
    use();
    try (CounterFile counter = new CounterFile(file)) {
      assertEquals(2, counter.bindEpoch(1));
      for (long old : new long[] {0, 1, 3}) {
        KvException fenced = assertThrows(KvException.IntegrityViolation.class, () -> counter.confirm(old, LogName.WAL, head(2)));
        assertEquals(ErrorCode.FENCED, fenced.code());
        assertThrows(KvException.IntegrityViolation.class, () -> counter.bindEpoch(old));
      }
      counter.confirm(2, LogName.WAL, head(2));
    }
  }

  @Test
  void aStoreInUseIsNotReplaced() {
    try (CounterFile counter = new CounterFile(file)) {
      counter.register(STORE);
      StoreId other = new StoreId(new byte[StoreId.BYTES]);
      counter.register(other);
      assertEquals(other, counter.read().orElseThrow().store());
      counter.bindEpoch(0);
      counter.confirm(1, LogName.MANIFEST, head(1));
      KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> counter.register(STORE));
      assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
    }
  }

  @Test
  void itIsHeldByOneAtATime() {
    try (CounterFile counter = new CounterFile(file)) {
      assertEquals(ErrorCode.STORE_IN_USE, assertThrows(KvException.Unavailable.class, () -> new CounterFile(file)).code());
      counter.register(STORE);
    }
    assertEquals(STORE, read().orElseThrow().store());
  }
}
