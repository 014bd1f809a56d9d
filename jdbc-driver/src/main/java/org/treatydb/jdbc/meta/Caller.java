package org.treatydb.jdbc.meta;

import java.util.Objects;
import org.treatydb.sql.api.SqlUser;

/** Who sends a request. A session answers only to who has opened it. Immutable; never prints what proves who it is. */
public final class Caller {

  /** The caller of the request under way; unbound for one within the process, that has the root key. */
  static final ScopedValue<Caller> CURRENT = ScopedValue.newInstance();

  /** A program that has the database within its process, as the built-in administrator. */
  static final Caller EMBEDDED = new Caller(SqlUser.SYSTEM, "embedded");

  private final SqlUser user;
  private final String proof;

  private Caller(SqlUser user, String proof) {
    this.user = user;
    this.proof = proof;
  }

  /** Who has shown {@code proof} before, when he opened the session that the request is for; cannot open one. */
  public static Caller of(String proof) {
    return new Caller(null, Objects.requireNonNull(proof, "proof"));
  }

  /** The same, who has turned out to be {@code found}, and can open sessions. */
  public Caller as(SqlUser found) {
    return new Caller(Objects.requireNonNull(found, "found"), proof);
  }

  /** What he has shown. */
  public String proof() {
    return proof;
  }

  static Caller current() {
    return CURRENT.orElse(EMBEDDED);
  }

  /** In whose name he opens sessions. */
  SqlUser user() {
    if (user == null) {
      throw new IllegalStateException("nobody has asked who opens a session");
    }
    return user;
  }

  boolean isSameAs(Caller other) {
    return proof.equals(other.proof);
  }

  @Override
  public String toString() {
    return user == null ? "a caller" : "caller " + user.name();
  }
}
