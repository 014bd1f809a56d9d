package org.treatydb.sql.api;

import java.util.List;

/**
 * A table, for metadata.
 *
 * @param system whether it is a view of the system's, which cannot be changed
 * @param primaryKey the names of the primary-key columns, in key order; empty if the table declares none
 */
public record SqlTable(String schema, String name, boolean system, List<SqlColumn> columns, List<String> primaryKey) {}
