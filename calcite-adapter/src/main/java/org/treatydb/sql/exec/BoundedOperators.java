package org.treatydb.sql.exec;

import java.util.Comparator;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.EnumerableDefaults;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.TransformedEnumerator;
import org.apache.calcite.linq4j.function.EqualityComparer;
import org.apache.calcite.linq4j.function.Function0;
import org.apache.calcite.linq4j.function.Function1;
import org.apache.calcite.linq4j.function.Function2;

/**
 * Calcite's operators that hold rows in memory, with that memory bounded: {@link HeldRows}. Called by generated code.
 * {@code site} numbers an operator of the plan.
 */
public final class BoundedOperators {

  /** Of a group, beside its key: an accumulator of a few numbers. */
  private static final int ACCUMULATOR_BYTES = 128;

  private BoundedOperators() {}

  private static HeldRows.Holder beginning(DataContext context, int site) {
    HeldRows.Holder holder = goingOn(context, site);
    holder.clear();
    return holder;
  }

  private static HeldRows.Holder goingOn(DataContext context, int site) {
    return ((ExecutionContext) context).holder(site);
  }

  /** {@code rows}, all of which the operator above holds until it is run again. */
  public static <T> Enumerable<T> held(DataContext context, int site, Enumerable<T> rows) {
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        return counted(beginning(context, site), rows, Long.MAX_VALUE);
      }
    };
  }

  /** {@code rows}, all of which the operator above holds until the statement ends, however often it is run. */
  public static <T> Enumerable<T> kept(DataContext context, int site, Enumerable<T> rows) {
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        return counted(goingOn(context, site), rows, Long.MAX_VALUE);
      }
    };
  }

  private static <T> Enumerator<T> counted(HeldRows.Holder holder, Enumerable<T> rows, long most) {
    return new TransformedEnumerator<>(rows.enumerator()) {
      private long count;

      @Override
      protected T transform(T row) {
        return row;
      }

      @Override
      public boolean moveNext() {
        if (!super.moveNext()) {
          return false;
        }
        if (count < most) {
          count++;
          holder.add(current());
        }
        return true;
      }
    };
  }

  /** ORDER BY with a limit: holds as many rows as it will give, and those it passes over. */
  public static <T, K> Enumerable<T> orderBy(
      DataContext context, int site, Enumerable<T> rows, Function1<T, K> key, Comparator<K> order, int offset, int fetch) {
    Enumerable<T> counted = new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        return counted(beginning(context, site), rows, (long) offset + fetch);
      }
    };
    return EnumerableDefaults.orderBy(counted, key, order, offset, fetch);
  }

  /** GROUP BY: holds the groups. */
  public static <T, K, A, R> Enumerable<R> groupBy(
      DataContext context, int site, Enumerable<T> rows, Function1<T, K> key, Function0<A> initial, Function2<A, T, A> adder,
      Function2<K, A, R> result) {
    Groups<K, A> groups = new Groups<>(beginning(context, site), initial);
    return EnumerableDefaults.groupBy(rows, groups.noting(key), groups, adder, result);
  }

  /** As above, with keys compared by {@code comparer}. */
  public static <T, K, A, R> Enumerable<R> groupBy(
      DataContext context, int site, Enumerable<T> rows, Function1<T, K> key, Function0<A> initial, Function2<A, T, A> adder,
      Function2<K, A, R> result, EqualityComparer<K> comparer) {
    Groups<K, A> groups = new Groups<>(beginning(context, site), initial);
    return EnumerableDefaults.groupBy(rows, groups.noting(key), groups, adder, result, comparer);
  }

  /** GROUPING SETS: holds the groups of all. */
  public static <T, K, A, R> Enumerable<R> groupByMultiple(
      DataContext context, int site, Enumerable<T> rows, List<Function1<T, K>> keys, Function0<A> initial, Function2<A, T, A> adder,
      Function2<K, A, R> result) {
    Groups<K, A> groups = new Groups<>(beginning(context, site), initial);
    return EnumerableDefaults.groupByMultiple(rows, keys.stream().map(groups::noting).toList(), groups, adder, result);
  }

  /** DISTINCT: holds one of each. */
  public static <T> Enumerable<T> distinct(DataContext context, int site, Enumerable<T> rows) {
    return groupBy(context, site, rows, row -> row, () -> true, (first, _) -> first, (row, _) -> row);
  }

  /** As above, with rows compared by {@code comparer}. */
  public static <T> Enumerable<T> distinct(DataContext context, int site, Enumerable<T> rows, EqualityComparer<T> comparer) {
    return groupBy(context, site, rows, row -> row, () -> true, (first, _) -> first, (row, _) -> row, comparer);
  }

  /** UNION: holds one of each. */
  public static <T> Enumerable<T> union(DataContext context, int site, Enumerable<T> rows, Enumerable<T> more) {
    return distinct(context, site, rows.concat(more));
  }

  /** As above, with rows compared by {@code comparer}. */
  public static <T> Enumerable<T> union(
      DataContext context, int site, Enumerable<T> rows, Enumerable<T> more, EqualityComparer<T> comparer) {
    return distinct(context, site, rows.concat(more), comparer);
  }

  /** Makes the accumulators of new groups, and counts the groups, with the key that was looked for last. */
  private static final class Groups<K, A> implements Function0<A> {

    private final HeldRows.Holder holder;
    private final Function0<A> initial;
    private K last;

    Groups(HeldRows.Holder holder, Function0<A> initial) {
      this.holder = holder;
      this.initial = initial;
    }

    <T> Function1<T, K> noting(Function1<T, K> key) {
      return row -> last = key.apply(row);
    }

    @Override
    public A apply() {
      holder.add(last, ACCUMULATOR_BYTES);
      return initial.apply();
    }
  }
}
