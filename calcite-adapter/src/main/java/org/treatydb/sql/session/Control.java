package org.treatydb.sql.session;

import java.sql.SQLException;
import org.apache.calcite.sql.SqlNode;
import org.treatydb.sql.parser.EndTransaction;
import org.treatydb.sql.parser.SavepointStatement;
import org.treatydb.sql.parser.SessionCharacteristics;
import org.treatydb.sql.parser.SetRole;
import org.treatydb.sql.parser.StartTransaction;

/** A statement that concerns the session: transaction control, and SET ROLE. */
@FunctionalInterface
interface Control {

  void run(Session session) throws SQLException;

  /** What {@code statement} does; null if it is no transaction control. */
  static Control of(SqlNode statement) {
    return switch (statement) {
      case StartTransaction start -> session -> session.begin(start.modes());
      case SessionCharacteristics characteristics -> session -> session.setCharacteristics(characteristics.modes());
      case SetRole set -> session -> session.setRole(set.role());
      case EndTransaction end -> end.isCommit() ? Session::commit : Session::rollback;
      case SavepointStatement savepoint -> of(savepoint);
      default -> null;
    };
  }

  private static Control of(SavepointStatement savepoint) {
    String name = savepoint.name();
    return switch (savepoint.action()) {
      case SET -> session -> session.setSavepoint(name);
      case ROLLBACK_TO -> session -> session.rollbackToSavepoint(name);
      case RELEASE -> session -> session.releaseSavepoint(name);
    };
  }
}
