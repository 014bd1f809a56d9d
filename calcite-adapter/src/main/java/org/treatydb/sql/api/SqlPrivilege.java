package org.treatydb.sql.api;

/**
 * What somebody may do with a table or view, for metadata.
 *
 * @param grantor the owner
 * @param grantee a user or role; {@code PUBLIC} for everybody
 * @param privilege SELECT, INSERT, UPDATE, DELETE, TRUNCATE or REFERENCES
 */
public record SqlPrivilege(String schema, String table, String grantor, String grantee, String privilege) {

  /** Whether the grantee can grant it: the owner can. */
  public boolean isGrantable() {
    return grantor.equals(grantee);
  }
}
