package org.treatydb.sql.session;

import org.treatydb.sql.access.Rights;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.exec.StatementInput;
import org.treatydb.sql.plan.Definition;

/**
 * The transaction that a definition works in.
 *
 * @param execution the execution of its statement
 * @param input for reading and writing rows
 */
record DefinitionWork(TreatyDatabase database, SessionTransaction transaction, Execution execution, StatementInput input)
    implements Definition.Work {

  @Override
  public Catalog catalog() {
    return transaction.catalogForUpdate();
  }

  @Override
  public Rights rights() {
    return Rights.of(catalog(), execution.actor());
  }

  @Override
  public int newSequenceId(Long last) {
    return database.sequences().newId(last);
  }

  @Override
  public void addIndex(TableDescriptor table, IndexDescriptor draft, boolean online) {
    execution.addIndex(table, draft, online);
  }

  @Override
  public void change(Definition.Change change) {
    transaction.change(change);
  }
}
