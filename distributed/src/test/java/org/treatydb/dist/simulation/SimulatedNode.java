package org.treatydb.dist.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.dist.enclave.counter.CounterMember;
import org.treatydb.dist.enclave.counter.CounterTimes;
import org.treatydb.dist.enclave.counter.QuorumCounter;
import org.treatydb.dist.enclave.counter.WeakenedMembers;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.dist.enclave.rpc.Services;
import org.treatydb.dist.enclave.shard.ShardMaps;
import org.treatydb.dist.node.ClusterNode;
import org.treatydb.dist.node.LocalClock;
import org.treatydb.dist.node.Trouble;
import org.treatydb.kv.SeenNonces;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.crash.Survival;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.embedded.NodeStore;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.crypto.WeakenedKeys;
import org.treatydb.kv.enclave.log.SealedLog;
import org.treatydb.kv.enclave.store.StoreLimits;
import org.treatydb.kv.workload.WeakenedStore;

/** A node of the simulated cluster: its disk and clock, and the process that runs on them, one after the other. */
final class SimulatedNode {

  private static final long SECOND = 1_000_000_000;
  private static final long LOOK_NANOS = SECOND / 20;
  private static final CounterTimes TIMES = new CounterTimes(2 * SECOND, SECOND / 20, SECOND / 4, 60 * SECOND, 120 * SECOND);

  /** A clock that tells and learns nothing. */
  private static final NodeClock STOPPED = new NodeClock() {
    @Override
    public long now() {
      return 0;
    }

    @Override
    public void merge(long timestamp) {
      // Learns nothing.
    }
  };

  private final World world;
  private final int id;
  private final String copy;
  private final List<Integer> others;
  private final Entropy entropy;
  private final StoreLimits limits;
  final SimulatedClock clock;
  final SimulatedDisk disk;
  final WatchedCounter.Confirmed confirmed;
  private boolean wasOpened;
  private boolean attacked;
  private boolean adopts;
  private SimulatedDisk.Image truth;
  private long changesWhenAttacked;
  private int boots;
  SimulatedProcess process;
  private ClusterNode serving;
  private KvStore clients;
  private KvException trouble;
  private String unrest;

  SimulatedNode(World world, int id, List<Integer> others) {
    this(world, id, "", others, new SeenNonces(), new WatchedCounter.Confirmed());
  }

  private SimulatedNode(
      World world, int id, String copy, List<Integer> others, SeenNonces seen, WatchedCounter.Confirmed confirmed) {
    this.world = world;
    this.id = id;
    this.copy = copy;
    this.others = others;
    Random random = world.chance("node " + id + copy);
    this.entropy = world.entropy("entropy of node " + id + copy);
    this.clock = new SimulatedClock(world.scheduler, random.nextInt(2_000) - 1_000);
    this.disk = new SimulatedDisk(id, world.scheduler, random, world.trace, world.faults, seen);
    this.confirmed = confirmed;
    this.limits = limits(random);
    this.process = new SimulatedProcess(world.scheduler, "n" + id + copy + ".0");
    process.kill();
  }

  /** Another node that says it is this one, on a copy of its disk. */
  SimulatedNode twin() {
    SimulatedNode twin = new SimulatedNode(world, id, copy + "'", others, disk.seen(), confirmed);
    twin.disk.restore(disk.image());
    twin.wasOpened = true;
    twin.attacked = true;
    attacked = true;
    return twin;
  }

  /** Somebody changes what lies on its disk, while no process runs on it. */
  void attack(SimulatedDisk.Image changed) {
    attacked = true;
    truth = disk.image();
    changesWhenAttacked = confirmed.changes();
    disk.restore(changed);
  }

  /** Its operator vouches for its disk, until it serves. */
  void adopt() {
    adopts = true;
  }

  /** Whether somebody has changed its disk, so that it may refuse to go on. */
  boolean isAttacked() {
    return attacked;
  }

  /** Puts back what lay there before the attack; false if that would be an attack, too, since the node has gone on. */
  boolean undoAttack() {
    if (truth == null || confirmed.changes() != changesWhenAttacked) {
      return false;
    }
    disk.restore(truth);
    return true;
  }

  /** So small that a run flushes, checkpoints, begins and drops segments; or so large that it does not. */
  private static StoreLimits limits(Random random) {
    int memTable = random.nextInt(3) == 0 ? 64 << 10 : 2 << 10 << random.nextInt(3);
    long cache = random.nextBoolean() ? 0 : 16 << 20;
    return new StoreLimits(memTable, 1 + random.nextInt(2), cache, 2 + random.nextInt(4), new SealedLog.Limits(2 << 10, 512, 4 << 10));
  }

  int id() {
    return id;
  }

  String name() {
    return "node " + id + copy;
  }

  private KeySchedule keys() {
    byte[] key = new byte[SecretKey.BYTES];
    Arrays.fill(key, (byte) id);
    return world.control.off().map(WeakenedKeys::without).orElse(KeySchedule::new).apply(SecretKey.takeOver(key), store());
  }

