package org.treatydb.sql.api;

/** A name that somebody gives as his, and the password that belongs to it. Nothing tells whether there is such a user. Immutable. */
public interface SqlAccount {

  /**
   * The user, if the password is his and he can sign in; otherwise null. Takes some tens of milliseconds and much memory on purpose, always
   * as much.
   *
   * @param password as UTF-8
   */
  SqlUser signIn(byte[] password);

  /** Equal as long as the password and the right to sign in stay what they are. Never printed. */
  Object state();
}
