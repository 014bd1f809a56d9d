package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collection;
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
 * @param indexes its secondary indexes, the oldest first
 * @param nextIndexId the id the next index gets
 * @param constraints what it demands of its rows, beside types, NOT NULL and unique indexes
 * @param comment what COMMENT ON said of it; null if nothing
 */
public record TableDescriptor(
    int id, int schemaId, String name, ImmutableList<ColumnDescriptor> columns, ImmutableList<KeyPart> primaryKey, int nextColumnId,
    Partitioning partitioning, ImmutableList<IndexDescriptor> indexes, int nextIndexId, Constraints constraints, String comment) {

  /** So many columns at most. */
  public static final int COLUMNS_MAX = 1600;

  /** One column of a key. */
  public record KeyPart(int columnId, boolean descending) {}

  public TableDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(partitioning, "partitioning");
    Objects.requireNonNull(constraints, "constraints");
  }

  public TableDescriptor(int id, int schemaId, String name, List<ColumnDescriptor> columns, List<KeyPart> primaryKey, int nextColumnId,
      Partitioning partitioning, List<IndexDescriptor> indexes, int nextIndexId) {
    this(id, schemaId, name, ImmutableList.copyOf(columns), ImmutableList.copyOf(primaryKey), nextColumnId, partitioning,
        ImmutableList.copyOf(indexes), nextIndexId, Constraints.NONE, null);
  }

  /** A table without secondary indexes. */
  public TableDescriptor(int id, int schemaId, String name, List<ColumnDescriptor> columns, List<KeyPart> primaryKey, int nextColumnId,
      Partitioning partitioning) {
    this(id, schemaId, name, columns, primaryKey, nextColumnId, partitioning, List.of(), KeyLayout.PRIMARY_INDEX + 1);
  }

  /** The same table with another id, to which its foreign keys to itself refer. */
  TableDescriptor withId(int newId) {
    return new TableDescriptor(newId, schemaId, name, columns, primaryKey, nextColumnId, partitioning, indexes, nextIndexId,
        constraints.withParentId(id, newId), comment);
  }

  /** The same table with one more index, which gets an id of its own. */
  public TableDescriptor withIndex(IndexDescriptor draft) {
    List<IndexDescriptor> more = new ArrayList<>(indexes);
    more.add(draft.withId(nextIndexId));
    return new TableDescriptor(
        id, schemaId, name, columns, primaryKey, nextColumnId, partitioning, ImmutableList.copyOf(more), nextIndexId + 1, constraints,
        comment);
  }

  /** The same table without the index that has this id. */
  public TableDescriptor withoutIndex(int indexId) {
    return with(indexes.stream().filter(index -> index.id() != indexId).collect(ImmutableList.toImmutableList()));
  }

  /** The same table with the index that has this id in another state. */
  TableDescriptor withIndexState(int indexId, IndexDescriptor.State state) {
    return with(indexes.stream().map(index -> index.id() == indexId ? index.withState(state) : index)
        .collect(ImmutableList.toImmutableList()));
  }

  private TableDescriptor with(ImmutableList<IndexDescriptor> changed) {
    return new TableDescriptor(
        id, schemaId, name, columns, primaryKey, nextColumnId, partitioning, changed, nextIndexId, constraints, comment);
  }

  /** The same table with another name. */
  public TableDescriptor withName(String changed) {
    return new TableDescriptor(
        id, schemaId, changed, columns, primaryKey, nextColumnId, partitioning, indexes, nextIndexId, constraints, comment);
  }

  /** The same table with other columns; new ones have got ids from {@link #nextColumnId} on. */
  public TableDescriptor withColumns(List<ColumnDescriptor> changed) {
    int next = changed.stream().mapToInt(column -> column.id() + 1).max().orElse(1);
    return new TableDescriptor(id, schemaId, name, ImmutableList.copyOf(changed), primaryKey, Math.max(next, nextColumnId), partitioning,
        indexes, nextIndexId, constraints, comment);
  }

  /** The same table with another column in place of the one with its id. */
  public TableDescriptor withColumn(ColumnDescriptor changed) {
    return withColumns(columns.stream().map(column -> column.id() == changed.id() ? changed : column).toList());
  }

  public TableDescriptor withConstraints(Constraints changed) {
    return new TableDescriptor(
        id, schemaId, name, columns, primaryKey, nextColumnId, partitioning, indexes, nextIndexId, changed, comment);
  }

  public TableDescriptor withComment(String changed) {
    return new TableDescriptor(
        id, schemaId, name, columns, primaryKey, nextColumnId, partitioning, indexes, nextIndexId, constraints, changed);
  }

  /** The index with this name, in whatever state; null if there is none. */
  public IndexDescriptor index(String indexName) {
    return indexes.stream().filter(index -> index.name().equals(indexName)).findFirst().orElse(null);
  }

  /** The index with this id, in whatever state; null if there is none. */
  public IndexDescriptor index(int indexId) {
    return indexes.stream().filter(index -> index.id() == indexId).findFirst().orElse(null);
  }

  public boolean hasRowId() {
    return primaryKey.isEmpty();
  }

  /** Whether it has a foreign key to the table with this id. */
  public boolean refersTo(int parentId) {
    return constraints.foreignKeys().stream().anyMatch(key -> key.parentId() == parentId);
  }

  /** Whether these columns, in any order, are those of the primary key. */
  public boolean isPrimaryKey(Collection<Integer> columnIds) {
    return !hasRowId() && primaryKey.size() == columnIds.size()
        && primaryKey.stream().allMatch(part -> columnIds.contains(part.columnId()));
  }

  /** The UNIQUE constraint, with all rows, of just these columns in any order; null if there is none. */
  public IndexDescriptor uniqueConstraint(Collection<Integer> columnIds) {
    return indexes.stream().filter(index -> index.constraint() && index.isReady() && index.parts().size() == columnIds.size()
        && index.parts().stream().allMatch(part -> columnIds.contains(part.columnId()))).findFirst().orElse(null);
  }

  /** The name of the primary key or UNIQUE constraint of just these columns, which there is. */
  public String keyName(Collection<Integer> columnIds) {
    return isPrimaryKey(columnIds) ? primaryKeyName() : uniqueConstraint(columnIds).name();
  }

  /** The names of the columns with these ids. */
  public ImmutableList<String> columnNames(List<Integer> columnIds) {
    return columnIds.stream().map(columnId -> columns.get(positionOf(columnId)).name()).collect(ImmutableList.toImmutableList());
  }

  /** The name of the primary key, made as PostgreSQL does if none was given; the table has one. */
  public String primaryKeyName() {
    return constraints.primaryKeyName() == null ? name + "_pkey" : constraints.primaryKeyName();
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

  /** The positions of an index's columns in a row, in index order; those included not among them. */
  public ImmutableList<Integer> positions(IndexDescriptor index) {
    return index.parts().stream().map(part -> positionOf((Integer) part.columnId())).collect(ImmutableList.toImmutableList());
  }

  /** The positions of the columns that an index includes. */
  public ImmutableList<Integer> includedPositions(IndexDescriptor index) {
    return index.includedIds().stream().map(this::positionOf).collect(ImmutableList.toImmutableList());
  }

  /** The names of the columns that decide about a row's bucket; empty if there is one bucket only, or if the hidden row id decides. */
  public ImmutableList<String> partitionColumns() {
    return columnNames(partitioning.columnIds());
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

  /** The position of the column with this id. */
  public int positionOf(Integer columnId) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).id() == columnId) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column with id " + columnId);
  }
}
