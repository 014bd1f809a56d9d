package org.treatydb.sql.access;

import org.treatydb.sql.api.SqlUser;

/**
 * In whose name a session works.
 *
 * @param user who has signed in
 * @param role the id of the role that SET ROLE has chosen; otherwise the user's own
 */
public record Actor(SqlUser user, int role) {

  public static Actor of(SqlUser user) {
    return new Actor(user, user.id());
  }
}
