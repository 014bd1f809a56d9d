/**
 * The network side: Avatica's protocol, protocol buffers over HTTP.
 *
 * <p>Called by the launcher's {@code server} command and by tests; calls {@code org.treatydb.jdbc.meta} for every request. What arrives is
 * not trusted: it is bounded in size, reaches only the session it names, and an answer never holds more of a failure than its SQLState and
 * its message. {@link org.treatydb.jdbc.server.SignIn} finds out who speaks before anything is done for him.
 */
package org.treatydb.jdbc.server;
