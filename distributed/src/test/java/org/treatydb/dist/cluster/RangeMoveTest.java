package org.treatydb.dist.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;

/** Ranges move from node to node, and all keys stay what they are, whoever is silent or ends in the middle. */
@Timeout(180)
class RangeMoveTest {

  private static final ShardMap SHARDS =
      new ShardMap(1, List.of(new Shard(new byte[0], 1), new Shard(new byte[] {20}, 2), new Shard(new byte[] {30}, 3)));

  private static final int KEYS = 200;
  /** A step takes a few of the keys. */
  private static final int STEP_BYTES = 400;
  /** What a request begins with that asks a node to take a range: the service, its format, the kind. */
  private static final byte MOVES = 7;
  private static final byte TAKE = 2;
  private static final KeyRange ALL_OF_2 = new KeyRange(new byte[] {20}, new byte[] {30});
  private static final TransactionOptions IMPATIENT = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofSeconds(3));
  private static final TransactionOptions VERY_IMPATIENT = TransactionOptions.READ_WRITE.withLockTimeout(Duration.ofMillis(200));

  @TempDir Path directory;
  private LocalCluster cluster;

  @BeforeEach
  void start() {
    cluster = new LocalCluster(directory, 3, SHARDS);
    cluster.store(1).run(transaction -> {
      for (int i = 0; i < KEYS; i++) {
        transaction.put(key(i), value(i));
      }
      return null;
    });
  }

  @AfterEach
  void end() {
    cluster.network.heal();
    cluster.shards.heal();
    cluster.close();
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(5).put((byte) 20).putInt(number).array();
  }

  private static byte[] value(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private long move(int asked, KeyRange range, int to) {
    return cluster.node(asked).moves().move(range, to, STEP_BYTES, _ -> { });
  }

  private List<Integer> seenBy(int node) {
    return cluster.store(node).run(TransactionOptions.READ_ONLY, RangeMoveTest::numbers);
  }

  private static List<Integer> numbers(KvTransaction transaction) {
    List<Integer> numbers = new ArrayList<>();
    try (KvCursor rows = transaction.scan(KeyRange.ALL)) {
      while (rows.next()) {
        numbers.add(ByteBuffer.wrap(rows.value()).getInt());
      }
    }
    return numbers;
  }

  private static List<Integer> upTo(int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private void assertAllThereOnNode(int owner) {
    for (int node = 1; node <= 3; node++) {
      assertEquals(upTo(KEYS), seenBy(node), "seen from node " + node);
    }
    assertTrue(cluster.shards.present().isOn(owner, ALL_OF_2));
    assertEquals(upTo(KEYS), storedAt(owner));
    for (int node = 1; node <= 3; node++) {
      byte[] written = value(KEYS / 2);
      cluster.store(node).run(IMPATIENT, transaction -> {
        assertArrayEquals(written, transaction.getForUpdate(key(KEYS / 2)));
        transaction.put(key(KEYS / 2), written);
        return null;
      });
    }
  }

  /** What lies there, whoever serves it. */
  private List<Integer> storedAt(int node) {
    return cluster.node(node).local().run(TransactionOptions.READ_ONLY, RangeMoveTest::numbers);
  }

  @Test
  void aRangeMovesWithItsRowsAndNothingStaysBehind() {
    assertEquals(KEYS, move(1, ALL_OF_2, 3));
    assertAllThereOnNode(3);
    assertEquals(List.of(), storedAt(2));
    assertEquals(List.of(new Shard(new byte[0], 1).toString(), new Shard(new byte[] {20}, 3).toString()),
        cluster.shards.present().shards().stream().map(Shard::toString).toList());
  }

  @Test
  void aRangeMovesThereAndBackAndOn() {
    move(2, ALL_OF_2, 3);
    move(2, ALL_OF_2, 2);
    assertAllThereOnNode(2);
    move(3, KeyRange.ALL, 1);
    assertAllThereOnNode(1);
    assertEquals(List.of(), storedAt(3));
    assertEquals(1, cluster.shards.present().shards().size());
  }

  @Test
  void whoAsksAgainMovesNothing() {
    move(1, ALL_OF_2, 3);
    long version = cluster.shards.present().version();
    assertEquals(0, move(2, ALL_OF_2, 3));
    assertEquals(version, cluster.shards.present().version());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void whatHasMovedStaysSoOverARestartOf(int node) {
    move(1, ALL_OF_2, 3);
    cluster.stop(node);
    cluster.start(node);
    assertAllThereOnNode(3);
  }

  @Test
  void aTransactionThatHoldsLocksIsWaitedFor() {
    KvTransaction writer = cluster.store(1).begin();
    writer.put(key(KEYS), value(KEYS));
    writer.getForUpdate(key(KEYS - 1));
    Thread mover = Thread.ofVirtual().start(() -> move(3, ALL_OF_2, 3));
    while (cluster.shards.present().nodeOf(key(0)) != 3) {
      Thread.onSpinWait();
    }
    assertEquals(2, cluster.shards.present().nodeOf(key(KEYS - 1)));
    writer.commit();
    assertJoined(mover);
    assertEquals(upTo(KEYS + 1), seenBy(1));
  }

  private static void assertJoined(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTransactionWithTheOldMapRunsAgain() {
    try (KvTransaction before = cluster.store(1).begin()) {
      before.put(new byte[] {10}, value(0));
      move(1, ALL_OF_2, 3);
      KvException refused = assertThrows(KvException.Retryable.class, () -> before.get(key(1)));
      assertEquals(ErrorCode.STALE_SHARD_MAP, refused.code());
      assertEquals("40001", refused.code().sqlState());
    }
  }

  @Test
  void anOptimisticTransactionThatReadWhatHasMovedRunsAgain() {
    try (KvTransaction before = cluster.store(1).begin(TransactionOptions.OPTIMISTIC)) {
      before.get(key(1));
      before.put(new byte[] {10}, value(0));
      move(1, ALL_OF_2, 3);
      cluster.store(2).run(transaction -> {
        transaction.put(key(1), value(7));
        return null;
      });
      assertThrows(KvException.Retryable.class, before::commit);
    }
  }

  @Test
  void aSnapshotOfBeforeIsReadToItsEnd() {
    try (KvTransaction before = cluster.store(1).begin(TransactionOptions.READ_ONLY);
        KvCursor rows = before.scan(ALL_OF_2)) {
      assertTrue(rows.next());
      move(1, ALL_OF_2, 3);
      cluster.store(2).run(transaction -> {
        transaction.put(key(KEYS - 1), value(0));
        transaction.delete(key(KEYS - 2));
        return null;
      });
      int last = 0;
      for (int count = 1; rows.next(); count++) {
        last = ByteBuffer.wrap(rows.value()).getInt();
        assertEquals(count, last);
      }
      assertEquals(KEYS - 1, last);
      assertArrayEquals(value(KEYS - 2), before.get(key(KEYS - 2)));
    }
  }

  @Test
  void aNodeThatDoesNotAnswerGetsNothing() {
    cluster.stop(3);
    assertThrows(KvException.Retryable.class, () -> move(1, ALL_OF_2, 3));
    assertEquals(1, cluster.shards.present().version());
    cluster.start(3);
    assertAllThereOnNode(2);
  }

  private static boolean isTake(byte[] request) {
    return request[0] == MOVES && request[2] == TAKE;
  }

  @Test
  void aRangeThatTheOtherNodeDoesNotTakeStays() {
    cluster.network.loseRequests((_, request) -> isTake(request));
    assertThrows(KvException.Retryable.class, () -> move(1, ALL_OF_2, 3));
    cluster.network.heal();
    assertAllThereOnNode(2);
  }

  @Test
  void aRangeThatTheOtherNodeHasTakenWithoutSayingSoStays() {
    cluster.network.loseRepliesTo(RangeMoveTest::isTake);
    assertThrows(KvException.Retryable.class, () -> move(1, ALL_OF_2, 3));
    cluster.network.heal();
    byte[] later = value(KEYS / 2);
    cluster.store(1).run(transaction -> {
      transaction.put(key(1), later);
      return null;
    });
    move(1, ALL_OF_2, 3);
    assertArrayEquals(later, read(2, key(1)), "the rows that were taken first are old");
  }

  private byte[] read(int node, byte[] key) {
    return cluster.store(node).run(TransactionOptions.READ_ONLY, transaction -> transaction.get(key));
  }

  @Test
  void aMoveOfWhichTheOldOwnerDoesNotHearIsFinishedByIt() {
    Thread mover = moveUnheard();
    write(3, value(7));
    cluster.shards.heal();
    assertJoined(mover);
    assertArrayEquals(value(7), read(2, key(0)));
    assertEquals(KEYS, seenBy(1).size());
    assertEquals(List.of(), storedAt(2));
  }

  @Test
  void aMoveOfWhichTheOldOwnerDoesNotHearIsFinishedByItsNextBoot() {
    Thread mover = moveUnheard();
    cluster.stop(2);
    assertJoined(mover);
    cluster.shards.heal();
    cluster.start(2);
    move(1, ALL_OF_2, 3);
    assertAllThereOnNode(3);
    assertEquals(List.of(), storedAt(2));
  }

  /** The first step of a move: node 3 has the range, and node 2 does not hear that the map says so. */
  private Thread moveUnheard() {
    cluster.shards.cutOffAfterPublication(2);
    Thread mover = Thread.ofVirtual().start(() -> {
      try {
        move(2, ALL_OF_2, 3);
      } catch (KvException e) {
        // The node has ended.
      }
    });
    while (cluster.shards.present().nodeOf(key(0)) != 3) {
      Thread.onSpinWait();
    }
    return mover;
  }

  private void write(int node, byte[] value) {
    cluster.store(node).run(VERY_IMPATIENT, transaction -> {
      transaction.put(key(0), value);
      return null;
    });
  }

  /** Reads from node 2, as it believes the shards to be. */
  private byte[] readAt2() {
    try (KvTransaction transaction = cluster.store(2).begin(VERY_IMPATIENT)) {
      return transaction.get(key(0));
    }
  }

  private byte[] readSnapshotAt2() {
    try (KvTransaction transaction = cluster.store(2).begin(VERY_IMPATIENT.withReadOnly(true))) {
      return transaction.get(key(0));
    }
  }

  @Test
  void anOldOwnerThatKnowsOnlyTheOldMapServesNothingAlsoAfterItsRestart() {
    Thread mover = moveUnheard();
    write(3, value(7));
    assertThrows(KvException.Retryable.class, this::readAt2);
    assertThrows(KvException.Retryable.class, this::readSnapshotAt2);
    cluster.stop(2);
    assertJoined(mover);
    cluster.start(2, SHARDS);
    assertThrows(KvException.Retryable.class, this::readAt2);
    assertThrows(KvException.Retryable.class, this::readSnapshotAt2);
  }

  @Test
  void anOldOwnerThatHasFinishedAndKnowsOnlyTheOldMapServesNothing() {
    move(1, ALL_OF_2, 3);
    cluster.stop(2);
    cluster.shards.cutOff(2);
    cluster.start(2, SHARDS);
    assertThrows(KvException.Retryable.class, this::readAt2);
    assertThrows(KvException.Retryable.class, this::readSnapshotAt2);
  }

  @Test
  void controlAnOldOwnerWithoutItsFenceShowsWhatIsOld() {
    moveUnheard();
    write(3, value(7));
    cluster.forgetMoves(2, SHARDS);
    assertArrayEquals(value(0), readAt2());
    assertArrayEquals(value(0), readSnapshotAt2());
  }

  @Test
  void whatIsWrittenWhileTheRowsAreOnTheirWayIsNotLost() {
    assertEquals(0, writtenInTheMiddle());
    assertAllThereOnNode(3);
  }

  @Test
  void controlWithoutTheFenceWhatIsWrittenWhileTheRowsAreOnTheirWayIsLost() {
    cluster.forgetMoves(2, SHARDS);
    assertTrue(writtenInTheMiddle() > 0);
    cluster.tellOfShards(1);
    assertArrayEquals(value(0), read(1, key(0)));
  }

  /** Writes to the first key while its new owner is sent it; gives how many of the writes were acknowledged. */
  private int writtenInTheMiddle() {
    AtomicInteger written = new AtomicInteger();
    AtomicBoolean first = new AtomicBoolean(true);
    cluster.network.loseRequests((_, request) -> {
      if (isTake(request) && first.getAndSet(false)) {
        try (KvTransaction transaction = cluster.store(1).begin(VERY_IMPATIENT)) {
          transaction.put(key(0), value(7));
          transaction.commit();
          written.incrementAndGet();
        } catch (KvException.Retryable e) {
          // As it should be.
        }
      }
      return false;
    });
    move(2, ALL_OF_2, 3);
    return written.get();
  }

  @Test
  void anOldOwnerThatIsPutBackToBeforeTheMoveIsRefused() throws IOException {
    Path place = directory.resolve("node-2");
    Path copy = directory.resolve("copy");
    cluster.stop(2);
    copy(place, copy);
    cluster.start(2);
    move(1, ALL_OF_2, 3);
    cluster.stop(2);
    delete(place);
    copy(copy, place);
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> cluster.start(2, SHARDS));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : (Iterable<Path>) files::iterator) {
        Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
