package org.treatydb.dist.enclave.counter;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter.State;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;

/** What a member makes of a file of counters that it did not write. */
class RememberedCountersTest {

  private static RememberedCounters of(CounterCluster.MemoryFile file) {
    return new RememberedCounters(
        2, file, new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), CounterCluster.STORE), byte[]::new);
  }

  private static Stream<byte[]> files() throws IOException {
    CounterCluster.MemoryFile file = new CounterCluster.MemoryFile();
    State state = new State(CounterCluster.STORE, 300, Map.of(LogName.WAL, CounterCluster.head(7)));
    of(file).write(Map.of(1, new Held(state, 299, new BootNonce(new byte[BootNonce.BYTES]))));
    return Stream.of(file.bytes);
  }

  @MethodSource("files")
  @FuzzTest
  void files(byte[] bytes) {
    CounterCluster.MemoryFile file = new CounterCluster.MemoryFile();
    DecoderContract.of(each -> {
      file.bytes = each;
      return of(file).read();
    }).refusingWith(KvException.IntegrityViolation.class).check(bytes);
  }
}
