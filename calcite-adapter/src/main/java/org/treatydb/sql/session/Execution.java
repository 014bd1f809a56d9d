package org.treatydb.sql.session;

import java.sql.SQLException;
import java.util.List;
import org.treatydb.sql.access.Actor;
import org.treatydb.sql.access.Rights;
import org.treatydb.sql.api.ListCursor;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlStatement;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.HeldRows;
import org.treatydb.sql.exec.IndexFill;
import org.treatydb.sql.exec.QueryRows;
import org.treatydb.sql.exec.StatementInput;
import org.treatydb.sql.plan.Plan;
import org.treatydb.sql.plan.Planned;
import org.treatydb.sql.plan.ResultColumn;

/** Runs one statement in one transaction. */
final class Execution {

  private final Session session;
  private final SessionTransaction transaction;
  private final boolean ownsTransaction;
  private FollowUp followUp;

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
    Planned planned = statement.plan(catalog);
    session.authorize(statement, catalog, transaction, ownsTransaction);
    if (planned.audited() != null) {
      transaction.audit(session.audit(catalog, planned.audited()));
    }
    return switch (planned.plan()) {
      case Plan.Query query -> query(query, Statement.convert(query.parameters(), parameters));
      case Plan.Explanation explanation -> text(explanation.lines());
      case Plan.Measurement measurement ->
          text(measurement.query().run(input(Statement.convert(measurement.parameters(), parameters))));
      case Plan.Modify modify -> modify(modify, Statement.convert(modify.parameters(), parameters));
      case Plan.Define define -> {
        Object[] values = Statement.convert(define.parameters(), parameters);
        StatementInput input = input(values);
        try (HeldRows _ = input.held()) {
          yield define(() -> define.definition().run(new DefinitionWork(session.database(), transaction, this, input)));
        }
      }
      case Plan.CreateIndex create -> {
        rights().owns(SecuredObject.relation(create.table().id()));
        yield define(() -> createIndex(create));
      }
      case Plan.DropIndex drop -> define(() -> dropIndex(drop));
      case Plan.Analyze analyze -> define(() -> analyze(allowed(analyze)));
    };
  }

  /** In whose name it runs. */
  Actor actor() {
    return session.actor();
  }

  private Rights rights() {
    return Rights.of(transaction.catalog(), session.actor());
  }

  private List<TableDescriptor> allowed(Plan.Analyze analyze) {
    Rights rights = rights();
    if (analyze.named()) {
      analyze.tables().forEach(table -> rights.owns(SecuredObject.relation(table.id())));
    }
    return analyze.tables().stream().filter(table -> rights.isOwner(SecuredObject.relation(table.id()))).toList();
  }

  /** What is left to do once the transaction has committed; null if nothing. */
  FollowUp followUp() {
    return followUp;
  }

  private static SqlResult text(List<String> lines) {
    return new SqlResult.Rows(new ListCursor(lines.stream().map(line -> new Object[] {line}).toList()));
  }

  private SqlResult query(Plan.Query query, Object[] parameters) {
    QueryRows rows = query.query().open(input(parameters));
    return new SqlResult.Rows(new SessionCursor(session, transaction, ownsTransaction, rows, query.columns()));
  }

  private SqlResult modify(Plan.Modify modify, Object[] parameters) throws Exception {
    StatementInput input = input(parameters);
    try (HeldRows _ = input.held()) {
      return modify(modify, input);
    }
  }

  private SqlResult modify(Plan.Modify modify, StatementInput input) throws Exception {
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
        new SessionSequences(session.database().sequences(), transaction, session.lastNumbers()), rights(),
        new HeldRows(session.database().queryMemory()), session.interruption()::check);
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

  private void createIndex(Plan.CreateIndex create) {
    TableDescriptor table = create.table();
    IndexDescriptor draft = create.draft();
    if (transaction.catalog().hasRelation(table.schemaId(), draft.name())) {
      if (!create.ifNotExists()) {
        throw new SqlFailure(SqlState.DUPLICATE_TABLE, "There is a table or index \"" + draft.name() + "\" already.");
      }
    } else {
      addIndex(table, draft, true);
    }
  }

  /** An index of a transaction of its own is built when that has committed, while others write; otherwise at once. */
  void addIndex(TableDescriptor table, IndexDescriptor draft, boolean online) {
    if (ownsTransaction && online) {
      IndexDescriptor index = transaction.createIndex(table, draft.withState(IndexDescriptor.State.BUILDING));
      followUp = new IndexBuild(session.database(), session.store(), table.id(), index.id());
    } else {
      IndexDescriptor index = transaction.createIndex(table, draft.withState(IndexDescriptor.State.READY));
      IndexFill.within(transaction.store(), table, index);
    }
  }

  private void analyze(List<TableDescriptor> tables) {
    if (ownsTransaction) {
      followUp = new Analysis(session.database(), session.store(), tables);
    } else {
      tables.forEach(table -> Analysis.within(transaction, table));
    }
  }

  private void dropIndex(Plan.DropIndex drop) {
    for (Plan.DropIndex.Name name : drop.names()) {
      TableDescriptor table = transaction.catalog().tableOfIndex(name.schemaId(), name.index());
      if (table == null) {
        if (!drop.ifExists()) {
          throw new SqlFailure(SqlState.UNDEFINED_OBJECT, "There is no index \"" + name.index() + "\".");
        }
        continue;
      }
      rights().drops(SecuredObject.relation(table.id()), table.schemaId());
      IndexDescriptor index = table.index(name.index());
      if (index.constraint()) {
        throw new SqlFailure(SqlState.DEPENDENT_OBJECTS_EXIST,
            "Index \"" + name.index() + "\" cannot be dropped, because a constraint of table \"" + table.name() + "\" needs it.");
      }
      transaction.dropIndex(table, index);
    }
  }
}
