package org.treatydb.sql.exec;

import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.access.Rights;

/**
 * What an execution gets.
 *
 * @param transaction where it reads and writes
 * @param parameters the run-time values of the {@code ?} parameters
 * @param nowMillis the time of CURRENT_TIMESTAMP and its like
 * @param rowIds makes hidden row ids
 * @param sequences hands out the numbers of sequences
 * @param rights in whose name it runs, and what he may do; null for what is nobody's
 * @param held counts the rows that it holds in memory
 * @param goOn throws if the statement is to stop; asked often
 */
public record StatementInput(KvTransaction transaction, Object[] parameters, long nowMillis, RowIds rowIds,
    Sequences sequences, Rights rights, HeldRows held, Runnable goOn) {}
