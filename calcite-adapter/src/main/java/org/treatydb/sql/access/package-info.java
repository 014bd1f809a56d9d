/**
 * Who may do what: the rights of a session's user against one catalog, what a plan needs of them, and the verifiers of passwords.
 *
 * <p>Called by {@code plan}, {@code exec}, {@code system} and {@code session}; calls {@code catalog}. Trusted: it sees passwords while they
 * become verifiers, and keeps none.
 */
package org.treatydb.sql.access;
