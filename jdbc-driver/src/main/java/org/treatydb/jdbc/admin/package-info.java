/**
 * How an operator on the same machine has a running server do what needs the open store: make a backup, or show and change the state of a
 * configuration service; nothing else. A server listens on a Unix-domain socket in its user's state directory, for processes of that user
 * only.
 *
 * <p>Called by {@code org.treatydb.jdbc.cli}: the server's side by {@code treaty server} and {@code treaty cas run}, the other by {@code
 * treaty backup} and {@code treaty cas}. Trusted, like the server; what comes through the socket is not believed until it is decoded and
 * checked.
 */
package org.treatydb.jdbc.admin;
