package org.treatydb.sql.api;

import java.util.Objects;

/**
 * In whose name a session is opened.
 *
 * @param id what tells users of one name, one after the other, apart
 */
public record SqlUser(int id, String name) {

  /** The built-in administrator: whoever has the root key. No server may take a client for it. */
  public static final SqlUser SYSTEM = new SqlUser(1, "treaty");

  /** Who has not signed in: is the built-in administrator as long as the database has never had a user, and nobody from then on. */
  public static final SqlUser ANYBODY = new SqlUser(-1, "treaty");

  public SqlUser {
    Objects.requireNonNull(name, "name");
  }
}
