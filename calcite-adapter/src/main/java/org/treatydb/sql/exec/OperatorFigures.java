package org.treatydb.sql.exec;

import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.TransformedEnumerator;

/** What one operator did in one execution, for EXPLAIN ANALYZE. Not thread-safe. */
public final class OperatorFigures {

  private long runs;
  private long rows;
  private long nanos;

  /** How often it was run: more than once if it depends on rows of another. */
  public long runs() {
    return runs;
  }

  /** How many rows it gave, in all runs together. */
  public long rows() {
    return rows;
  }

  /** How long it took to give them, with its inputs, as far as it did not hold them before. */
  public long nanos() {
    return nanos;
  }

  /** {@code rows}, the result of the operator numbered {@code operator}. Called by generated code. */
  public static <T> Enumerable<T> measured(DataContext context, int operator, Enumerable<T> rows) {
    OperatorFigures figures = ((ExecutionContext) context).figures(operator);
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        figures.runs++;
        long begun = System.nanoTime();
        Enumerator<T> opened = rows.enumerator();
        figures.nanos += System.nanoTime() - begun;
        return figures.measured(opened);
      }
    };
  }

  private <T> Enumerator<T> measured(Enumerator<T> opened) {
    return new TransformedEnumerator<>(opened) {
      @Override
      public boolean moveNext() {
        long begun = System.nanoTime();
        boolean moved = super.moveNext();
        nanos += System.nanoTime() - begun;
        rows += moved ? 1 : 0;
        return moved;
      }

      @Override
      protected T transform(T row) {
        return row;
      }
    };
  }
}
