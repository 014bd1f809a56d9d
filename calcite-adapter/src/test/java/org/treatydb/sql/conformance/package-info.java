/**
 * What others expect of a SQL database: SQLite's sqllogictest corpus, the queries of TPC-H and TPC-DS, and Calcite's own tests of operators
 * and of parsers. {@code docs/conformance.md} says where we deviate, and why.
 */
package org.treatydb.sql.conformance;
