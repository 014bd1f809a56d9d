package org.treatydb.sql.exec;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;

/**
 * ON CONFLICT: what an INSERT does with rows whose key is taken.
 *
 * @param arbiters which keys
 * @param update how the rows that are there are changed; null for DO NOTHING
 */
public record ConflictAction(TableLayout layout, List<Arbiter> arbiters, Update update) {

  /**
   * DO UPDATE.
   *
   * @param query gives, for pairs of a row that is there and a row that was to be inserted, the number of the pair and the new values; not
   *     for pairs that WHERE passes over
   * @param present where {@code query} reads the rows that are there
   * @param excluded where it reads those that were to be inserted
   * @param positions the positions of the columns that the new values are for
   * @param rules what is computed of the changed rows
   */
  public record Update(CompiledQuery query, GivenRows present, GivenRows excluded, int[] positions, RowRules rules) {}

  /** A row that is there, and the one that was to be inserted. */
  private record Pair(Object[] present, Object[] excluded) {}

  /** Inserts those rows whose keys are free; gives what was inserted and updated. */
  List<Object[]> insert(List<Object[]> rows, RowWriter writer, StatementInput input, ReferentialChecks references) throws SQLException {
    List<Object[]> free = new ArrayList<>();
    List<Pair> taken = new ArrayList<>();
    Set<ByteBuffer> seen = new HashSet<>();
    for (Object[] row : rows) {
      List<ByteBuffer> keys = keys(row);
      boolean first = keys.stream().noneMatch(seen::contains);
      Object[] present = first ? present(row, input.transaction()) : null;
      if (!first && update != null) {
        throw new SqlFailure(SqlState.CARDINALITY_VIOLATION,
            "ON CONFLICT DO UPDATE would change a row twice: two of the rows to be inserted have the same key.");
      } else if (present != null) {
        taken.add(new Pair(present, row));
      } else if (first) {
        free.add(row);
      }
      if (update != null || first && present == null) {
        seen.addAll(keys);
      }
    }
    List<Object[]> changed = update == null ? List.of() : updated(taken, writer, input, references);
    references.inserting(layout, free);
    free.forEach(writer::insert);
    free.addAll(changed);
    return free;
  }

  /** The row's keys; those of different arbiters never are the same. */
  private List<ByteBuffer> keys(Object[] row) {
    return arbiters.stream().map(arbiter -> arbiter.key(row)).filter(Objects::nonNull).map(ByteBuffer::wrap).toList();
  }

  private Object[] present(Object[] row, KvTransaction transaction) {
    for (Arbiter arbiter : arbiters) {
      byte[] key = arbiter.key(row);
      Object[] present = key == null ? null : arbiter.present(key, transaction);
      if (present != null) {
        return present;
      }
    }
    return null;
  }

  private List<Object[]> updated(List<Pair> pairs, RowWriter writer, StatementInput input, ReferentialChecks references)
      throws SQLException {
    Map<GivenRows, List<Object[]>> given = Map.of(
        update.present, update.present.numbered(pairs.stream().map(Pair::present).toList()),
        update.excluded, update.excluded.numbered(pairs.stream().map(Pair::excluded).toList()));
    TableDescriptor table = layout.table();
    List<Object[]> before = new ArrayList<>();
    List<Object[]> after = new ArrayList<>();
    try (QueryRows values = update.query.open(input, given)) {
      while (values.next()) {
        Object[] row = values.row();
        Object[] present = pairs.get((Integer) row[0]).present;
        Object[] changed = Arrays.copyOf(present, present.length);
        for (int i = 0; i < update.positions.length; i++) {
          changed[update.positions[i]] =
              Assignment.assign(row[i + 1], table.columns().get(update.positions[i]), table.name());
        }
        before.add(present);
        after.add(changed);
      }
    }
    update.rules.apply(after, input);
    references.updating(layout, before, after);
    writer.update(before, after);
    references.updated(layout, before, after);
    return after;
  }
}
