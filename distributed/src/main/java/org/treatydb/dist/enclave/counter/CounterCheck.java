package org.treatydb.dist.enclave.counter;

/** What a member checks of a request. All of it, always; tests leave single checks out to show what an attack would gain. */
enum CounterCheck {
  /** A node moves and reads only its own counter. */
  PEER,
  /** What an older boot says is refused. */
  EPOCH,
  /** A request was made for this boot of the member. */
  NONCE
}
