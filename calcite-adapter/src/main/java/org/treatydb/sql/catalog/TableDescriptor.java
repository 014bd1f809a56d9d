package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Objects;

/**
 * A table: what the catalog keeps of it. Immutable.
 *
 * @param id never used for another table
 * @param schemaId the schema it is in
 * @param name its name in the schema
 * @param columns the columns, in the order SELECT * gives them
 * @param primaryKey the parts of the primary key, in key order; empty for a table without one, whose rows have hidden row ids
 * @param nextColumnId the id the next added column gets
 * @param partitioning how its rows are dealt out to buckets
 */
public record TableDescriptor(
    int id, int schemaId, String name, ImmutableList<ColumnDescriptor> columns, ImmutableList<KeyPart> primaryKey, int nextColumnId,
    Partitioning partitioning) {

  /** So many columns at most. */
  public static final int COLUMNS_MAX = 1600;

  /** One column of a key. */
  public record KeyPart(int columnId, boolean descending) {}

  public TableDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(partitioning, "partitioning");
  }

  public TableDescriptor(int id, int schemaId, String name, List<ColumnDescriptor> columns, List<KeyPart> primaryKey, int nextColumnId,
      Partitioning partitioning) {
    this(id, schemaId, name, ImmutableList.copyOf(columns), ImmutableList.copyOf(primaryKey), nextColumnId, partitioning);
  }

  /** The same table with another id. */
  TableDescriptor withId(int newId) {
    return new TableDescriptor(newId, schemaId, name, columns, primaryKey, nextColumnId, partitioning);
  }

  public boolean hasRowId() {
    return primaryKey.isEmpty();
  }

  /** The positions of the primary key's columns in a row, in key order; empty if there is none. */
  public ImmutableList<Integer> keyPositions() {
    return primaryKey.stream().map(part -> positionOf((Integer) part.columnId())).collect(ImmutableList.toImmutableList());
  }

  /**
   * Which columns of the key, the hidden row id included, decide about a row's bucket, in the order in which they are hashed: indexes into
   * the key. Empty if there is one bucket only.
   */
  public ImmutableList<Integer> partitionKeyIndexes() {
    if (!partitioning.isSpread()) {
      return ImmutableList.of();
    }
    if (hasRowId()) {
      return ImmutableList.of(0);
    }
    List<Integer> key = primaryKey.stream().map(KeyPart::columnId).toList();
    return partitioning.columnIds().stream().map(key::indexOf).collect(ImmutableList.toImmutableList());
  }

  /** The names of the columns that decide about a row's bucket; empty if there is one bucket only, or if the hidden row id decides. */
  public ImmutableList<String> partitionColumns() {
    return partitioning.columnIds().stream().map(id -> columns.get(positionOf(id)).name()).collect(ImmutableList.toImmutableList());
  }

  /** The position of the column with this name; -1 if there is none. */
  public int positionOf(String columnName) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(columnName)) {
        return i;
      }
    }
    return -1;
  }

  private int positionOf(Integer columnId) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).id() == columnId) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column with id " + columnId);
  }
}
