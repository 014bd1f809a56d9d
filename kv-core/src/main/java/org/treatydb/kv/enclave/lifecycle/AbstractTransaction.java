package org.treatydb.kv.enclave.lifecycle;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.api.TransactionLimits;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.api.TransactionView;
import org.treatydb.kv.boundary.Clock;
import org.treatydb.kv.enclave.store.Health;
import org.treatydb.kv.enclave.version.EntryCursor;

/**
 * What all kinds of transaction share: the life cycle, and the cursors that end with it. The owner's calls go through a gate, through
 * which others end the transaction, too: between two calls, never during one.
 */
public abstract class AbstractTransaction implements KvTransaction {

  /** How often to look whether another thread is done that ends the transaction. */
  private static final long PAUSE_NANOS = 20_000;

  private final Health health;
  private final TransactionId id;
  private final TransactionView.Kind kind;
  private final OpenTransactions open;
  private final Clock clock;
  private final long begunNanos;
  private final long timeoutNanos;
  private final long idleTimeoutNanos;

  private final CallGate gate = new CallGate();
  private final Set<Cursor> cursors = new LinkedHashSet<>();
  /** Why it is to end, as soon as no call is under way; null: it is not. */
  private volatile ErrorCode doom;
  /** Whether nothing but its owner ends it any more. Written from inside. */
  private volatile boolean outlives;
  private volatile boolean cancelled;
  /** Why it has ended. Published by the gate's closing. */
  private ErrorCode end;

  /** What the gate showed when it was last looked at, and since when it has shown that. */
  private volatile long passagesSeen = -1;
  private volatile long seenSinceNanos;

  protected AbstractTransaction(TransactionId id, TransactionView.Kind kind, Surroundings surroundings, TransactionOptions options) {
    this.id = id;
    this.kind = kind;
    this.health = surroundings.health();
    this.open = surroundings.open();
    this.clock = surroundings.clock();
    this.begunNanos = clock.nanoTime();
    this.seenSinceNanos = begunNanos;
    this.timeoutNanos = nanos(options.timeout().orElse(surroundings.limits().timeout()));
    this.idleTimeoutNanos = nanos(options.idleTimeout().orElse(surroundings.limits().idleTimeout()));
  }

  /** What all transactions of one store share, wherever its data lies. */
  public record Surroundings(Health health, OpenTransactions open, Clock clock, TransactionLimits limits) {}

  private static long nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  // --- the calls, from inside the gate ---

  /** The value of {@code key}, whose array is the caller's. */
  protected abstract byte[] read(byte[] key, boolean forUpdate);

  protected abstract List<byte[]> readAll(List<byte[]> keys);

  protected abstract KvCursor openScan(KeyRange range, ScanOptions options);

  /** Writes; takes the arrays over. {@code value} null: a delete. */
  protected abstract void write(byte[] key, byte[] value);

  protected abstract Savepoint mark();

  protected abstract void undoTo(Savepoint savepoint);

  protected abstract void forget(Savepoint savepoint);

  protected abstract void commitWrites();

  /** Gives back what the transaction holds: locks, snapshot, memory. Called once. */
  protected abstract void giveBack();

  /** Returns when all is stable that the transaction has read. It may have ended. */
  protected void awaitReads() {
    // Whoever reads nothing but what is stable has nothing to wait for.
  }

  /** What the caller is told when the snapshot has got too old. */
  protected KvException tooOld(KvException.Closed refusal) {
    return refusal;
  }

  /** Told when the transaction is cancelled, or no longer; by any thread. */
  protected void cancelled(boolean now) {
    // Whoever waits for nobody need not be woken.
  }

  /** Memory that the writes take, as far as another thread can see. */
  protected long writtenBytes() {
    return 0;
  }

  // --- the gate ---

  private void enter() {
    while (!gate.tryEnter()) {
      if (gate.isClosed()) {
        throw refusal(end);
      }
      if (doom == null) {
        throw new IllegalStateException("a transaction is used by one thread at a time");
      }
      // Neither a spin nor a yield: whoever ends the transaction may need this thread's processor to get on.
      clock.parkUntil(this, clock.nanoTime() + PAUSE_NANOS);
    }
    if (isDoomed()) {
      finish(doom);
      throw refusal(end);
    }
  }

  private boolean isDoomed() {
    ErrorCode reason = doom;
    return reason != null && !(outlives && isForOthersToTell(reason));
  }

