/**
 * Tables into CSV files and CSV files into tables.
 *
 * <p>Called by the launcher's commands {@code import} and {@code export}; knows nothing of Treaty but what JDBC's interfaces show. As a
 * client of the database it sees what its user may see.
 */
package org.treatydb.jdbc.csv;
