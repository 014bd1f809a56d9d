/**
 * SQL text to syntax trees: the parser, generated from Calcite's grammar and the additions in {@code src/main/codegen}, and the nodes of
 * the statements that Calcite has none for.
 *
 * <p>Called by {@code org.treatydb.sql.session} and the catalog through {@link org.treatydb.sql.parser.TreatyParser}; calls Calcite.
 * Trusted.
 */
package org.treatydb.sql.parser;
