package org.treatydb.sql.session;

import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.exec.StatementInput;
import org.treatydb.sql.plan.Definition;

/**
 * The transaction that a definition works in.
 *
 * @param input for reading and writing rows
 */
record DefinitionWork(TreatyDatabase database, SessionTransaction transaction, StatementInput input) implements Definition.Work {

  @Override
  public Catalog catalog() {
    return transaction.catalogForUpdate();
  }

  @Override
  public int newSequenceId() {
    return database.sequences().newId();
  }

  @Override
  public void change(Definition.Change change) {
    transaction.change(change);
  }
}
