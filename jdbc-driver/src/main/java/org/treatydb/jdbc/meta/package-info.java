/**
 * Avatica's view of a SQL database: its requests in, its responses out.
 *
 * <p>A {@link org.treatydb.jdbc.meta.SessionService} holds the open sessions of one database and answers requests about them, through an
 * Avatica {@code Meta} of our own ({@code SessionMeta}) over {@link org.treatydb.sql.api.SqlSession}. Called by {@code
 * org.treatydb.jdbc.embedded} for the URLs within the process and by {@code org.treatydb.jdbc.server} for those that come over the network;
 * calls {@code org.treatydb.sql.api}. Trusted: it sees SQL and rows in plaintext. Requests may come from anybody, so each names its session
 * by an id that cannot be guessed, and reaches only what belongs to that session.
 */
package org.treatydb.jdbc.meta;
