package org.treatydb.sql.plan;

import java.sql.SQLException;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.access.Rights;
import org.treatydb.sql.catalog.Authorization;
import org.treatydb.sql.catalog.AuthorizationStore;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.exec.StatementInput;

/** A statement that changes the schema, ready to run. Immutable, thread-safe. */
@FunctionalInterface
public interface Definition {

  /** Checks that it can be done, and does it. What a failure leaves behind is the caller's to undo. */
  void run(Work work) throws SQLException;

  /** A change of the catalog, and of its rows in the store. */
  @FunctionalInterface
  interface Change {
    Catalog apply(KvTransaction transaction, Catalog catalog);
  }

  /** The transaction that a definition works in. */
  interface Work {

    /** The catalog, with what was changed so far. */
    Catalog catalog();

    /** Makes a change, which may leave rows of dropped tables to be deleted. */
    void change(Change change);

    /**
     * The id of a sequence to be created; nobody gets it again, whatever becomes of the transaction.
     *
     * @param last the number after which it goes on; null for it to begin with its first
     */
    int newSequenceId(Long last);

    /**
     * Adds an index to a table, whose present descriptor is given, and fills it.
     *
     * @param draft without an id, in whatever state
     * @param online if the statement is a transaction of its own, fill the index once it has committed, while others write
     */
    void addIndex(TableDescriptor table, IndexDescriptor draft, boolean online);

    /** What whoever runs the statement may do, as {@link #catalog} has it. */
    Rights rights();

    /** Says that an object, which has just been created, belongs to whoever runs the statement. */
    default void own(SecuredObject object) {
      int owner = rights().role();
      if (owner != Authorization.SYSTEM) {
        change((transaction, before) ->
            AuthorizationStore.put(transaction, before, before.authorization().access(object).withOwner(owner)));
      }
    }

    /** For reading and writing rows. */
    StatementInput input();
  }
}
