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
  /** Sealed bytes are not authenticated. */
  NO_TAG(Defences.Defence.TAG);

  private final Defences.Defence off;

  Control(Defences.Defence off) {
    this.off = off;
  }

  /** What is not checked of sealed bytes. */
  Optional<Defences.Defence> off() {
    return Optional.ofNullable(off);
  }
}
