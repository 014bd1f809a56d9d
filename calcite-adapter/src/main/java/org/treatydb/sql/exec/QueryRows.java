package org.treatydb.sql.exec;

import java.util.List;
import org.apache.calcite.linq4j.Enumerator;

/** The rows of one execution of a query, as Calcite's run-time values. Not thread-safe. */
public final class QueryRows implements AutoCloseable {

  private final ExecutionContext context;
  private final Enumerator<?> rows;
  private final int width;
  private final CompiledQuery query;

  QueryRows(ExecutionContext context, Enumerator<?> rows, int width, CompiledQuery query) {
    this.context = context;
    this.rows = rows;
    this.width = width;
    this.query = query;
  }

  public boolean next() {
    context.checkCancelled();
    try {
      return rows.moveNext();
    } catch (LinkageError e) {
      throw query.reason(e);
    }
  }

  /** The present row; the array may be shared with the plan and must not change. */
  public Object[] row() {
    Object current = rows.current();
    return width == 1 ? new Object[] {current} : current instanceof List<?> list ? list.toArray() : (Object[]) current;
  }

  /** What an operator of a plan that is measured has done until now. */
  public OperatorFigures figures(int operator) {
    return context.figures(operator);
  }

  @Override
  public void close() {
    try {
      rows.close();
    } finally {
      context.close();
    }
  }
}
