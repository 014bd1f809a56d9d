/**
 * SQL as its callers see it: a database, sessions, statements, cursors.
 *
 * <p>Called by {@code jdbc-driver}; implemented by {@code org.treatydb.sql.session}. Trusted: SQL text and rows are plaintext. Every
 * failure is a {@link java.sql.SQLException} of the fitting subclass, with a SQLState and a sentence a person understands.
 */
package org.treatydb.sql.api;
