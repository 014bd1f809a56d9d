package org.treatydb.sql.exec;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.treatydb.sql.catalog.TableDescriptor;

/** A table of a plan whose rows each execution is given: rows of a stored table that a statement changes. Equal only to itself. */
public final class GivenRows implements MemoryRows {

  private final int width;
  private final RowForm form;

  /** A place for rows of {@code table}, without hidden row ids. */
  public GivenRows(TableDescriptor table) {
    this.width = table.columns().size();
    this.form = new RowForm(table);
  }

  @Override
  public Enumerable<Object[]> open(DataContext context) {
    List<Object[]> rows = ((ExecutionContext) context).once(this, () -> {
      throw new IllegalStateException("An execution was not given the rows it reads");
    });
    return Linq4j.asEnumerable(rows);
  }

  /** What is to be given: these rows, each with its number, from 0, as another column at its end. */
  List<Object[]> numbered(List<Object[]> rows) {
    List<Object[]> numbered = new ArrayList<>(rows.size());
    for (Object[] row : rows) {
      Object[] given = new Object[width + 1];
      System.arraycopy(row, 0, given, 0, width);
      form.apply(given);
      given[width] = numbered.size();
      numbered.add(given);
    }
    return numbered;
  }
}
