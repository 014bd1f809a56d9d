package org.treatydb.dist.enclave.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.treatydb.dist.enclave.counter.CounterCluster.STORE;
import static org.treatydb.dist.enclave.counter.CounterCluster.head;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter.State;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;

class CounterCodecTest {

  private static final BootNonce BOOT = new BootNonce("boot of the node".getBytes(StandardCharsets.US_ASCII));
  private static final BootNonce MEMBER = new BootNonce("boot of a member".getBytes(StandardCharsets.US_ASCII));
  private static final State STATE =
      new State(STORE, 300, Map.of(LogName.WAL, head(100_000), LogName.CLOG, head(7), LogName.MANIFEST, head(1)));
  private static final Held HELD = new Held(STATE, 299, BOOT);

  private static final List<CounterRequest.Body> BODIES = List.of(
      new CounterRequest.Ask(), new CounterRequest.Store(MEMBER, true, STATE), new CounterRequest.Confirm(MEMBER, STATE),
      new CounterRequest.Bind(HELD), new CounterRequest.Verify(MEMBER, 301), new CounterRequest.Register(MEMBER, false, STORE, 5),
      new CounterRequest.Adopt(MEMBER, STATE, 400));

  private static final CounterReply REPLY = new CounterReply(MEMBER, true, Optional.of(HELD), Optional.of(HELD));
  private static final Map<Integer, Held> NODES = Map.of(1, HELD, 3, new Held(new State(STORE, 0, Map.of()), 0, MEMBER));

  @Test
  void requestsAreAsEver() {
    ByteWriter all = new ByteWriter(1024);
    BODIES.forEach(body -> all.bytes(CounterCodec.encode(new CounterRequest(3, BOOT, 123_456_789, body))));
    ByteReader golden = new ByteReader(GoldenFile.check("counter-requests", all.toByteArray()));
    for (CounterRequest.Body body : BODIES) {
      byte[] request = golden.bytes(1000);
      assertEquals(new CounterRequest(3, BOOT, 123_456_789, body), CounterCodec.decodeRequest(request));
    }
  }

  @Test
  void repliesAreAsEver() {
    CounterReply reply = REPLY;
    byte[] bytes = GoldenFile.check("counter-reply", CounterCodec.encode(reply));
    assertEquals(reply, CounterCodec.decodeReply(bytes));
    byte[] failed = CounterCodec.encode(new KvException.IntegrityViolation(ErrorCode.FENCED, "another boot", null));
    KvException failure = assertThrows(KvException.IntegrityViolation.class, () -> CounterCodec.decodeReply(failed));
    assertEquals(ErrorCode.FENCED, failure.code());
  }

  @Test
  void theFileOfAMemberIsAsEver() throws Exception {
    CounterCluster.MemoryFile file = new CounterCluster.MemoryFile();
    KeySchedule keys = new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE);
    RememberedCounters disk = new RememberedCounters(2, file, keys, byte[]::new);
    Map<Integer, Held> nodes = NODES;
    disk.write(nodes);
    file.bytes = GoldenFile.check("counters-of-others", file.bytes);
    assertEquals(nodes, disk.read());
  }

  private static Stream<byte[]> requests() {
    return BODIES.stream().map(body -> CounterCodec.encode(new CounterRequest(3, BOOT, 123_456_789, body)));
  }

  @MethodSource("requests")
  @FuzzTest
  void requests(byte[] bytes) {
    DecoderContract.of(CounterCodec::decodeRequest).writtenBy(CounterCodec::encode).check(bytes);
  }

  private static Stream<byte[]> replies() {
    return Stream.of(
        CounterCodec.encode(REPLY), CounterCodec.encode(new KvException.IntegrityViolation(ErrorCode.FENCED, "another boot", null)));
  }

  @MethodSource("replies")
  @FuzzTest
  void replies(byte[] bytes) {
    DecoderContract.of(CounterCodecTest::replied).writtenBy(reply -> reply).check(bytes);
  }

  /** A failure is a reply, too. */
  private static byte[] replied(byte[] bytes) {
    try {
      return CounterCodec.encode(CounterCodec.decodeReply(bytes));
    } catch (KvException e) {
      return CounterCodec.encode(e);
    }
  }

  private static Stream<byte[]> nodes() {
    return Stream.of(CounterCodec.encode(NODES));
  }

  @MethodSource("nodes")
  @FuzzTest
  void nodes(byte[] bytes) {
    DecoderContract.of(CounterCodec::decodeNodes).writtenBy(CounterCodec::encode).check(bytes);
  }
}
