/**
 * The database as its callers see it: sessions with their transactions, prepared statements, cursors, and the cache of plans.
 *
 * <p>Called by {@code jdbc-driver}, through {@link org.treatydb.sql.session.TreatyDatabase}; calls {@code parser}, {@code plan}, {@code
 * exec}, {@code catalog} and the key-value API. Everything that goes wrong below becomes a {@link java.sql.SQLException} here. Trusted.
 */
package org.treatydb.sql.session;
