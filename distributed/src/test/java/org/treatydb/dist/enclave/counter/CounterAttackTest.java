package org.treatydb.dist.enclave.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.dist.enclave.counter.CounterCluster.HASTY;
import static org.treatydb.dist.enclave.counter.CounterCluster.OTHER;
import static org.treatydb.dist.enclave.counter.CounterCluster.PATIENT;
import static org.treatydb.dist.enclave.counter.CounterCluster.QUIET;
import static org.treatydb.dist.enclave.counter.CounterCluster.STORE;
import static org.treatydb.dist.enclave.counter.CounterCluster.head;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.dist.net.MemoryNetwork.Message;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter.State;

@Timeout(60)
class CounterAttackTest {

  private static void assertRefused(ErrorCode code, Runnable work) {
    assertEquals(code, assertThrows(KvException.IntegrityViolation.class, work::run).code());
  }

  private static LogHead wal(QuorumCounter boot) {
    return boot.read().orElseThrow().heads().get(LogName.WAL);
  }

  private static State disk(long epoch, long wal) {
    return new State(STORE, epoch, Map.of(LogName.WAL, head(wal)));
  }

  /** All that node 1 has sent, also to those it told again: each member was restarted once, at record 5; then came records up to 9. */
  private static List<Message> history(CounterCluster cluster) {
    QuorumCounter counter = cluster.firstBoot(PATIENT);
    counter.confirm(1, LogName.WAL, head(5));
    for (int member : new int[] {2, 3}) {
      Runnable told = cluster.told(member);
      cluster.restart(member);
      told.run();
    }
    List<Message> old = cluster.network.delivered(each -> each.from() == 1 && !each.isReply());
    counter.confirm(1, LogName.WAL, head(9));
    counter.close();
    return old;
  }

