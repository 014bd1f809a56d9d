package org.treatydb.sql.exec;

import java.util.List;
import org.treatydb.sql.catalog.TableLayout;

/**
 * A DELETE.
 *
 * @param source gives the values at {@code positions} of the rows to delete
 * @param positions the positions of the key's columns, or of the hidden row id
 */
public record DeleteRows(TableLayout layout, CompiledQuery source, int[] positions) implements Modification {

  @Override
  public long run(StatementInput input) {
    List<Object[]> rows = Modification.collect(source, input);
    RowWriter writer = new RowWriter(layout, input.transaction());
    for (Object[] values : rows) {
      Object[] row = new Object[layout.width()];
      for (int i = 0; i < positions.length; i++) {
        row[positions[i]] = values[i];
      }
      writer.delete(row);
    }
    return rows.size();
  }
}
