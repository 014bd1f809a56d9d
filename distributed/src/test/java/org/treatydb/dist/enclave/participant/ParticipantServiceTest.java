package org.treatydb.dist.enclave.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.enclave.branch.BranchCall;
import org.treatydb.dist.enclave.branch.BranchCall.Mode;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.branch.BranchReply;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.dist.enclave.shard.Holdings;
import org.treatydb.dist.enclave.shard.OwnRanges;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.MemoryHost;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.enclave.txn.TransactionalStore;
import org.treatydb.kv.enclave.wal.WalRecord;
import org.treatydb.kv.host.memory.MemorySealedStore;
import org.treatydb.kv.host.system.SystemClock;

/** A node as those see it who send it requests for branches, coordinators or not. */
class ParticipantServiceTest {

  private static final int OWN = 1;
  private static final int COORDINATOR = 7;
  private static final long LOCK_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final ShardMap MAP = ShardMap.dealtOut(List.of(OWN), 1);

  private final SystemClock clock = new SystemClock();
  private final TransactionalStore store = new MemoryHost(new MemorySealedStore(), clock)
      .openNode(new StoreLimits(32 << 20, 2, 128 << 20, 64, SealedLog.Limits.DEFAULT));
  private final ParticipantService service =
      new ParticipantService(store, new OwnRanges(OWN, () -> MAP, Holdings.NONE, 0, clock), new OpenBranches(clock));
  private long sequence;
  private long number;

  @AfterEach
  void close() {
    store.close();
  }

  private TransactionId begin() {
    number = 0;
    return new TransactionId(COORDINATOR, 1, ++sequence);
  }

  private BranchReply from(int peer, TransactionId transaction, BranchRequest request) {
    ByteWriter out = new ByteWriter(256);
    BranchCodec.encode(
        new BranchCall(transaction, ++number, false, 1, 0, Mode.LOCKING, 0, LOCK_TIMEOUT_NANOS, request), out);
    return BranchCodec.decodeAnswer(new ByteReader(service.handle(new Peer(peer), out.toByteArray()))).reply();
  }

  private BranchReply ask(TransactionId transaction, BranchRequest request) {
    return from(COORDINATOR, transaction, request);
  }

  private <T extends BranchReply> T ask(TransactionId transaction, BranchRequest request, Class<T> expected) {
    return assertInstanceOf(expected, ask(transaction, request));
  }

  private static void assertFailed(ErrorCode code, BranchReply reply) {
    assertEquals(code, assertInstanceOf(BranchReply.Failed.class, reply).failure().code());
  }

  private void write(WalRecord.Write... writes) {
    TransactionId transaction = begin();
    ask(transaction, new BranchRequest.CommitAlone(List.of(writes), 0, Long.MAX_VALUE), BranchReply.Committed.class);
  }

  private static byte[] key(int i) {
    return new byte[] {(byte) (i >> 8), (byte) i};
  }

  @Test
  void onlyItsCoordinatorMayAskForAnythingInATransaction() {
    TransactionId transaction = begin();
    BranchRequest prepare = new BranchRequest.Prepare(List.of(new WalRecord.Write(key(1), new byte[] {1})), 0);
    long timestamp = ask(transaction, prepare, BranchReply.Voted.class).timestamp();
    for (int stranger : new int[] {OWN, 3, Peer.ANONYMOUS}) {
      for (BranchRequest request : List.of(
          new BranchRequest.Get(key(1), false), new BranchRequest.Abort(), new BranchRequest.Commit(timestamp))) {
        assertFailed(ErrorCode.INVALID_ARGUMENT, from(stranger, transaction, request));
        number--;
      }
    }
    assertEquals(List.of(transaction), store.inDoubt());
    assertInstanceOf(BranchReply.Done.class, ask(transaction, new BranchRequest.Commit(timestamp)));
    assertEquals(List.of(), store.inDoubt());
  }

  @Test
  void severalKeysAreReadAtOnce() {
    write(new WalRecord.Write(key(1), new byte[] {1}), new WalRecord.Write(key(2), new byte[] {2}));
    TransactionId transaction = begin();
    List<byte[]> values =
        ask(transaction, new BranchRequest.MultiGet(List.of(key(2), key(3), key(1))), BranchReply.Values.class).values();
    assertEquals(2, values.get(0)[0]);
    assertNull(values.get(1));
    assertEquals(1, values.get(2)[0]);
    ask(transaction, new BranchRequest.Abort(), BranchReply.Done.class);
    assertFailed(ErrorCode.BRANCH_LOST, ask(transaction, new BranchRequest.Get(key(1), false)));
  }

  @Test
  void aCursorIsReadInPagesOfBoundedBytesAndMayBeClosedTwice() {
    byte[] value = new byte[200 << 10];
    for (int i = 0; i < 6; i++) {
      write(new WalRecord.Write(key(i), value));
    }
    TransactionId transaction = begin();
    BranchReply.Page first = ask(transaction, new BranchRequest.Scan(1, KeyRange.ALL, false, false), BranchReply.Page.class);
    assertEquals(2, first.entries().size());
    assertEquals(2, ask(transaction, new BranchRequest.Next(1), BranchReply.Page.class).entries().size());
    ask(transaction, new BranchRequest.CloseCursor(1), BranchReply.Done.class);
    ask(transaction, new BranchRequest.CloseCursor(1), BranchReply.Done.class);
    assertFailed(ErrorCode.TRANSACTION_ENDED, ask(transaction, new BranchRequest.Next(1)));
    BranchReply.Page page = ask(transaction, new BranchRequest.Scan(2, KeyRange.ALL, true, true), BranchReply.Page.class);
    int entries = page.entries().size();
    while (!page.last()) {
      page = ask(transaction, new BranchRequest.Next(2), BranchReply.Page.class);
      entries += page.entries().size();
    }
    assertEquals(6, entries);
    ask(transaction, new BranchRequest.CloseCursor(2), BranchReply.Done.class);
  }

  @Test
  void cursorsAreNotOpenedWithoutEnd() {
    for (int i = 0; i < 100; i++) {
      write(new WalRecord.Write(key(i), new byte[1]));
    }
    TransactionId transaction = begin();
    for (int i = 0; i < ParticipantService.CURSORS_MAX; i++) {
      ask(transaction, new BranchRequest.Scan(i, KeyRange.ALL, false, false), BranchReply.Page.class);
    }
    BranchRequest.Scan oneMore = new BranchRequest.Scan(ParticipantService.CURSORS_MAX, KeyRange.ALL, false, false);
    assertFailed(ErrorCode.LIMIT_EXCEEDED, ask(transaction, oneMore));
    ask(transaction, new BranchRequest.CloseCursor(3), BranchReply.Done.class);
    assertTrue(ask(transaction, oneMore) instanceof BranchReply.Page);
  }
}
