package org.treatydb.sql.session;

import java.util.List;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlStatement;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.QueryRows;
import org.treatydb.sql.exec.StatementInput;
import org.treatydb.sql.plan.Plan;
import org.treatydb.sql.plan.ResultColumn;

/** Runs one statement in one transaction. */
final class Execution {

  private final Session session;
  private final SessionTransaction transaction;
  private final boolean ownsTransaction;

  /**
   * An execution.
   *
   * @param ownsTransaction whether the transaction is this statement's alone, and ends with its cursor
   */
  Execution(Session session, SessionTransaction transaction, boolean ownsTransaction) {
    this.session = session;
    this.transaction = transaction;
    this.ownsTransaction = ownsTransaction;
  }

  SqlResult run(Statement statement, List<Object> parameters) throws Exception {
    if (transaction.isReadOnly() && !statement.isPlainQuery()) {
      throw new SqlFailure(SqlState.READ_ONLY_TRANSACTION, "The transaction is read-only.");
    }
    Catalog catalog = statement.kind() == SqlStatement.Kind.DEFINE ? transaction.catalogForUpdate() : transaction.catalog();
    return switch (statement.plan(catalog)) {
      case Plan.Query query -> query(query, Statement.convert(query.parameters(), parameters));
      case Plan.Explanation explanation -> new SqlResult.Rows(
          new ListCursor(explanation.lines().stream().map(line -> new Object[] {line}).toList()));
      case Plan.Modify modify -> modify(modify, Statement.convert(modify.parameters(), parameters));
      case Plan.CreateTable create -> define(() -> create(create, catalog));
      case Plan.DropTable drop -> define(() -> drop(drop));
    };
  }

  private SqlResult query(Plan.Query query, Object[] parameters) {
    QueryRows rows = query.query().open(transaction.store(), parameters, System.currentTimeMillis());
    return new SqlResult.Rows(new SessionCursor(session, transaction, ownsTransaction, rows, query.columns()));
  }

  private SqlResult modify(Plan.Modify modify, Object[] parameters) throws Exception {
    StatementInput input =
        new StatementInput(transaction.store(), parameters, System.currentTimeMillis(), transaction.rowIds());
    return atomically(() -> {
      List<Object[]> changed = modify.modification().run(input);
      if (modify.returning() == null) {
        return new SqlResult.UpdateCount(changed.size());
      }
      List<Object[]> rows = modify.returning().rows(changed, input);
      return new SqlResult.Rows(new ListCursor(rows.stream().map(row -> ResultColumn.output(row, modify.columns())).toList()));
    });
  }

  private SqlResult atomically(SessionTransaction.StatementWork<SqlResult> work) throws Exception {
    return ownsTransaction ? work.run() : transaction.atomically(work);
  }

  private SqlResult define(Runnable change) throws Exception {
    return atomically(() -> {
      change.run();
      return new SqlResult.UpdateCount(0);
    });
  }

  private void create(Plan.CreateTable create, Catalog catalog) {
    TableDescriptor draft = create.draft();
    if (catalog.table(draft.schemaId(), draft.name()) == null) {
      transaction.createTable(draft);
    } else if (!create.ifNotExists()) {
      throw new SqlFailure(SqlState.DUPLICATE_TABLE, "Table \"" + draft.name() + "\" exists already.");
    }
  }

  private void drop(Plan.DropTable drop) {
    for (Plan.DropTable.Name name : drop.names()) {
      TableDescriptor table = transaction.catalog().table(name.schemaId(), name.table());
      if (table != null) {
        transaction.dropTable(table);
      } else if (!drop.ifExists()) {
        throw new SqlFailure(SqlState.UNDEFINED_TABLE, "There is no table \"" + name.table() + "\".");
      }
    }
  }
}
