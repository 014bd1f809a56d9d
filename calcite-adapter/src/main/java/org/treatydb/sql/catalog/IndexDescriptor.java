package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Objects;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;

/**
 * A secondary index of a table: an ordered copy of some columns, maintained by every transaction that writes rows. Immutable.
 *
 * @param id from 1, unique in its table for ever
 * @param name unique in the table's schema, also among tables; of a UNIQUE constraint, the constraint's
 * @param unique whether two rows cannot have the same values in its columns, of which none is NULL
 * @param constraint whether it stands for a UNIQUE constraint, and cannot be dropped without it
 * @param parts the columns it is sorted by
 * @param includedIds further columns whose values it holds
 * @param state whether it can be read
 */
public record IndexDescriptor(
    int id, String name, boolean unique, boolean constraint, ImmutableList<KeyPart> parts, ImmutableList<Integer> includedIds,
    State state) {

  /** So many columns at most, those included not counted. */
  public static final int COLUMNS_MAX = 32;

  /** How far an index has come. A stored number: new states go to the end. */
  public enum State {
    /** Writers maintain it, but it lacks rows that are older than itself: it cannot be read. */
    BUILDING,
    /** It has all rows. */
    READY
  }

  public IndexDescriptor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(state, "state");
  }

  public IndexDescriptor(
      int id, String name, boolean unique, boolean constraint, List<KeyPart> parts, List<Integer> includedIds, State state) {
    this(id, name, unique, constraint, ImmutableList.copyOf(parts), ImmutableList.copyOf(includedIds), state);
  }

  public boolean isReady() {
    return state == State.READY;
  }

  /** The same index in another state. */
  public IndexDescriptor withState(State newState) {
    return new IndexDescriptor(id, name, unique, constraint, parts, includedIds, newState);
  }

  IndexDescriptor withId(int newId) {
    return new IndexDescriptor(newId, name, unique, constraint, parts, includedIds, state);
  }
}
