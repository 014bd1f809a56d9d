package org.treatydb.sql.system;

import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.exec.ExecutionContext;
import org.treatydb.sql.exec.MemoryRows;

/** A system view in a plan. Immutable, thread-safe. */
public final class SystemSource implements MemoryRows {

  private final SystemView view;
  private final Catalog catalog;

  /** A source for plans made against {@code catalog}. */
  public SystemSource(SystemView view, Catalog catalog) {
    this.view = view;
    this.catalog = catalog;
  }

  /** The rows, as arrays; within one execution always the same. */
  @Override
  public Enumerable<Object[]> open(DataContext context) {
    long nowMillis = DataContext.Variable.CURRENT_TIMESTAMP.get(context);
    ExecutionContext execution = (ExecutionContext) context;
    List<Object[]> rows = execution.once(view, () -> view.rows().read(catalog.visibleTo(execution.rights().role()), nowMillis));
    return Linq4j.asEnumerable(rows);
  }
}
