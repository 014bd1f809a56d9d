/**
 * From SQL text to an executable plan: validation against a catalog, conversion to relational algebra, rule-based and cost-based rewriting,
 * and our own physical scan, {@code StoreScan}, which turns conditions on primary-key columns into gets and key ranges.
 *
 * <p>Called by {@code session}, through {@code StatementPlanner}; calls {@code parser}, {@code catalog}, {@code type}, {@code exec} (whose
 * runtime classes the generated code uses) and Calcite. Plans are immutable and shared between sessions. Trusted.
 */
package org.treatydb.sql.plan;
