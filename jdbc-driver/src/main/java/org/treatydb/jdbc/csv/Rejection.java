package org.treatydb.jdbc.csv;

import java.sql.SQLException;
import java.util.List;

/**
 * A record that was not imported.
 *
 * @param line where it begins, counted from 1
 * @param columns that its values are for
 * @param values as they stand in the file; null for NULL
 */
public record Rejection(long line, List<String> columns, List<String> values, SQLException reason) {}
