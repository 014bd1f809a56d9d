package org.treatydb.sql.exec;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.treatydb.sql.catalog.Constraints.Action;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;

/**
 * What foreign keys make of the rows that one statement writes. What new rows refer to is looked for, and locked shared, before they are
 * written: so that who deletes it at the same time waits for the whole statement, or this one for him, and neither in the middle. What is
 * not there then (perhaps because the statement itself will write it) is looked for again at the end, when all actions have been taken.
 * Not thread-safe.
 */
final class ReferentialChecks {

  private final ForeignKeys keys;
  private final StatementInput input;
  private final Deque<Change> changes = new ArrayDeque<>();
  private final Map<Reference, Map<ByteBuffer, List<Object[]>>> missing = new LinkedHashMap<>();
  private final List<Lost> lost = new ArrayList<>();

  /** Rows of a table that others may refer to, before and after; null after DELETE. */
  private record Change(TableLayout table, List<Object[]> before, List<Object[]> after) {}

  /** Keys that rows of the parent had, with these rows, and which nothing must refer to at the end. */
  private record Lost(Reference reference, boolean restricted, Map<ByteBuffer, Object[]> keys) {}

  ReferentialChecks(ForeignKeys keys, StatementInput input) {
    this.keys = keys;
    this.input = input;
  }

  /** To be called before rows are inserted. */
  void inserting(TableLayout table, List<Object[]> rows) {
    keys.of(table).references().forEach(reference -> requireAll(reference, rows));
  }

  private void requireAll(Reference reference, List<Object[]> rows) {
    Map<ByteBuffer, List<Object[]>> wanted = new LinkedHashMap<>();
    rows.forEach(row -> want(wanted, reference.keyOfChild(row), row));
    require(reference, wanted);
  }

  /** To be called before rows are updated. */
  void updating(TableLayout table, List<Object[]> before, List<Object[]> after) {
    for (Reference reference : keys.of(table).references()) {
      Map<ByteBuffer, List<Object[]>> wanted = new LinkedHashMap<>();
      for (int i = 0; i < after.size(); i++) {
        byte[] key = reference.keyOfChild(after.get(i));
        if (!Arrays.equals(key, reference.keyOfChild(before.get(i)))) {
          want(wanted, key, after.get(i));
        }
      }
      require(reference, wanted);
    }
  }

  private static void want(Map<ByteBuffer, List<Object[]>> wanted, byte[] key, Object[] row) {
    if (key != null) {
      wanted.computeIfAbsent(ByteBuffer.wrap(key), _ -> new ArrayList<>(1)).add(row);
    }
  }

  private void require(Reference reference, Map<ByteBuffer, List<Object[]>> wanted) {
    Set<ByteBuffer> unknown = wanted.isEmpty() || reference.isToItself() ? wanted.keySet()
        : reference.missing(wanted.keySet(), input.transaction());
    for (ByteBuffer key : unknown) {
      missing.computeIfAbsent(reference, _ -> new HashMap<>()).computeIfAbsent(key, _ -> new ArrayList<>(1)).addAll(wanted.get(key));
    }
  }

  /** To be called when rows have been updated. */
  void updated(TableLayout table, List<Object[]> before, List<Object[]> after) {
    if (!keys.of(table).referrers().isEmpty()) {
      changes.add(new Change(table, before, after));
    }
  }

  /** To be called when rows have been deleted. */
  void deleted(TableLayout table, List<Object[]> rows) {
    updated(table, rows, null);
  }

  /**
   * Takes the actions that are to be taken; then checks that nothing refers to what is not there.
   *
   * @throws SqlFailure 23503 or 23001 if something does
   */
  void finish() throws SQLException {
    while (!changes.isEmpty()) {
      Change change = changes.poll();
      for (Reference reference : keys.of(change.table).referrers()) {
        follow(reference, change);
      }
    }
    missing.forEach(this::checkThere);
    lost.forEach(this::checkUnused);
  }

  private void follow(Reference reference, Change change) throws SQLException {
    Map<ByteBuffer, Object[]> gone = new LinkedHashMap<>();
    Map<ByteBuffer, Object[]> successors = new HashMap<>();
    for (int i = 0; i < change.before.size(); i++) {
      byte[] key = reference.keyOfParent(change.before.get(i));
      Object[] successor = change.after == null ? null : change.after.get(i);
      if (key != null && (successor == null || !Arrays.equals(key, reference.keyOfParent(successor)))) {
        gone.put(ByteBuffer.wrap(key), change.before.get(i));
        successors.put(ByteBuffer.wrap(key), successor);
      }
    }
    if (gone.isEmpty()) {
      return;
    }
    Action action = change.after == null ? reference.foreignKey().onDelete() : reference.foreignKey().onUpdate();
    if (action == Action.NO_ACTION || action == Action.RESTRICT) {
      lost.add(new Lost(reference, action == Action.RESTRICT, gone));
      return;
    }
    List<Object[]> children = new ArrayList<>();
    reference.visitChildren(gone, true, input, children::add);
    if (children.isEmpty()) {
      return;
    }
    if (action == Action.CASCADE && change.after == null) {
      RowWriter writer = new RowWriter(reference.child(), input.transaction());
      children.forEach(writer::delete);
      deleted(reference.child(), children);
      return;
    }
    List<Object[]> after = new ArrayList<>(children.size());
    for (Object[] row : children) {
      Object[] changed = row.clone();
      reference.assign(changed, switch (action) {
        case CASCADE -> reference.values(successors.get(ByteBuffer.wrap(reference.keyOfChild(row))));
        case SET_DEFAULT -> reference.defaults(input);
        default -> new Object[reference.foreignKey().columnIds().size()];
      });
      after.add(changed);
    }
    keys.of(reference.child()).rules().apply(after, input);
    updating(reference.child(), children, after);
    if (action == Action.SET_DEFAULT) {
      // The DEFAULT may be the very key that is gone.
      requireAll(reference, after);
    }
    new RowWriter(reference.child(), input.transaction()).update(children, after);
    updated(reference.child(), children, after);
  }

  private void checkThere(Reference reference, Map<ByteBuffer, List<Object[]>> wanted) {
    for (ByteBuffer key : reference.missing(wanted.keySet(), input.transaction())) {
      if (wanted.get(key).stream().anyMatch(row -> reference.isStored(row, key, input.transaction()))) {
        throw reference.nothingThere();
      }
    }
  }

  private void checkUnused(Lost keysLost) {
    Reference reference = keysLost.reference;
    Map<ByteBuffer, Object[]> gone = new LinkedHashMap<>(keysLost.keys);
    if (!keysLost.restricted) {
      gone.keySet().retainAll(reference.missing(gone.keySet(), input.transaction()));
    }
    reference.visitChildren(gone, false, input, _ -> {
      throw reference.stillReferredTo(keysLost.restricted);
    });
  }
}
