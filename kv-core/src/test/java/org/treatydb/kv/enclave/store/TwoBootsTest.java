package org.treatydb.kv.enclave.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.LockLimits;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.embedded.DirectoryCopy;
import org.treatydb.kv.embedded.MemoryDirectory;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.file.FileLogStorage;
import org.treatydb.kv.host.rocksdb.RocksSealedStore;
import org.treatydb.kv.host.system.OffHeapMemory;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** Two boots from two copies of one store's files, at one counter: a fork. */
class TwoBootsTest {

  private static final StoreLimits LIMITS = new StoreLimits(1 << 20, 2, 1 << 20, 64, SealedLog.Limits.DEFAULT);
  private static final StoreId STORE = new StoreId("two-boots-store!".getBytes(StandardCharsets.US_ASCII));
  private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  /** A counter that believes whoever comes: no epochs, no order. */
  private static final class CredulousCounter implements TrustedCounter {
    private State state = new State(STORE, 0, Map.of());

    @Override
    public Optional<State> read() {
      return Optional.of(state);
    }

    @Override
    public void register(StoreId store) {
      state = new State(store, 0, Map.of());
    }

    @Override
    public long bindEpoch(long present) {
      state = new State(STORE, present + 1, state.heads());
      return present + 1;
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head) {
      Map<LogName, LogHead> heads = new EnumMap<>(LogName.class);
      heads.putAll(state.heads());
      heads.put(log, head);
      state = new State(STORE, state.bootEpoch(), heads);
    }

    @Override
    public void close() {
      // Nothing to give back.
    }
  }

  private static KvStore boot(Path data, TrustedCounter counter) throws IOException {
    RocksSealedStore leaves = new RocksSealedStore(data.resolve("leaves"), true, new RocksSealedStore.Memory(1 << 20, 1 << 20));
    HostEnvironment host = new HostEnvironment(
        new FileLogStorage(data.resolve("wal")), new FileLogStorage(data.resolve("manifest")), leaves, counter,
        new OffHeapMemory(), new SystemClock(), new SystemEntropy(), Thread.ofVirtual().factory());
    KeySchedule keys = new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE);
    return new TransactionalStore(0, new VersionStore(STORE, keys, host, LIMITS), host, TransactionLimits.DEFAULT, LockLimits.DEFAULT);
  }

  private static void put(KvStore store, String value) {
    try (KvTransaction transaction = store.begin()) {
      transaction.put(KEY, value.getBytes(StandardCharsets.US_ASCII));
      transaction.commit();
    }
  }

  private static String get(KvStore store) {
    try (KvTransaction transaction = store.begin()) {
      return new String(transaction.get(KEY), StandardCharsets.US_ASCII);
    }
  }

  private Path copyOf(Path data) throws IOException {
    Files.createDirectories(data);
    return DirectoryCopy.of(data, directory.resolve("copy"));
  }

  @Test
  void theOlderBootCanAcknowledgeNothingMore() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    try (CounterFile counter = new CounterFile(directory.resolve("counter"))) {
      counter.register(STORE);
      KvStore first = boot(data, counter);
      put(first, "common past");
      KvStore second = boot(copyOf(data), counter);
      assertEquals("common past", get(second));
      assertThrows(KvException.UnknownOutcome.class, () -> put(first, "of the first"));
      KvException fenced = assertThrows(KvException.IntegrityViolation.class, first::begin);
      assertEquals(ErrorCode.FENCED, fenced.code());
      put(second, "of the second");
      assertEquals("of the second", get(second));
      first.close();
      second.close();
    }
  }

  /** The control: without fencing both acknowledge, and one of the two commits is lost. */
  @Test
  void withoutFencingBothWouldGoOn() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    CredulousCounter counter = new CredulousCounter();
    KvStore first = boot(data, counter);
    put(first, "common past");
    KvStore second = boot(copyOf(data), counter);
    put(first, "of the first");
    put(second, "of the second");
    assertEquals("of the first", get(first));
    assertEquals("of the second", get(second));
    first.close();
    second.close();
  }
}
