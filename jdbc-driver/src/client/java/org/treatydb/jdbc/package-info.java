/**
 * The JDBC driver: all a client of a Treaty server needs, and the front of the embedded URLs.
 *
 * <p>Called by applications through {@link java.sql.DriverManager}. Calls the database through a {@link org.treatydb.jdbc.Channel}, which
 * carries Avatica's request and response messages: over HTTP to a server, or, for embedded URLs, to the {@link
 * org.treatydb.jdbc.EmbeddedConnector} found on the class path. The JDBC classes are our own and not Avatica's, so that what a program asks
 * for is sent at once, nothing is ever sent twice, and every failure keeps its SQLState.
 *
 * <p>Runs on Java 11 and needs nothing but avatica-core: no class here may use one of another package of this project. Trusted as far as
 * the application is: it sees plaintext, and no key.
 */
package org.treatydb.jdbc;
