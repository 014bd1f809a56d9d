package org.treatydb.sql.api;

import java.util.List;

/**
 * A table or view, for metadata.
 *
 * @param view whether it is a view, and no system view
 * @param system whether it is a view of the system's, which cannot be changed
 * @param primaryKey the names of the primary-key columns, in key order; empty if the table declares none
 * @param primaryKeyName the name of the primary key; null if the table declares none
 * @param buckets how many buckets its rows are dealt out to
 * @param indexes its secondary indexes that can be used
 * @param foreignKeys its foreign keys
 * @param partitionColumns the names of the columns whose values deal them out; empty if there is one bucket, or if hidden row ids do
 * @param comment what COMMENT ON said of it; null if nothing
 */
public record SqlTable(
    String schema, String name, boolean view, boolean system, List<SqlColumn> columns, List<String> primaryKey, String primaryKeyName,
    List<SqlIndex> indexes, List<SqlForeignKey> foreignKeys, int buckets, List<String> partitionColumns, String comment) {}
