package org.treatydb.sql.session;

import java.util.List;
import org.treatydb.sql.access.PasswordVerifier;
import org.treatydb.sql.api.SqlAccount;
import org.treatydb.sql.api.SqlUser;
import org.treatydb.sql.catalog.RoleDescriptor;

/** What can be checked about whoever gives a name as his. */
final class Account implements SqlAccount {

  /** Null if nobody of that name can sign in. */
  private final SqlUser user;
  private final String verifier;

  private Account(SqlUser user, String verifier) {
    this.user = user;
    this.verifier = verifier;
  }

  /** {@code role}: null if there is none of that name. */
  static Account of(RoleDescriptor role) {
    boolean possible = role != null && role.login() && role.verifier() != null;
    return possible ? new Account(new SqlUser(role.id(), role.name()), role.verifier()) : new Account(null, null);
  }

  @Override
  public SqlUser signIn(byte[] password) {
    return PasswordVerifier.parse(verifier).accepts(password) ? user : null;
  }

  @Override
  public Object state() {
    return user == null ? List.of() : List.of(user, verifier);
  }

  @Override
  public String toString() {
    return "an account";
  }
}
