package org.treatydb.sql.exec;

import java.sql.SQLException;
import java.util.List;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;

/**
 * An INSERT.
 *
 * @param conflict what to do with rows whose key is taken; null to fail
 * @param rules what is computed of the rows
 * @param foreignKeys the foreign keys that the rows meet
 */
public record InsertRows(TableLayout layout, RowSource source, ConflictAction conflict, RowRules rules, ForeignKeys foreignKeys)
    implements Modification {

  @Override
  public List<Object[]> run(StatementInput input) throws SQLException {
    TableDescriptor table = layout.table();
    List<Object[]> rows = source.rows(input);
    for (int i = 0; i < rows.size(); i++) {
      rows.set(i, checked(rows.get(i), table, input.rowIds()));
    }
    rules.apply(rows, input);
    RowWriter writer = new RowWriter(layout, input.transaction());
    ReferentialChecks references = new ReferentialChecks(foreignKeys, input);
    List<Object[]> written = rows;
    if (conflict != null) {
      written = conflict.insert(rows, writer, input, references);
    } else {
      references.inserting(layout, rows);
      rows.forEach(writer::insert);
    }
    references.finish();
    return written;
  }

  private Object[] checked(Object[] values, TableDescriptor table, RowIds rowIds) throws SQLException {
    Object[] row = new Object[layout.width()];
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).generatedSql() == null) {
        row[i] = Assignment.assign(values[i], table.columns().get(i), table.name());
      }
    }
    if (table.hasRowId()) {
      row[row.length - 1] = rowIds.next();
    }
    return row;
  }
}
