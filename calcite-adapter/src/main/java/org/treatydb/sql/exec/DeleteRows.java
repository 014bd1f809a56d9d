package org.treatydb.sql.exec;

import java.sql.SQLException;
import java.util.List;
import org.treatydb.sql.catalog.TableLayout;

/**
 * A DELETE.
 *
 * @param source gives the values at {@code positions} of the rows to delete
 * @param joined whether {@code source} may give a row several times
 * @param positions the positions of the columns of the key and the indexes, of the hidden row id, and of what
 *     somebody wants to see
 * @param foreignKeys the foreign keys that the rows meet
 */
public record DeleteRows(TableLayout layout, CompiledQuery source, boolean joined, int[] positions, ForeignKeys foreignKeys)
    implements Modification {

  @Override
  public List<Object[]> run(StatementInput input) throws SQLException {
    List<Object[]> rows = Modification.collect(source, input);
    rows.replaceAll(this::row);
    if (joined) {
      rows = RowWriter.distinct(rows, layout);
    }
    RowWriter writer = new RowWriter(layout, input.transaction());
    rows.forEach(writer::delete);
    ReferentialChecks references = new ReferentialChecks(foreignKeys, input);
    references.deleted(layout, rows);
    references.finish();
    return rows;
  }

  private Object[] row(Object[] values) {
    Object[] row = new Object[layout.width()];
    for (int i = 0; i < positions.length; i++) {
      row[positions[i]] = values[i];
    }
    return row;
  }
}