  @Test
  void messagesOfThePastChangeNothing() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      List<Message> old = history(cluster);
      old.forEach(cluster.network::inject);
      assertEquals(head(9), wal(cluster.boot(PATIENT)));
    }
  }

  @Test
  void messagesOfThePastDoNotTellAMemberThatHasForgotten() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      attackForgetfulMembers(cluster);
      assertThrows(KvException.Unavailable.class, () -> cluster.boot(HASTY).read());
    }
  }

  @Test
  void withoutTheCheckOfBootsMessagesOfThePastRollANodeBack() {
    try (CounterCluster cluster = CounterCluster.without(3, CounterCheck.NONCE)) {
      attackForgetfulMembers(cluster);
      assertEquals(head(5), wal(cluster.boot(PATIENT)));
    }
  }

  private static void attackForgetfulMembers(CounterCluster cluster) {
    List<Message> old = history(cluster);
    cluster.stop(2);
    cluster.stop(3);
    cluster.disks.get(2).bytes = null;
    cluster.disks.get(3).bytes = null;
    cluster.start(2);
    cluster.start(3);
    old.stream().filter(each -> !CounterCluster.is(each, CounterRequest.Register.class)).forEach(cluster.network::inject);
  }

  /** What node 3 sends to take node 1's next epoch away from it. */
  private static byte[] usurp(CounterCluster cluster) {
    Held base = new Held(new State(STORE, 1, Map.of(LogName.WAL, head(1))), 1, new BootNonce(new byte[16]));
    CounterRequest bind = new CounterRequest(1, new BootNonce(new byte[16]), 0, new CounterRequest.Bind(base));
    return cluster.network.inject(CounterCluster.message(3, 2, bind));
  }

  @Test
  void aNodeCanNeitherMoveNorReadAnothersCounter() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(QUIET);
      cluster.network.cutOff(3);
      counter.confirm(1, LogName.WAL, head(1));
      assertThrows(KvException.InvalidRequest.class, () -> CounterCodec.decodeReply(usurp(cluster)));
      CounterRequest ask = new CounterRequest(1, new BootNonce(new byte[16]), 0, new CounterRequest.Ask());
      for (int stranger : new int[] {0, 2, 3}) {
        byte[] reply = cluster.network.inject(CounterCluster.message(stranger, 2, ask));
        assertThrows(KvException.InvalidRequest.class, () -> CounterCodec.decodeReply(reply), "node " + stranger);
      }
      counter.confirm(1, LogName.WAL, head(2));
    }
  }

  @Test
  void withoutTheCheckOfPeersANodeFencesAnother() {
    try (CounterCluster cluster = CounterCluster.without(3, CounterCheck.PEER)) {
      QuorumCounter counter = cluster.firstBoot(QUIET);
      cluster.network.cutOff(3);
      counter.confirm(1, LogName.WAL, head(1));
      assertTrue(CounterCodec.decodeReply(usurp(cluster)).accepted());
      assertRefused(ErrorCode.FENCED, () -> counter.confirm(1, LogName.WAL, head(2)));
    }
  }

  @Test
  void whenAllHaveForgottenOnlyTheOperatorsWordHelps() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      counter.confirm(1, LogName.WAL, head(8));
      cluster.network.await(1, each -> each.to() == 3 && CounterCluster.is(each, CounterRequest.Confirm.class));
      counter.close();
      cluster.restartAtOnce(2, 3);
      String message = assertThrows(KvException.Unavailable.class, () -> cluster.boot(HASTY).read()).getMessage();
      assertTrue(message.contains("adopt") && message.contains("node 2 (") && message.contains("node 3 ("), message);
      assertThrows(KvException.Unavailable.class, () -> cluster.boot(HASTY, true).read(), "nor is it taken for a new node");
      assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> cluster.boot(PATIENT, true).register(OTHER));

      assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> cluster.boot(PATIENT).adopt(disk(1, 7)));
      State adopted = cluster.boot(PATIENT).adopt(disk(1, 8));
      assertEquals(disk(2, 8), adopted);
      QuorumCounter next = cluster.boot(PATIENT);
      assertEquals(Optional.of(adopted), next.read());
      assertEquals(3, next.bindEpoch(2));
      next.confirm(3, LogName.WAL, head(9));
    }
  }

  /** A boot has left record 9, which was never confirmed; the next one has bound its epoch without it, and wrote nothing. */
  @Test
  void whatALaterBootHasNotTakenOverIsNotAdopted() {
    for (int remembers : new int[] {2, 3}) {
      try (CounterCluster cluster = new CounterCluster(3)) {
        QuorumCounter counter = cluster.firstBoot(PATIENT);
        counter.confirm(1, LogName.WAL, head(8));
        counter.close();
        QuorumCounter next = cluster.boot(PATIENT);
        next.bindEpoch(next.read().orElseThrow().bootEpoch());
        for (int member = 2; member <= 3; member++) {
          int there = member;
          cluster.network.await(1, message -> message.to() == there && CounterCluster.is(message, CounterRequest.Confirm.class)
              && ((CounterRequest.Confirm) CounterCluster.decode(message).body()).state().bootEpoch() == 2);
        }
        next.close();
        cluster.restart(5 - remembers);
        assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> cluster.boot(PATIENT).adopt(disk(1, 7)));
        assertEquals(disk(3, 8), cluster.boot(PATIENT).adopt(disk(1, 9)));
        QuorumCounter adopted = cluster.boot(PATIENT);
        assertEquals(disk(3, 8), adopted.read().orElseThrow());
        adopted.confirm(adopted.bindEpoch(3), LogName.WAL, head(9));
      }
    }
  }

  @Test
  void theOperatorsWordDoesNotOverrideWhatAMemberKnows() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      counter.confirm(1, LogName.WAL, head(8));
      counter.close();
      LogHead otherEight = new LogHead(8, new byte[LogHead.DIGEST_BYTES]);
      List<State> wrong = List.of(
          disk(1, 7), new State(STORE, 1, Map.of()), new State(OTHER, 1, Map.of(LogName.WAL, head(8))),
          new State(STORE, 1, Map.of(LogName.WAL, otherEight)));
      for (State found : wrong) {
        assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> cluster.boot(PATIENT).adopt(found));
      }
      assertEquals(disk(1, 8), cluster.boot(PATIENT).read().orElseThrow());
    }
  }

  @Test
  void anOldDiskOfAMemberIsNotBelieved() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      counter.confirm(1, LogName.WAL, head(5));
      Runnable told = cluster.told(2);
      cluster.restart(2);
      told.run();
      byte[] old = cluster.disks.get(2).bytes;
      // The one whose disk is put back must not be the only one that knows the newest.
      Predicate<Message> holding = each -> each.to() == 3 && CounterCluster.is(each, CounterRequest.Confirm.class);
      int before = cluster.network.delivered(holding).size();
      counter.confirm(1, LogName.WAL, head(9));
      cluster.network.await(before + 2, holding);
      counter.close();
      cluster.stop(2);
      cluster.disks.get(2).bytes = old;
      cluster.start(2);
      assertThrows(KvException.Unavailable.class, () -> cluster.boot(HASTY).read());
      QuorumCounter operator = cluster.boot(PATIENT);
      assertRefused(ErrorCode.ROLLBACK_DETECTED, () -> operator.adopt(disk(1, 6)));
      assertEquals(disk(2, 9), operator.adopt(disk(1, 9)));
    }
  }

  @Test
  void aChangedDiskOfAMemberIsRefused() {
    try (CounterCluster cluster = new CounterCluster(3)) {
      QuorumCounter counter = cluster.firstBoot(PATIENT);
      counter.confirm(1, LogName.WAL, head(5));
      cluster.network.await(1, each -> each.to() == 2 && CounterCluster.is(each, CounterRequest.Confirm.class));
      counter.close();
      cluster.stop(2);
      byte[] genuine = cluster.disks.get(2).bytes;
      for (int at = 0; at < genuine.length; at++) {
        byte[] changed = genuine.clone();
        changed[at] ^= 1;
        cluster.disks.get(2).bytes = changed;
        assertRefused(ErrorCode.INTEGRITY_VIOLATION, () -> cluster.start(2));
      }
      cluster.disks.get(2).bytes = Arrays.copyOf(genuine, 10);
      assertRefused(ErrorCode.INTEGRITY_VIOLATION, () -> cluster.start(2));
      cluster.stop(3);
      cluster.disks.get(3).bytes = genuine;
      assertRefused(ErrorCode.INTEGRITY_VIOLATION, () -> cluster.start(3));
      cluster.disks.get(2).bytes = genuine;
      cluster.disks.get(3).bytes = null;
      cluster.start(2);
      cluster.start(3);
    }
  }
}