  private static boolean isForOthersToTell(ErrorCode reason) {
    return reason == ErrorCode.TRANSACTION_TIMEOUT || reason == ErrorCode.IDLE_TIMEOUT || reason == ErrorCode.STORE_CLOSING;
  }

  private void leave() {
    gate.leave();
    if (isDoomed() && gate.tryEnter()) {
      finish(doom);
    }
  }

  /** Does what an owner's call asks for, from outside. */
  protected final <T> T call(Supplier<T> work) {
    enter();
    try {
      health.check();
      return work.get();
    } catch (RuntimeException e) {
      throw noted(e);
    } finally {
      leave();
    }
  }

  private void checkNotCancelled() {
    if (cancelled) {
      throw new KvException.InvalidRequest(ErrorCode.CANCELLED, "the statement was cancelled");
    }
  }

  private void run(Runnable work) {
    call(() -> {
      work.run();
      return null;
    });
  }

  /** As {@link #call}, without cursors from then on; the transaction has ended if that throws. */
  protected final <T> T lastCall(Supplier<T> work) {
    return call(() -> {
      boolean done = false;
      try {
        List.copyOf(cursors).forEach(Cursor::closeInside);
        T result = work.get();
        done = true;
        return result;
      } finally {
        if (!done) {
          finish();
        }
      }
    });
  }

  /** Ends the transaction; from inside. */
  protected final void finish() {
    finish(ErrorCode.TRANSACTION_ENDED);
  }

  /** From now on neither time nor the store's closing ends the transaction; from inside. */
  protected final void outlive() {
    outlives = true;
  }

  /** Passes {@code e} on, to be called from inside; ends the transaction if it cannot go on after that. */
  private RuntimeException noted(RuntimeException e) {
    boolean tooOld = e instanceof KvException.Closed closed && closed.code() == ErrorCode.SNAPSHOT_TOO_OLD;
    RuntimeException told = tooOld ? tooOld((KvException.Closed) e) : health.noted(e);
    if (tooOld || told instanceof KvException.Retryable) {
      finish(ErrorCode.TRANSACTION_ENDED);
    }
    return told;
  }

  private static KvException refusal(ErrorCode reason) {
    String message = switch (reason) {
      case IDLE_TIMEOUT -> "the transaction was idle for too long and has been rolled back";
      case TRANSACTION_TIMEOUT -> "the transaction took too long and has been rolled back";
      case STORE_CLOSING -> "the store is closing; the transaction has been rolled back";
      default -> "the transaction has ended";
    };
    return new KvException.Closed(reason, message);
  }

  /** Ends the transaction; from inside. */
  private void finish(ErrorCode reason) {
    if (gate.isClosed()) {
      return;
    }
    end = reason;
    try {
      List.copyOf(cursors).forEach(Cursor::closeInside);
      giveBack();
    } finally {
      open.remove(this);
      gate.close();
    }
  }

  // --- from outside ---

  /** Ends the transaction for {@code reason}: now, or when the call under way returns. Called by any thread. */
  final void end(ErrorCode reason) {
    if (outlives && isForOthersToTell(reason)) {
      return;
    }
    doom = reason;
    if (gate.tryEnter()) {
      if (outlives && isForOthersToTell(reason)) {
        gate.leave();
      } else {
        finish(reason);
      }
    }
  }

  /** Ends the transaction if it has lasted or lain idle too long. Called often, by one thread. */
  final void expire(long now) {
    look(now);
    if (now - begunNanos >= timeoutNanos) {
      end(ErrorCode.TRANSACTION_TIMEOUT);
    } else if (now - seenSinceNanos >= idleTimeoutNanos) {
      end(ErrorCode.IDLE_TIMEOUT);
    }
  }

  private void look(long now) {
    long passages = gate.passages();
    if (passages != passagesSeen || gate.isBusy()) {
      passagesSeen = passages;
      seenSinceNanos = now;
    }
  }

  /** How much longer the transaction may last; not positive if its time is up. From inside. */
  protected final long leftNanos() {
    return timeoutNanos == Long.MAX_VALUE ? Long.MAX_VALUE : timeoutNanos - (clock.nanoTime() - begunNanos);
  }

  /** Ends the transaction, whose time is up, as soon as the call under way returns; gives what that is to throw. */
  protected final KvException timedOut() {
    doom = ErrorCode.TRANSACTION_TIMEOUT;
    return refusal(ErrorCode.TRANSACTION_TIMEOUT);
  }

