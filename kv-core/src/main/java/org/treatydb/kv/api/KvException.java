package org.treatydb.kv.api;

import java.util.Objects;

/**
 * What every failure of the key-value API is. The subclass tells the caller what to do, the {@link ErrorCode} what went
 * wrong, the message tells a person. Messages never hold keys, values or secrets.
 *
 * <p>{@link KvStore#run} is the retry loop most callers need. By hand it is:
 *
 * <pre>{@code
 * while (true) {
 *   try (KvTransaction transaction = store.begin()) {
 *     work(transaction);
 *     transaction.commit();
 *     return;
 *   } catch (KvException.Retryable e) {      // SQLState 40001: nothing was changed, run it again (not for ever)
 *   } catch (KvException.UnknownOutcome e) { // 08007: it may have been committed; look, once the store is open again
 *     throw e;
 *   }
 * }
 * }</pre>
 */
public abstract sealed class KvException extends RuntimeException {

  private final ErrorCode code;

  private KvException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  public final ErrorCode code() {
    return code;
  }

  /** The transaction was rolled back through no fault of its own; running it again may succeed. Always SQLState 40001. */
  public static final class Retryable extends KvException {
    public Retryable(ErrorCode code, String message) {
      super(code, message, null);
    }
  }

  /** A commit was under way when the store failed: it may or may not have happened. Never retry it blindly. */
  public static final class UnknownOutcome extends KvException {
    public UnknownOutcome(String message, Throwable cause) {
      super(ErrorCode.OUTCOME_UNKNOWN, message, cause);
    }
  }

  /**
   * Stored bytes are not what this store wrote, or not the newest. The store has fenced itself and serves nothing more.
   */
  public static final class IntegrityViolation extends KvException {

    private static final String PREFIX = "Integrity violation: ";

    public IntegrityViolation(ErrorCode code, String message, Throwable cause) {
      super(code, PREFIX + message, cause);
    }

    /** What was found, where; without the words that every such message begins with. */
    public String finding() {
      return getMessage().substring(PREFIX.length());
    }

    public IntegrityViolation(String message) {
      this(ErrorCode.INTEGRITY_VIOLATION, message, null);
    }
  }

  /** The caller asked for something that cannot be done; nothing has changed. */
  public static final class InvalidRequest extends KvException {
    public InvalidRequest(ErrorCode code, String message) {
      super(code, message, null);
    }
  }

  /**
   * The store is closed, or the transaction has ended: by its owner, or because it took too long, lay idle too long, read a
   * snapshot too old, or the store is closing. What it had not committed is undone. Whether to run it again is for the caller
   * to decide: it may take as long again.
   */
  public static final class Closed extends KvException {
    public Closed(ErrorCode code, String message) {
      super(code, message, null);
    }
  }

  /** The store cannot be opened or go on: wrong key, directory in use, disk failure. No sign of an attack. */
  public static final class Unavailable extends KvException {
    public Unavailable(ErrorCode code, String message, Throwable cause) {
      super(code, message, cause);
    }
  }
}
