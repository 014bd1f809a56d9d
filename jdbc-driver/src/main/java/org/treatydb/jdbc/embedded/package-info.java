/**
 * Databases within the process: what the URLs {@code jdbc:treaty:file:DIR} and {@code jdbc:treaty:mem:NAME} reach.
 *
 * <p>Called by the driver, which finds {@link org.treatydb.jdbc.embedded.StoreConnector} as a service, and by the server, which opens one
 * directory. Calls {@code org.treatydb.kv.embedded} for the store, {@code org.treatydb.sql.session} for SQL over it and {@code
 * org.treatydb.jdbc.meta} for the sessions. Trusted: it handles keys and passphrases on their way to the store.
 */
package org.treatydb.jdbc.embedded;
