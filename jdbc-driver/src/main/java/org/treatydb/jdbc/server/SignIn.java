package org.treatydb.jdbc.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.jdbc.meta.Caller;
import org.treatydb.jdbc.meta.SessionService;
import org.treatydb.sql.api.SqlAccount;
import org.treatydb.sql.api.SqlUser;
import org.treatydb.sql.audit.AuditLog;

/**
 * Finds out who sends requests. Every request carries name and password (HTTP BASIC); they are checked when a session is opened, and the
 * session's other requests must carry the same. What is kept for that is an HMAC under a key of this process, so that a request costs a
 * microsecond, and a session's id alone is worth nothing.
 *
 * <p>As long as the database has never had a user, nobody has to sign in, and only who is on the server's machine is let in. Thread-safe.
 */
final class SignIn {

  private static final String TOO_MANY = "53300";

  /** Of so many different names and passwords it is remembered that they were right. */
  private static final int KNOWN_MAX = 20_000;
  private static final Duration KNOWN_FOR = Duration.ofHours(2);
  /** So many passwords are checked or wait for it. */
  static final int WAITING_MAX = 256;

  private static final String HMAC = "HmacSHA256";
  private static final String NOTHING_SHOWN = "";

  private final SessionService sessions;
  private final boolean everybodyWelcome;
  private final Attempts attempts;
  private final SecretKeySpec key;
  private final Cache<String, Known> known;
  private final AtomicInteger waiting = new AtomicInteger();
  /** Once true, true for good. */
  private volatile boolean required;

  /** What was right when it was checked, for an account that was in that state. */
  private record Known(SqlUser user, Object state) {}

  /** Who sends a request, as far as the request says it. */
  record Visitor(Peer peer, Credentials credentials, Caller caller) {}

  /** Name and password are needed, and were not sent. */
  static final class Unknown extends Exception {
    private static final long serialVersionUID = 1L;

    Unknown() {
      super("nobody", null, false, false);
    }
  }

  /** {@code everybodyWelcome}: let people from other machines in as long as there are no users. */
  SignIn(SessionService sessions, boolean everybodyWelcome, LongSupplier nanoTime) {
    this.sessions = sessions;
    this.everybodyWelcome = everybodyWelcome;
    this.attempts = new Attempts(nanoTime);
    this.known = Caffeine.newBuilder().maximumSize(KNOWN_MAX).expireAfterAccess(KNOWN_FOR).ticker(nanoTime::getAsLong).build();
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, HMAC);
  }

  /**
   * Who sends a request with that header.
   *
   * @throws Unknown the header is missing or none, and is needed
   */
  Visitor visitor(String authorization, Peer peer) throws Unknown {
    Credentials credentials = Credentials.parse(authorization);
    if (credentials == null && required) {
      throw new Unknown();
    }
    return new Visitor(peer, credentials, Caller.of(credentials == null ? NOTHING_SHOWN : proof(authorization)));
  }

  private String proof(String authorization) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(authorization.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no HMAC here", e);
    }
  }

  /** Whether a visitor may send as much as anybody: because he has signed in before, or need not. */
  boolean isTrustedWithMemory(Visitor visitor) {
    return !required || visitor.credentials != null && known.getIfPresent(proofOf(visitor)) != null;
  }

  private static String proofOf(Visitor visitor) {
    return visitor.caller.proof();
  }

  /**
   * Lets a visitor open a session.
   *
   * @throws Unknown he has sent no name and no password
   * @throws SQLException 28P01 if these are wrong, 28000 if he may not sign in so or not now
   */
  Caller admit(Visitor visitor) throws Unknown, SQLException {
    if (!required && !sessions.requiresSignIn()) {
      if (!visitor.peer.sameMachine() && !everybodyWelcome) {
        throw SqlErrors.of(SqlErrors.NOT_SIGNED_IN, "The database has no users yet. Create the first one on the server's machine.");
      }
      return visitor.caller.as(SqlUser.ANYBODY);
    }
    required = true;
    if (visitor.credentials == null) {
      throw new Unknown();
    }
    String name = visitor.credentials.user();
    if (!visitor.peer.confidential()) {
      throw refused(visitor, SqlErrors.NOT_SIGNED_IN, "Passwords are accepted over TLS only, from other machines.");
    }
    SqlAccount account = sessions.account(name);
    Known before = known.getIfPresent(proofOf(visitor));
    SqlUser user = before != null && before.state.equals(account.state()) ? before.user : checked(visitor, account);
    known.put(proofOf(visitor), new Known(user, account.state()));
    AuditLog.signedIn(name, visitor.peer.address());
    return visitor.caller.as(user);
  }

  private SqlUser checked(Visitor visitor, SqlAccount account) throws SQLException {
    String name = visitor.credentials.user();
    String network = visitor.peer.network();
    long waitNanos = attempts.begin(name, network);
    if (waitNanos > 0) {
      throw refused(visitor, SqlErrors.NOT_SIGNED_IN, "Too many attempts to sign in. The next one will be heard in "
          + (TimeUnit.NANOSECONDS.toSeconds(waitNanos) + 1) + " seconds.");
    }
    try {
      if (waiting.incrementAndGet() > WAITING_MAX) {
        attempts.succeeded(name, network);
        throw SqlErrors.of(TOO_MANY, "Too many are signing in at the moment. Try again.");
      }
      SqlUser user = account.signIn(visitor.credentials.password());
      if (user == null) {
        throw refused(visitor, SqlErrors.WRONG_PASSWORD, "The name or the password is wrong.");
      }
      attempts.succeeded(name, network);
      return user;
    } finally {
      waiting.decrementAndGet();
    }
  }

  private static SQLException refused(Visitor visitor, String state, String message) {
    AuditLog.refused(visitor.credentials.user(), visitor.peer.address(), message);
    return SqlErrors.of(state, message);
  }
}
