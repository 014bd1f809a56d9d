package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What a table demands of its rows, beside types and NOT NULL. Immutable.
 *
 * @param primaryKeyName the name given to the primary key; null if none was
 * @param checks its CHECK constraints
 * @param foreignKeys its FOREIGN KEY constraints
 */
public record Constraints(String primaryKeyName, ImmutableList<Check> checks, ImmutableList<ForeignKey> foreignKeys) {

  /** Nothing is demanded. */
  public static final Constraints NONE = new Constraints(null, ImmutableList.of(), ImmutableList.of());

  /** A condition on each row, as SQL that parses again, which must not be false. */
  public record Check(String name, String sql) {}

  /** What happens to the rows that refer to one which is deleted or whose key changes. A stored number: new ones go to the end. */
  public enum Action { NO_ACTION, RESTRICT, CASCADE, SET_NULL, SET_DEFAULT }

  /**
   * A foreign key.
   *
   * @param columnIds the columns that refer
   * @param parentId the table they refer to
   * @param parentColumnIds the columns there, in the same order
   */
  public record ForeignKey(String name, ImmutableList<Integer> columnIds, int parentId, ImmutableList<Integer> parentColumnIds,
      Action onDelete, Action onUpdate) {

    public ForeignKey(String name, List<Integer> columnIds, int parentId, List<Integer> parentColumnIds, Action onDelete, Action onUpdate) {
      this(name, ImmutableList.copyOf(columnIds), parentId, ImmutableList.copyOf(parentColumnIds), onDelete, onUpdate);
    }
  }

  public Constraints(String primaryKeyName, List<Check> checks, List<ForeignKey> foreignKeys) {
    this(primaryKeyName, ImmutableList.copyOf(checks), ImmutableList.copyOf(foreignKeys));
  }

  public Constraints withChecks(List<Check> changed) {
    return new Constraints(primaryKeyName, changed, foreignKeys);
  }

  /** The same, where foreign keys refer to the table {@code after} in place of {@code before}. */
  Constraints withParentId(int before, int after) {
    return withForeignKeys(foreignKeys.stream().map(key -> key.parentId() == before
        ? new ForeignKey(key.name, key.columnIds, after, key.parentColumnIds, key.onDelete, key.onUpdate) : key).toList());
  }

  public Constraints withForeignKeys(List<ForeignKey> changed) {
    return new Constraints(primaryKeyName, checks, changed);
  }
}
