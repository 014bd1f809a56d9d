package org.treatydb.sql.session;

import java.sql.SQLException;
import java.util.List;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlStatement;
import org.treatydb.sql.catalog.Catalog;
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
      case Plan.Define define -> {
        Object[] values = Statement.convert(define.parameters(), parameters);
        yield define(() -> define.definition().run(new DefinitionWork(session.database(), transaction, input(values))));
      }
    };
  }

  private SqlResult query(Plan.Query query, Object[] parameters) {
    QueryRows rows = query.query().open(input(parameters));
    return new SqlResult.Rows(new SessionCursor(session, transaction, ownsTransaction, rows, query.columns()));
  }

  private SqlResult modify(Plan.Modify modify, Object[] parameters) throws Exception {
    StatementInput input = input(parameters);
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

  private StatementInput input(Object[] parameters) {
    return new StatementInput(transaction.store(), parameters, System.currentTimeMillis(), transaction.rowIds(),
        sequenceId -> session.database().sequences().next(transaction.catalog().sequence(sequenceId)));
  }

  /** What changes the schema. */
  private interface SchemaWork {
    void run() throws SQLException;
  }

  private SqlResult define(SchemaWork change) throws Exception {
    return atomically(() -> {
      change.run();
      return new SqlResult.UpdateCount(0);
    });
  }
}
