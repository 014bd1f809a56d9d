package org.treatydb.sql.plan;

import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.treatydb.sql.parser.AlterOwner;
import org.treatydb.sql.parser.AlterRole;
import org.treatydb.sql.parser.AlterSequence;
import org.treatydb.sql.parser.AlterTable;
import org.treatydb.sql.parser.CommentStatement;
import org.treatydb.sql.parser.CreateIndex;
import org.treatydb.sql.parser.CreateRole;
import org.treatydb.sql.parser.CreateSchema;
import org.treatydb.sql.parser.CreateSequence;
import org.treatydb.sql.parser.CreateTable;
import org.treatydb.sql.parser.CreateTableAs;
import org.treatydb.sql.parser.CreateView;
import org.treatydb.sql.parser.DropIndex;
import org.treatydb.sql.parser.DropStatement;
import org.treatydb.sql.parser.DropTable;
import org.treatydb.sql.parser.GrantRole;
import org.treatydb.sql.parser.GrantStatement;
import org.treatydb.sql.parser.TreatyParser;
import org.treatydb.sql.parser.TruncateTable;

/** What the audit log says of a statement: what it does, and to what; never a literal, which may be somebody's data or a password. */
final class AuditedStatement {

  private AuditedStatement() {}

  /** Null for what is not audited: queries, changes of rows, ANALYZE. */
  static String of(SqlNode statement) {
    return switch (statement) {
      case CreateTable create -> named("CREATE TABLE", create.name());
      case CreateTableAs create -> named("CREATE TABLE AS", create.name());
      case CreateView create -> named("CREATE VIEW", create.name());
      case CreateSequence create -> named("CREATE SEQUENCE", create.name());
      case CreateSchema create -> named("CREATE SCHEMA", NamedTables.identifier(create.name()));
      case CreateIndex create -> named("CREATE INDEX", create.name()) + " ON " + TreatyParser.toSql(create.table());
      case AlterSequence alter -> named("ALTER SEQUENCE", alter.name());
      case AlterTable alter -> named("ALTER TABLE", alter.name()) + ": "
          + alter.actions().stream().map(action -> action.kind().name().replace('_', ' ')).collect(Collectors.joining(", "));
      case CommentStatement comment -> named("COMMENT ON " + comment.kind(), comment.name());
      case CreateRole _, AlterRole _, AlterOwner _, GrantRole _, GrantStatement _, DropStatement _, DropTable _, DropIndex _,
          TruncateTable _ -> TreatyParser.toSql(statement);
      default -> null;
    };
  }

  private static String named(String what, SqlIdentifier name) {
    return what + " " + TreatyParser.toSql(name);
  }
}
