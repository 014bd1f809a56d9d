package org.treatydb.sql.exec;

import org.treatydb.kv.api.KvTransaction;

/**
 * What an execution of a data change gets.
 *
 * @param transaction where it reads and writes
 * @param parameters the run-time values of the {@code ?} parameters
 * @param nowMillis the time of CURRENT_TIMESTAMP and its like
 * @param rowIds makes hidden row ids
 */
public record StatementInput(KvTransaction transaction, Object[] parameters, long nowMillis, RowIds rowIds) {}
