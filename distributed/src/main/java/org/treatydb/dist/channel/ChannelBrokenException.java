package org.treatydb.dist.channel;

/** Why a call did not get its reply. Its callers learn it as a retryable error. Has no stack: it says where the other end is, not we. */
final class ChannelBrokenException extends Exception {
  ChannelBrokenException(String why) {
    super(why, null, false, false);
  }

  /** In words, without the stack of the event loop. */
  static ChannelBrokenException because(String what, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new ChannelBrokenException(what + ": " + (root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage()));
  }
}
