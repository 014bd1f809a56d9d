package org.treatydb.sql.exec;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;

/**
 * A MERGE.
 *
 * @param source gives, for each row of the source and row of the target that belong together, the latter (NULLs if there is none), then the
 *     number of the clause that is for them, negative if none is, then the values of all clauses
 * @param rules what is computed of new and changed rows
 * @param foreignKeys the foreign keys that the rows meet
 */
public record MergeRows(TableLayout layout, CompiledQuery source, List<Clause> clauses, RowRules rules, ForeignKeys foreignKeys)
    implements Modification {

  /** What a clause does with a row. */
  public enum Kind { UPDATE, DELETE, INSERT, NOTHING }

  /**
   * One clause.
   *
   * @param positions the positions of the columns that it has values for
   * @param first the number of its first value among those of all clauses
   */
  public record Clause(Kind kind, int[] positions, int first) {}

  @Override
  public List<Object[]> run(StatementInput input) throws SQLException {
    List<Object[]> before = new ArrayList<>();
    List<Object[]> written = new ArrayList<>();
    List<Object[]> deleted = new ArrayList<>();
    List<Object[]> inserted = new ArrayList<>();
    Set<ByteBuffer> met = new HashSet<>();
    int width = layout.width();
    for (Object[] row : Modification.collect(source, input)) {
      int chosen = (Integer) row[width];
      Clause clause = chosen < 0 ? null : clauses.get(chosen);
      if (clause == null || clause.kind == Kind.NOTHING) {
        continue;
      }
      if (clause.kind == Kind.INSERT) {
        inserted.add(assigned(new Object[width], row, clause));
        continue;
      }
      if (!met.add(ByteBuffer.wrap(layout.key(row)))) {
        throw new SqlFailure(SqlState.CARDINALITY_VIOLATION,
            "MERGE would change a row of table \"" + layout.table().name() + "\" twice: several rows of the source belong to it.");
      }
      if (clause.kind == Kind.DELETE) {
        deleted.add(Arrays.copyOf(row, width));
      } else {
        before.add(row);
        written.add(assigned(Arrays.copyOf(row, width), row, clause));
      }
    }
    List<Object[]> after = List.copyOf(written);
    if (layout.table().hasRowId()) {
      inserted.forEach(row -> row[width - 1] = input.rowIds().next());
    }
    written.addAll(inserted);
    rules.apply(written, input);
    write(before, after, inserted, deleted, input);
    written.addAll(deleted);
    return written;
  }

  private Object[] assigned(Object[] target, Object[] row, Clause clause) throws SQLException {
    TableDescriptor table = layout.table();
    for (int i = 0; i < clause.positions.length; i++) {
      int position = clause.positions[i];
      target[position] =
          Assignment.assign(row[layout.width() + 1 + clause.first + i], table.columns().get(position), table.name());
    }
    return target;
  }

  private void write(List<Object[]> before, List<Object[]> after, List<Object[]> inserted, List<Object[]> deleted, StatementInput input)
      throws SQLException {
    ReferentialChecks references = new ReferentialChecks(foreignKeys, input);
    references.updating(layout, before, after);
    references.inserting(layout, inserted);
    RowWriter writer = new RowWriter(layout, input.transaction());
    deleted.forEach(writer::delete);
    writer.update(before, after);
    inserted.forEach(writer::insert);
    references.deleted(layout, deleted);
    references.updated(layout, before, after);
    references.finish();
  }
}