  private StoreId store() {
    return new StoreId(("simulated-node-" + id).getBytes(StandardCharsets.US_ASCII));
  }

  /** Begins a process on this node's disk. */
  void boot() {
    boots++;
    serving = null;
    clients = null;
    trouble = null;
    unrest = name() + " starts; ";
    process = new SimulatedProcess(world.scheduler, "n" + id + copy + "." + boots);
    SimulatedProcess mine = process;
    world.line(name(), "boots");
    mine.start(() -> open(mine));
  }

  private CounterMember member(LocalClock ownClock, Entropy entropy, SimulatedProcess mine) {
    NodeClock kept = world.control == Control.ROUNDS_WITHOUT_CLOCKS ? STOPPED : ownClock.promising();
    if (world.control == Control.NO_BOOT_EPOCHS) {
      return WeakenedMembers.withoutEpochs(id, kept, disk.countersFile(), keys(), clock, entropy, mine.threads());
    }
    return new CounterMember(id, kept, disk.countersFile(), keys(), clock, entropy, mine.threads());
  }

  private NodeClock inRounds(LocalClock ownClock) {
    return world.control == Control.ROUNDS_WITHOUT_CLOCKS ? STOPPED : ownClock;
  }

  private void open(SimulatedProcess mine) {
    Entropy entropy = world.control == Control.ENTROPY_REPEATS ? world.entropy("entropy of all boots of node " + id) : this.entropy;
    Services services = new Services();
    Transport transport = world.network.transport(id, mine);
    LocalClock ownClock = new LocalClock();
    try {
      services.add(Service.COUNTER, member(ownClock, entropy, mine));
      transport.serve(world.control == Control.EXECUTES_TWICE ? new RepeatingServices(services) : services);
      QuorumCounter members =
          new QuorumCounter(id, others, !wasOpened, transport, inRounds(ownClock), TIMES, clock, entropy, mine.threads());
      if (adopts) {
        members.adopt(NodeStore.stateOnHost(store(), keys(), disk.host(members, clock, entropy, mine)));
        world.line(name(), "has had its disk adopted");
      }
      TrustedCounter quorum = new WatchedCounter(members, confirmed, world.scheduler);
      ShardMaps shards = world.shards.view(mine);
      TrustedCounter counter =
          world.control == Control.ANSWERS_BEFORE_STABLE ? new HastyCounter(quorum, world.scheduler, mine) : quorum;
      ClusterNode opened = new ClusterNode(new ClusterNode.Parts(
          id, others, transport, services, ownClock, counter,
          given -> NodeStore.onHost(
              id, store(), keys(), disk.host(given, clock, entropy, mine), limits, EmbeddedStoreOptions.defaults()),
          shards, clock, mine.threads()));
      wasOpened = true;
      adopts = false;
      serving = opened;
      KvStore store = world.control == Control.RANGES_UNLOCKED
          ? new WeakenedStore(opened.store(), WeakenedStore.Weakness.RANGES_ARE_NOT_LOCKED) : opened.store();
      clients = new ClientStore(store, world.scheduler);
      world.line(name(), "serves, in boot " + opened.local().bootEpoch());
      mine.start(() -> lookNowAndThen(opened));
    } catch (KvException e) {
      world.line(name(), "does not start: " + e);
      trouble = e;
    }
  }

  /** Ends the process, if there is one: by SIGKILL, or with the power. */
  void crash(Survival survival) {
    if (!process.isDead()) {
      process.kill();
      disk.crash(survival);
      world.line(name(), "crashes: " + survival);
    }
    serving = null;
    clients = null;
    unrest = name() + " is down; ";
    trouble = null;
  }

  boolean isServing() {
    return serving != null;
  }

  ClusterNode node() {
    return serving;
  }

  /** The cluster's store, as this node's clients have it; null if it does not serve. */
  KvStore clients() {
    return clients;
  }

  int boots() {
    return boots;
  }

  /** What ails the node, as it has last said; null if nothing does. */
  KvException trouble() {
    return trouble;
  }

  /** What is under way on the node, as it has last said; empty if nothing is. */
  String unrest() {
    return unrest;
  }

  /** The node looks at itself: nobody else may, who would wait for its locks. */
  private void lookNowAndThen(ClusterNode self) {
    while (true) {
      try {
        Trouble.check(self);
        List<TransactionId> inDoubt = self.local().inDoubt();
        LockView locks = self.local().locks();
        boolean rests = inDoubt.isEmpty() && locks.holders().isEmpty() && locks.waiters().isEmpty();
        String moving = Trouble.moving(self);
        unrest = rests && moving.isEmpty() ? "" : name() + ": in doubt " + inDoubt + ", " + locks + ", " + moving + "; ";
      } catch (KvException e) {
        trouble = e;
        return;
      }
      world.scheduler.sleep(LOOK_NANOS);
    }
  }
}
