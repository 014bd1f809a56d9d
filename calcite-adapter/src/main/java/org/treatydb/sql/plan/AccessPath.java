package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.Direction;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.IndexLayout;
import org.treatydb.sql.catalog.TableDescriptor;

/**
 * One way to read a stored table: by its primary key, or by a secondary index. Immutable.
 *
 * @param index null for the primary key
 * @param columns the columns it is sorted by, as ordinals of the table: of an index that is not unique, also the rest of the primary key
 */
record AccessPath(TableDescriptor table, IndexDescriptor index, ImmutableList<Integer> columns) {

  static AccessPath primary(TableDescriptor table) {
    return new AccessPath(table, null, table.keyPositions());
  }

  /** The indexes that can be read. */
  static List<AccessPath> indexes(TableDescriptor table) {
    List<AccessPath> paths = new ArrayList<>();
    for (IndexDescriptor index : table.indexes()) {
      if (index.isReady()) {
        Set<Integer> columns = new LinkedHashSet<>(table.positions(index));
        if (!index.unique()) {
          columns.addAll(table.keyPositions());
        }
        paths.add(new AccessPath(table, index, ImmutableList.copyOf(columns)));
      }
    }
    return paths;
  }

  /** The primary key, then the indexes that can be read. */
  static List<AccessPath> all(TableDescriptor table) {
    List<AccessPath> paths = new ArrayList<>(indexes(table));
    paths.addFirst(primary(table));
    return paths;
  }

  boolean isPrimary() {
    return index == null;
  }

  /** Whether there is at most one row with given values, none of them NULL, in all columns. */
  boolean isUnique() {
    return !table.hasRowId() || index != null && index.unique();
  }

  boolean isDescending(int columnIndex) {
    if (index != null && columnIndex < index.parts().size()) {
      return index.parts().get(columnIndex).descending();
    }
    int keyIndex = table.keyPositions().indexOf(columns.get(columnIndex));
    return table.primaryKey().get(keyIndex).descending();
  }

  /** Which of the columns decide about the bucket. */
  ImmutableList<Integer> bucketIndexes() {
    if (index == null) {
      return table.partitionKeyIndexes();
    }
    return table.partitioning().isSpread() ? ImmutableList.of(0) : ImmutableList.of();
  }

  /** The order that rows come in; none if several buckets are read one after the other. */
  RelCollation order() {
    if (table.partitioning().isSpread()) {
      return RelCollations.EMPTY;
    }
    List<RelFieldCollation> fields = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      fields.add(new RelFieldCollation(columns.get(i), isDescending(i) ? Direction.DESCENDING : Direction.ASCENDING));
    }
    return RelCollations.of(fields);
  }

  /** Whether no row need be looked up for these columns. */
  boolean covers(BitSet wanted) {
    return index == null || new IndexLayout(table, index).covers(wanted);
  }
}
