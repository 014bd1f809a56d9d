/**
 * Treaty's tables as a schema of any Calcite application, next to its other schemas.
 *
 * <p>Named in a Calcite model; calls {@code java.sql}, whose driver must be on the class path, and Calcite's JDBC adapter. Trusted: rows
 * are plaintext.
 */
package org.treatydb.sql.adapter;
