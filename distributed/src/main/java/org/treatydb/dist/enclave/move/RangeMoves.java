package org.treatydb.dist.enclave.move;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;

/**
 * A node's part in moves of ranges, and the operator's way to them. Thread-safe; one thread runs it.
 */
public final class RangeMoves implements Transport.Handler, Runnable {

  /** Bytes of keys and values for a step that disturbs nobody for long. */
  public static final int STEP_BYTES_DEFAULT = 1 << 20;

  private static final int STEP_BYTES_MAX = 16 << 20;
  private static final long STEP_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long UNREACHABLE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final MovingNode here;
  private final RangeGiver giver;
  private final RangeTaker taker;

  public RangeMoves(MovingNode here) {
    this.here = here;
    this.giver = new RangeGiver(here);
    this.taker = new RangeTaker(here);
  }

  @Override
  public byte[] handle(Peer peer, byte[] request) {
    try {
      return MoveCodec.encode(answer(peer, MoveCodec.decodeRequest(request)));
    } catch (KvException e) {
      return MoveCodec.encode(new MoveReply.Failed(e));
    }
  }

  private MoveReply answer(Peer peer, MoveRequest request) {
    return switch (request) {
      case MoveRequest.Give give -> giver.give(give.range(), give.to(), Math.clamp(give.bytes(), 1, STEP_BYTES_MAX));
      case MoveRequest.Take take -> {
        taker.take(peer.node(), take);
        yield new MoveReply.Done(here.store().clock());
      }
      case MoveRequest.Learn learn -> {
        here.maps().learn(learn.map());
        yield new MoveReply.Done(here.store().clock());
      }
    };
  }

  /** What has moved so far. */
  public record Progress(KeyRange moved, int from, long rows) {}

  /**
   * Has the nodes that have parts of {@code range} give them to {@code to}, step by step. What {@code to} has already stays; so who is cut
   * off in the middle calls again.
   *
   * @param stepBytes about so many bytes of keys and values move at once; as long as they do, nobody reads or writes them
   * @param progress told of every step
   * @return how many rows have moved
   * @throws KvException if it does not go on; what has moved so far has moved
   */
  public long move(KeyRange range, int to, int stepBytes, Consumer<Progress> progress) {
    if (range.start().length > KvStore.KEY_BYTES_MAX || range.end() != null && range.end().length > KvStore.KEY_BYTES_MAX) {
      throw new KvException.InvalidRequest(ErrorCode.LIMIT_EXCEEDED, "a range's bounds have " + KvStore.KEY_BYTES_MAX + " bytes at most");
    }
    long rows = 0;
    long begun = here.clock().nanoTime();
    while (true) {
      try {
        Optional<ShardMap.Piece> next = here.maps().newest().pieces(range).stream().filter(piece -> piece.node() != to).findFirst();
        if (next.isEmpty()) {
          return rows;
        }
        ShardMap.Piece piece = next.get();
        MoveReply.Gave gave = (MoveReply.Gave) here.ask(piece.node(), new MoveRequest.Give(piece.range(), to, stepBytes), STEP_NANOS_MAX);
        rows += gave.rows();
        progress.accept(new Progress(gave.range(), piece.node(), gave.rows()));
        begun = here.clock().nanoTime();
      } catch (KvException.Retryable e) {
        long patience = e.code() == ErrorCode.NODE_UNREACHABLE ? UNREACHABLE_NANOS : PATIENCE_NANOS;
        if (here.clock().nanoTime() - begun >= patience) {
          throw e;
        }
        here.pause(this, PAUSE_NANOS);
      }
    }
  }

  @Override
  public void run() {
    giver.run();
  }

  /** No more moves begin. What is under way is finished by the next boot. */
  public void close() {
    giver.close();
  }
}
