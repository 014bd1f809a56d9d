package org.treatydb.sql.exec;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;

/**
 * An UPDATE.
 *
 * @param source gives, for each row to change, its present values (and its hidden row id, if it has one), then the new values
 * @param joined whether {@code source} may give a row several times; the first counts
 * @param positions the positions of the columns that the new values are for
 * @param rules what is computed of the changed rows
 * @param foreignKeys the foreign keys that the rows meet
 */
public record UpdateRows(TableLayout layout, CompiledQuery source, boolean joined, int[] positions, RowRules rules,
    ForeignKeys foreignKeys) implements Modification {

  @Override
  public List<Object[]> run(StatementInput input) throws SQLException {
    TableDescriptor table = layout.table();
    List<Object[]> before = Modification.collect(source, input);
    if (joined) {
      before = RowWriter.distinct(before, layout);
    }
    List<Object[]> after = new ArrayList<>(before.size());
    for (Object[] row : before) {
      Object[] changed = Arrays.copyOf(row, layout.width());
      for (int i = 0; i < positions.length; i++) {
        changed[positions[i]] = Assignment.assign(row[layout.width() + i], table.columns().get(positions[i]), table.name());
      }
      after.add(changed);
    }
    rules.apply(after, input);
    ReferentialChecks references = new ReferentialChecks(foreignKeys, input);
    references.updating(layout, before, after);
    new RowWriter(layout, input.transaction()).update(before, after);
    references.updated(layout, before, after);
    references.finish();
    return after;
  }
}
