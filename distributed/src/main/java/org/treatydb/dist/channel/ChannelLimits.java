package org.treatydb.dist.channel;

import java.util.concurrent.TimeUnit;
import org.treatydb.dist.boundary.Transport;

/**
 * Bounds of a channel. Immutable.
 *
 * @param messageBytesMax the longest request or reply; whoever sends a longer one is cut off
 * @param callsMax calls under way to one peer; more wait, until their deadline
 * @param callBytesMax bytes of requests under way to one peer; more wait
 * @param handlersMax requests of one peer that are handled at once; while there are so many, nothing more is read from it
 * @param connectionsMax connections that a server holds; more are closed at once
 * @param handshakeMillis how long connecting may take, and after that the handshake
 * @param backOffMillisMin the pause after a first connection has failed; it doubles with each one that fails
 * @param backOffMillisMax up to this
 * @param silenceMillis how long the network may leave sent bytes unacknowledged before the connection is given up (Linux only)
 */
public record ChannelLimits(
    int messageBytesMax,
    int callsMax,
    long callBytesMax,
    int handlersMax,
    int connectionsMax,
    int handshakeMillis,
    int backOffMillisMin,
    int backOffMillisMax,
    int silenceMillis) {

  /** Between the nodes of a cluster. */
  public static final ChannelLimits NODES = new ChannelLimits(
      Transport.MESSAGE_BYTES_MAX, 4096, 2L * Transport.MESSAGE_BYTES_MAX, 2048, 1024, seconds(5), 20, 1000, seconds(10));

  /** For a server that also serves strangers: short messages, few at once. */
  public static final ChannelLimits STRANGERS = new ChannelLimits(4 << 20, 64, 8 << 20, 16, 256, seconds(5), 50, 1000, seconds(10));

  public ChannelLimits {
    if (messageBytesMax < 1 || messageBytesMax > Transport.MESSAGE_BYTES_MAX || callsMax < 1 || callBytesMax < messageBytesMax
        || handlersMax < 1 || connectionsMax < 1 || handshakeMillis < 1 || backOffMillisMin < 1 || backOffMillisMax < backOffMillisMin
        || silenceMillis < 1) {
      throw new IllegalArgumentException("limits that let nothing through");
    }
  }

  private static int seconds(int seconds) {
    return (int) TimeUnit.SECONDS.toMillis(seconds);
  }
}
