package org.treatydb.dist.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.security.cert.CertificateException;
import org.treatydb.dist.boundary.Peer;

/** How one end of connections protects them. The one for use is {@link Tls}; tests show what happens without. Thread-safe. */
interface Security {

  /** How often an open connection is looked at again: its certificate may have expired, or been revoked. */
  int RECHECK_SECONDS = 30;

  /**
   * Puts the protection in front of a new connection's handlers. It tells them with Netty's event {@code SslHandshakeCompletionEvent} how
   * the handshake ended.
   */
  void protect(Channel channel, ChannelPipeline pipeline);

  /** Who is at the other end, as of now: to be asked after the handshake, and again when others may have been revoked. */
  Peer peer(Channel channel) throws CertificateException;
}
