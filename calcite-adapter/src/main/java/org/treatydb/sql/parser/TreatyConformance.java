package org.treatydb.sql.parser;

import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.validate.SqlAbstractConformance;

/**
 * What SQL is allowed beyond Calcite's default: what PostgreSQL's users expect, and nothing that PostgreSQL would read otherwise. The
 * parser and the validator must be given the same conformance. Stateless.
 */
public final class TreatyConformance extends SqlAbstractConformance {

  public static final TreatyConformance INSTANCE = new TreatyConformance();

  private TreatyConformance() {}

  /** {@code GROUP BY total} where {@code total} is a column's alias. */
  @Override
  public boolean isGroupByAlias() {
    return true;
  }

  /** {@code GROUP BY 1}. */
  @Override
  public boolean isGroupByOrdinal() {
    return true;
  }

  /** {@code ORDER BY x} means the column labelled x before a table's column x. */
  @Override
  public boolean isSortByAliasObscures() {
    return true;
  }

  /** {@code a != b}. */
  @Override
  public boolean isBangEqualAllowed() {
    return true;
  }

  /** {@code a % b}. */
  @Override
  public boolean isPercentRemainderAllowed() {
    return true;
  }

  /** {@code INSERT INTO t (a, b)} leaves the other columns to their defaults. */
  @Override
  public boolean isInsertSubsetColumnsAllowed() {
    return true;
  }

  /** {@code OFFSET 5 LIMIT 10}. */
  @Override
  public boolean isOffsetLimitAllowed() {
    return true;
  }

  /** {@code TRIM(BOTH 'ab' FROM s)}, more than one character. */
  @Override
  public boolean allowExtendedTrim() {
    return true;
  }

  /** {@code INTERVAL '2' DAYS}. */
  @Override
  public boolean allowPluralTimeUnits() {
    return true;
  }

  /** {@code VALUES ('a'), ('bcd')} is VARCHAR, without padding. */
  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  /** Integer arithmetic that overflows is an error instead of a wrong number. */
  @Override
  public boolean checkedArithmetic() {
    return true;
  }

  @Override
  public SqlLibrary semantics() {
    return SqlLibrary.POSTGRESQL;
  }
}
