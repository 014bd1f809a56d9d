package org.treatydb.sql.api;

import java.util.List;

/**
 * A table, for metadata.
 *
 * @param system whether it is a view of the system's, which cannot be changed
 * @param primaryKey the names of the primary-key columns, in key order; empty if the table declares none
 * @param buckets how many buckets its rows are dealt out to
 * @param partitionColumns the names of the columns whose values deal them out; empty if there is one bucket, or if hidden row ids do
 */
public record SqlTable(
    String schema, String name, boolean system, List<SqlColumn> columns, List<String> primaryKey, int buckets,
    List<String> partitionColumns) {}
