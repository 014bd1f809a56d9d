package org.treatydb.dist.enclave.counter;

import java.util.Optional;

/**
 * What a member answers, if it does not fail.
 *
 * @param member the boot of the member
 * @param accepted whether it did what was asked, or says yes
 * @param held what it holds now; empty if it has been told nothing since it was started
 * @param remembered what it held once, as its disk says: not to be believed as the newest
 */
record CounterReply(BootNonce member, boolean accepted, Optional<Held> held, Optional<Held> remembered) {}
