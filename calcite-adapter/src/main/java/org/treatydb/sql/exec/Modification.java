package org.treatydb.sql.exec;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The executable form of an INSERT, UPDATE, DELETE or MERGE. Immutable, thread-safe. */
public sealed interface Modification permits InsertRows, UpdateRows, DeleteRows, MergeRows {

  /**
   * Reads all it needs, then checks and writes. What a failure leaves behind is the caller's to undo.
   *
   * @return the rows as inserted or updated, or, those deleted, as they were; without their columns if nobody wants to see them
   */
  List<Object[]> run(StatementInput input) throws SQLException;

  /**
   * All rows of a query, read to the end before anything is written, so that a statement never sees its own changes. They count as held
   * until the statement ends.
   */
  static List<Object[]> collect(CompiledQuery query, StatementInput input) {
    List<Object[]> rows = new ArrayList<>();
    HeldRows.Holder holder = input.held().newHolder();
    try (QueryRows source = query.open(input)) {
      while (source.next()) {
        Object[] row = source.row();
        holder.add(row);
        rows.add(row);
      }
    }
    return rows;
  }
}
