package org.treatydb.sql.exec;

import java.util.AbstractList;
import java.util.List;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/** The numbers of {@code GENERATE_SERIES(from, to, step)}, made as they are read. Immutable. */
public final class NumberSeries extends AbstractList<Long> {

  private final long from;
  private final long step;
  private final int size;

  private NumberSeries(long from, long step, int size) {
    this.from = from;
    this.step = step;
    this.size = size;
  }

  /**
   * The numbers from the one to the other; none if an argument is null. Called by generated code.
   *
   * @throws SqlFailure 22023 if the step is 0; 54000 if there are more than 2,147,483,647
   */
  public static List<Long> of(Long from, Long to, Long step) {
    if (from == null || to == null || step == null) {
      return List.of();
    }
    if (step == 0) {
      throw new SqlFailure(SqlState.INVALID_PARAMETER_VALUE, "The step of GENERATE_SERIES cannot be 0.");
    }
    if (step > 0 ? from > to : from < to) {
      return List.of();
    }
    // The distance may be larger than a long, but not than an unsigned one.
    long distance = step > 0 ? to - from : from - to;
    long steps = Long.divideUnsigned(distance, step > 0 ? step : -step);
    if (Long.compareUnsigned(steps, Integer.MAX_VALUE) >= 0) {
      throw new SqlFailure(SqlState.PROGRAM_LIMIT_EXCEEDED, "GENERATE_SERIES gives at most 2,147,483,647 numbers.");
    }
    return new NumberSeries(from, step, (int) steps + 1);
  }

  @Override
  public Long get(int index) {
    return from + index * step;
  }

  @Override
  public int size() {
    return size;
  }
}