  /** The shorter of its timeouts. */
  final long timeoutNanosMin() {
    return Math.min(timeoutNanos, idleTimeoutNanos);
  }

  final TransactionView view(long now) {
    boolean unseen = gate.passages() != passagesSeen || gate.isBusy();
    return new TransactionView(
        id, kind, Duration.ofNanos(now - begunNanos), unseen ? Duration.ZERO : Duration.ofNanos(now - seenSinceNanos), writtenBytes());
  }

  // --- the API ---

  @Override
  public final TransactionId id() {
    return id;
  }

  static void checkKey(byte[] key) {
    if (key.length > KvStore.KEY_BYTES_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.LIMIT_EXCEEDED, "a key of " + key.length + " bytes; at most " + KvStore.KEY_BYTES_MAX + " are allowed");
    }
  }

  @Override
  public final byte[] get(byte[] key) {
    checkKey(key);
    checkNotCancelled();
    return call(() -> read(key, false));
  }

  @Override
  public final byte[] getForUpdate(byte[] key) {
    checkKey(key);
    checkNotCancelled();
    return call(() -> read(key, true));
  }

  @Override
  public final List<byte[]> multiGet(List<byte[]> keys) {
    keys.forEach(AbstractTransaction::checkKey);
    checkNotCancelled();
    return call(() -> readAll(keys));
  }

  @Override
  public final KvCursor scan(KeyRange range, ScanOptions options) {
    checkNotCancelled();
    return call(() -> openScan(range, options));
  }

  @Override
  public final void put(byte[] key, byte[] value) {
    checkKey(key);
    if (value.length > KvStore.VALUE_BYTES_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.LIMIT_EXCEEDED, "a value of " + value.length + " bytes; at most " + KvStore.VALUE_BYTES_MAX + " are allowed");
    }
    checkNotCancelled();
    run(() -> write(key.clone(), value.clone()));
  }

  @Override
  public final void delete(byte[] key) {
    checkKey(key);
    checkNotCancelled();
    run(() -> write(key.clone(), null));
  }

  @Override
  public final Savepoint savepoint() {
    return call(this::mark);
  }

  @Override
  public final void rollbackTo(Savepoint savepoint) {
    run(() -> undoTo(savepoint));
  }

  @Override
  public final void release(Savepoint savepoint) {
    run(() -> forget(savepoint));
  }

  @Override
  public final void commit() {
    lastCall(() -> {
      commitWrites();
      finish();
      return null;
    });
  }

  @Override
  public final void rollback() {
    end(ErrorCode.TRANSACTION_ENDED);
    awaitReads();
  }

  @Override
  public final void close() {
    rollback();
  }

  @Override
  public final void setCancelled(boolean now) {
    cancelled = now;
    cancelled(now);
  }

  /** Hands out {@code entries}, from inside; {@code closing} runs once, when the cursor or the transaction is closed. */
  protected final KvCursor opened(EntryCursor entries, Runnable closing) {
    Cursor cursor = new Cursor(entries, closing);
    cursors.add(cursor);
    return cursor;
  }

  private final class Cursor implements KvCursor {

    private final EntryCursor entries;
    private final Runnable closing;
    private boolean closed;

    Cursor(EntryCursor entries, Runnable closing) {
      this.entries = entries;
      this.closing = closing;
    }

    private void checkOpen() {
      if (closed) {
        throw new KvException.Closed(ErrorCode.TRANSACTION_ENDED, "the cursor is closed");
      }
    }

    @Override
    public boolean next() {
      checkNotCancelled();
      enter();
      try {
        checkOpen();
        health.check();
        return entries.next();
      } catch (RuntimeException e) {
        throw noted(e);
      } finally {
        leave();
      }
    }

    @Override
    public byte[] key() {
      enter();
      try {
        checkOpen();
        return entries.key();
      } finally {
        leave();
      }
    }

    @Override
    public byte[] value() {
      enter();
      try {
        checkOpen();
        return entries.value();
      } catch (RuntimeException e) {
        throw noted(e);
      } finally {
        leave();
      }
    }

    /** Closes it, unless the end of the transaction has done so, or is about to. */
    @Override
    public void close() {
      if (gate.tryEnter()) {
        try {
          closeInside();
        } finally {
          leave();
        }
      }
    }

    private void closeInside() {
      if (!closed) {
        closed = true;
        cursors.remove(this);
        closing.run();
      }
    }
  }
}
