package org.treatydb.dist.enclave.counter;

import java.util.EnumSet;
import java.util.concurrent.ThreadFactory;
import org.treatydb.dist.boundary.StateFile;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.enclave.crypto.KeySchedule;

/** Members of the trusted counter with a check off: for controls. */
public final class WeakenedMembers {

  private WeakenedMembers() {}

  /** A member that takes what boots say of epochs that are over. */
  public static CounterMember withoutEpochs(
      int own, NodeClock nodeClock, StateFile file, KeySchedule keys, Clock clock, Entropy entropy, ThreadFactory threads) {
    return new CounterMember(
        own, nodeClock, file, keys, clock, entropy, threads, EnumSet.complementOf(EnumSet.of(CounterCheck.EPOCH)));
  }
}
