package org.treatydb.sql.parser;

import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.TreatyTypeSystem;

/** The types behind the names that the grammar's {@code types.ftl} reads. */
final class TypeNames {

  private static final int REAL_BITS_MAX = 24;
  private static final int DOUBLE_BITS_MAX = 53;

  private TypeNames() {}

  /** FLOAT is DOUBLE; FLOAT(p) is REAL or DOUBLE, whichever has p bits. */
  static SqlTypeNameSpec floatOf(SqlParserPos position, int bits) {
    if (bits == 0 || bits > DOUBLE_BITS_MAX) {
      throw new SyntaxProblem(position, "FLOAT has a precision from 1 to " + DOUBLE_BITS_MAX + ", not " + bits);
    }
    return new SqlBasicTypeNameSpec(bits > 0 && bits <= REAL_BITS_MAX ? SqlTypeName.REAL : SqlTypeName.DOUBLE, position);
  }

  /** DECIMAL without precision has room for fractions; see {@link TreatyTypeSystem}. */
  static SqlTypeNameSpec decimalOf(SqlParserPos position, int precision, int scale) {
    if (precision < 0) {
      return new SqlBasicTypeNameSpec(
          SqlTypeName.DECIMAL, ColumnType.DECIMAL_PRECISION_MAX, TreatyTypeSystem.DECIMAL_SCALE_UNDECLARED, position);
    }
    if (precision == 0 || precision > ColumnType.DECIMAL_PRECISION_MAX) {
      throw new SyntaxProblem(position, "DECIMAL has a precision from 1 to " + ColumnType.DECIMAL_PRECISION_MAX + ", not " + precision);
    }
    if (scale > precision) {
      throw new SyntaxProblem(position, "DECIMAL(" + precision + ") has a scale from 0 to " + precision + ", not " + scale);
    }
    return new SqlBasicTypeNameSpec(SqlTypeName.DECIMAL, precision, Math.max(0, scale), position);
  }
}
