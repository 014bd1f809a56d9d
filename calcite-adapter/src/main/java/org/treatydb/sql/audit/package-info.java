/**
 * The audit log: who signed in or was refused, who changed the schema and the privileges.
 *
 * <p>Called by {@code session}, and by {@code jdbc-driver} for sign-ins. Trusted: nothing secret may get into it.
 */
package org.treatydb.sql.audit;
