/**
 * The schema {@code sys}: tables without stored rows, which show operators what the database is doing.
 *
 * <p>Called by {@code plan}, which makes tables of the views, and by {@code session}, which lists them; calls the store's API and {@code
 * catalog}. Trusted: key ranges are keys in plaintext, and are shown to who may read the rows.
 */
package org.treatydb.sql.system;
