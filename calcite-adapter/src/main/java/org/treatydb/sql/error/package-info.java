/**
 * Failures: how whatever goes wrong in SQL, in Calcite or in the store becomes one {@link java.sql.SQLException} of the right subclass,
 * with a SQLState and one clear sentence.
 *
 * <p>Called by every other package of this module; calls nothing but the two APIs and the exception classes of Calcite and {@code
 * type}. Trusted.
 */
package org.treatydb.sql.error;
