/**
 * Running plans: the table scan that generated code calls, the encoding of key conditions into byte ranges, and the modify path that checks
 * and writes rows.
 *
 * <p>Called by {@code plan} (whose generated code opens scans) and by {@code session}; calls {@code catalog}, {@code type} and the
 * key-value API. Trusted: rows are plaintext here.
 */
package org.treatydb.sql.exec;
