package org.treatydb.sql.plan;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnStatistics;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableStatistics;
import org.treatydb.sql.exec.KeyBounds.Interval;
import org.treatydb.sql.type.ColumnType;

/** How much of a table conditions on its columns select: by the statistics, if ANALYZE has made some, else by guess. Immutable. */
final class Selectivity {

  /** Guesses: the values from one on, or up to one; those between two; one value; the NULLs. */
  private static final double HALF_OPEN = 0.25;
  private static final double BETWEEN = 0.05;
  private static final double ONE_VALUE = 0.01;
  private static final double NULLS = 0.01;

  private final TableDescriptor table;
  private final TableStatistics statistics;

  /**
   * An estimate.
   *
   * @param statistics null if there are none
   */
  Selectivity(TableDescriptor table, TableStatistics statistics) {
    this.table = table;
    this.statistics = statistics;
  }

  /** Whether there is anything better than guesses about the column at {@code position}. */
  boolean knows(int position) {
    return column(position) != null;
  }

  private ColumnStatistics column(int position) {
    return statistics == null || position >= table.columns().size() ? null : statistics.columns().get(table.columns().get(position).id());
  }

  /** About how many different values the column has; NaN if nothing is known. */
  double distinct(int position) {
    ColumnStatistics column = column(position);
    return column == null ? Double.NaN : Math.max(1, column.distinct());
  }

  /** The part of all rows whose value of the column lies in one of the intervals. */
  double of(int position, List<Interval> intervals, List<RexNode> operands) {
    return Math.min(1, intervals.stream().mapToDouble(interval -> of(position, interval, operands)).sum());
  }

  private double of(int position, Interval interval, List<RexNode> operands) {
    ColumnStatistics column = column(position);
    if (column == null) {
      return guess(interval);
    }
    if (interval.isNull()) {
      return column.nulls();
    }
    if (interval.isPoint()) {
      byte[] key = key(position, operands.get(interval.lower()));
      return key == null ? column.equal() : column.equal(key);
    }
    boolean fromBelow = interval.lower() == Interval.UNBOUNDED;
    boolean toAbove = interval.upper() == Interval.UNBOUNDED;
    byte[] lower = fromBelow ? null : key(position, operands.get(interval.lower()));
    byte[] upper = toAbove ? null : key(position, operands.get(interval.upper()));
    if (!fromBelow && lower == null || !toAbove && upper == null) {
      return guess(interval) * (1 - column.nulls());
    }
    double below = fromBelow ? 0 : column.below(lower);
    double upTo = toAbove ? 1 - column.nulls() : column.below(upper) + (interval.upperInclusive() ? column.equal(upper) : 0);
    return Math.clamp(upTo - below, 0, 1);
  }

  private static double guess(Interval interval) {
    if (interval.isNull()) {
      return NULLS;
    }
    if (interval.equals(Interval.NOT_NULL)) {
      return 1 - NULLS;
    }
    boolean both = interval.lower() != Interval.UNBOUNDED && interval.upper() != Interval.UNBOUNDED;
    return interval.isPoint() ? ONE_VALUE : both ? BETWEEN : HALF_OPEN;
  }

  /** The value of a literal, encoded as a key; null if it is no literal, or none of the column's type. */
  private byte[] key(int position, RexNode operand) {
    ColumnDescriptor column = table.columns().get(position);
    Object value = operand instanceof RexLiteral literal ? value(literal, column.type()) : null;
    if (value == null) {
      return null;
    }
    try {
      return ColumnStatistics.key(column.type(), value);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Object value(RexLiteral literal, ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT, DECIMAL -> literal.getValueAs(BigDecimal.class);
      case REAL, DOUBLE -> literal.getValueAs(Double.class);
      case CHAR, VARCHAR -> literal.getValueAs(String.class);
      case BOOLEAN -> literal.getValueAs(Boolean.class);
      case DATE, TIME -> literal.getValueAs(Integer.class);
      case TIMESTAMP -> literal.getValueAs(Long.class);
      case BINARY, VARBINARY -> literal.getValueAs(ByteString.class);
      case UUID -> literal.getValueAs(UUID.class);
    };
  }
}
