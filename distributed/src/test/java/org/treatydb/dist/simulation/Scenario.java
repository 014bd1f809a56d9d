package org.treatydb.dist.simulation;

/** What somebody does of purpose in a run, in several steps, beside all that goes wrong by chance. */
enum Scenario {
  /** Nothing. */
  NONE,
  /** A node's logs go on while nothing of it is confirmed; it ends, and goes another way; then those logs are put back. */
  UNCONFIRMED_PAST,
  /** A node stops for a moment, as a virtual machine that is copied; the copy takes over, and then the node goes on. */
  LIVE_COPY,
  /** All nodes end at once, and an operator vouches for their disks. Who attacks mixes two pasts on one of them. */
  ADOPTION
}
