package org.treatydb.dist.channel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One call that waits for its reply, and its request on the way out. */
final class Call implements OutgoingMessage {

  private final long id;
  private final byte[] request;
  private final CompletableFuture<byte[]> reply = new CompletableFuture<>();
  private final Runnable whenOver;
  /** Whoever holds memory or a place for it: its request on the way out, and its caller. */
  private final AtomicInteger holders = new AtomicInteger(2);

  /**
   * A call that nobody waits for yet.
   *
   * @param id counted by the connection
   * @param whenOver run once, when its request has left and its caller waits no longer
   */
  Call(long id, byte[] request, Runnable whenOver) {
    this.id = id;
    this.request = request;
    this.whenOver = whenOver;
  }

  /** Completed with the reply, or with a {@link ChannelBrokenException}. */
  CompletableFuture<byte[]> reply() {
    return reply;
  }

  /** Its caller waits no longer. */
  void abandon() {
    reply.cancel(false);
    release();
  }

  private void release() {
    if (holders.decrementAndGet() == 0) {
      whenOver.run();
    }
  }

  @Override
  public long call() {
    return id;
  }

  @Override
  public byte[] payload() {
    return request;
  }

  @Override
  public boolean isUnwanted() {
    return reply.isDone();
  }

  @Override
  public void gone() {
    release();
  }
}
