package org.treatydb.sql.parser;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWriter;

/** The names of roles in statements: that of whoever works now may be given by a keyword. */
public final class RoleNames {

  /** As a name, in upper case: the role that the session works as. */
  public static final String CURRENT_USER = "CURRENT_USER";

  /** As a name, in upper case: the user that has signed in. */
  public static final String SESSION_USER = "SESSION_USER";

  private RoleNames() {}

  static void unparse(SqlWriter writer, SqlIdentifier name) {
    String simple = name.getSimple();
    if (simple.equals(CURRENT_USER) || simple.equals(SESSION_USER)) {
      writer.keyword(simple);
    } else {
      name.unparse(writer, 0, 0);
    }
  }

  static void unparse(SqlWriter writer, SqlNodeList names) {
    SqlWriter.Frame frame = writer.startList("", "");
    for (SqlNode name : names) {
      writer.sep(",");
      unparse(writer, (SqlIdentifier) name);
    }
    writer.endList(frame);
  }
}
