package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Objects;

/**
 * A view: a query with a name. Immutable.
 *
 * @param id never used for another relation
 * @param schemaId the schema it is in
 * @param name its name, unique among tables, views, sequences and indexes of its schema
 * @param sql the query, with every name in full, as SQL that parses again
 * @param columns its columns
 * @param dependencies the tables and views that the query names
 * @param comment what COMMENT ON said of it; null if nothing
 */
public record ViewDescriptor(int id, int schemaId, String name, String sql, ImmutableList<ColumnDescriptor> columns,
    ImmutableList<Dependency> dependencies, String comment) {

  /** A table or view, by name: it cannot get another while a view names it. */
  public record Dependency(int schemaId, String name) {}

  public ViewDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sql, "sql");
  }

  public ViewDescriptor(int id, int schemaId, String name, String sql, List<ColumnDescriptor> columns, List<Dependency> dependencies,
      String comment) {
    this(id, schemaId, name, sql, ImmutableList.copyOf(columns), ImmutableList.copyOf(dependencies), comment);
  }

  ViewDescriptor withId(int newId) {
    return new ViewDescriptor(newId, schemaId, name, sql, columns, dependencies, comment);
  }

  public ViewDescriptor withComment(String changed) {
    return new ViewDescriptor(id, schemaId, name, sql, columns, dependencies, changed);
  }
}
