package org.treatydb.dist.simulation;

import java.util.Optional;
import org.treatydb.kv.enclave.crypto.Defences;

/** A defence that is off in a run, which then must fail for some seed: one that never does shows that the simulator is blind. */
enum Control {
  /** All defences are on. */
  NONE(null),
  /** Votes, decisions and answers go out before the trusted counter has confirmed what they say. */
  ANSWERS_BEFORE_STABLE(null),
  /** A request that comes twice is executed twice. */
  EXECUTES_TWICE(null),
  /** The rounds of the trusted counter carry no clocks. */
  ROUNDS_WITHOUT_CLOCKS(null),
  /** Each boot of a node is given the same random bytes. */
  ENTROPY_REPEATS(null),
  /** Messages between nodes are not authenticated. */
  MESSAGES_WITHOUT_TAG(null),
  /** A message opens in any session, direction and place. */
  MESSAGES_WITHOUT_PLACE(null),
  /** Messages between nodes are not encrypted. */
  PLAINTEXT_ON_THE_WIRE(null),
  /** Whatever certificate is shown is taken. */
  CERTIFICATES_UNCHECKED(null),
  /** Revoked certificates are taken. */
  NO_REVOCATIONS(null),
  /** Whichever node answers is taken for the one that was called. */
  ANY_NODE_ANSWERS(null),
  /** Members of the trusted counter take what older boots of a node say. */
  NO_BOOT_EPOCHS(null, Scenario.LIVE_COPY),
  /** Whoever scans locks no range. */
  RANGES_UNLOCKED(null),
  /** Sealed bytes are not authenticated. */
  NO_TAG(Defences.Defence.TAG),
  /** Sealed bytes open wherever they are put. */
  NO_PLACE(Defences.Defence.PLACE),
  /** A leaf may hold other frames than the directory names. */
  NO_DIRECTORY(Defences.Defence.DIRECTORY),
  /** A log may lead elsewhere than to what the trusted counter has confirmed. */
  NO_LOG_DIGEST(Defences.Defence.LOG_DIGEST, Scenario.UNCONFIRMED_PAST),
  /** The WAL may be another than the MANIFEST goes with. */
  NO_WAL_HEAD(Defences.Defence.WAL_HEAD, Scenario.ADOPTION);

  private final Defences.Defence off;
  private final Scenario scenario;

  Control(Defences.Defence off) {
    this(off, null);
  }

  Control(Defences.Defence off, Scenario scenario) {
    this.off = off;
    this.scenario = scenario;
  }

  /** What the defence is there for, if that takes several steps. */
  Optional<Scenario> scenario() {
    return Optional.ofNullable(scenario);
  }

  /** What is not checked of sealed bytes. */
  Optional<Defences.Defence> off() {
    return Optional.ofNullable(off);
  }
}
