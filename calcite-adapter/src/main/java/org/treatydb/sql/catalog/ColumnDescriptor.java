package org.treatydb.sql.catalog;

import java.util.Objects;
import org.treatydb.sql.type.ColumnType;

/**
 * A column of a table.
 *
 * @param id from 1, unique in its table for ever
 * @param name as folded by the parser
 * @param type the declared type
 * @param nullable whether it may hold NULL
 * @param source where its values come from when a statement gives none
 * @param whenAbsent its value in rows that were written before it was added, as a column stores it; null for NULL
 * @param comment what COMMENT ON said of it; null if nothing
 */
public record ColumnDescriptor(
    int id, String name, ColumnType type, boolean nullable, ColumnSource source, Object whenAbsent, String comment) {

  public ColumnDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(source, "source");
  }

  /** A column that is as old as its table; {@code defaultSql} is the DEFAULT expression, as SQL that parses again, or null. */
  public ColumnDescriptor(int id, String name, ColumnType type, boolean nullable, String defaultSql) {
    this(id, name, type, nullable, ColumnSource.ofDefault(defaultSql), null, null);
  }

  /** The DEFAULT expression, as SQL that parses again; null if there is none. */
  public String defaultSql() {
    return source.kind() == ColumnSource.Kind.DEFAULT ? source.sql() : null;
  }

  /** The expression of a generated column; null for others. */
  public String generatedSql() {
    return source.kind() == ColumnSource.Kind.GENERATED ? source.sql() : null;
  }

  public ColumnDescriptor withName(String changed) {
    return new ColumnDescriptor(id, changed, type, nullable, source, whenAbsent, comment);
  }

  public ColumnDescriptor withNullable(boolean changed) {
    return new ColumnDescriptor(id, name, type, changed, source, whenAbsent, comment);
  }

  public ColumnDescriptor withSource(ColumnSource changed) {
    return new ColumnDescriptor(id, name, type, nullable, changed, whenAbsent, comment);
  }

  public ColumnDescriptor withWhenAbsent(Object changed) {
    return new ColumnDescriptor(id, name, type, nullable, source, changed, comment);
  }

  public ColumnDescriptor withComment(String changed) {
    return new ColumnDescriptor(id, name, type, nullable, source, whenAbsent, changed);
  }
}
