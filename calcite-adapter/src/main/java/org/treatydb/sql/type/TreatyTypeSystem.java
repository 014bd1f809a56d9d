package org.treatydb.sql.type;

import java.math.RoundingMode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * The limits and rules of Treaty's SQL types, where they differ from Calcite's: PostgreSQL's as far as run-time values allow. Stateless.
 *
 * <ul>
 *   <li>DECIMAL has up to 38 digits (Calcite: 19). Digits beyond the scale are rounded half up, away from zero (Calcite: cut).
 *   <li>DECIMAL without precision is DECIMAL(38, 10): the SQL standard's scale 0 would silently round a price to a whole number. The
 *       parser sees to it. DECIMAL(p) is DECIMAL(p, 0).
 *   <li>VARCHAR and VARBINARY need no length and then have none.
 *   <li>TIME and TIMESTAMP have three digits of a second, also when none are declared (Calcite: 0 when undeclared).
 *   <li>SUM of SMALLINT and INTEGER is BIGINT, of BIGINT is DECIMAL(38, 0), of DECIMAL is DECIMAL(38, s), so that it does not overflow; AVG
 *       and variances of exact numbers are DECIMAL with at least six digits after the point, covariances are DOUBLE.
 *   <li>A quotient has no fewer digits after the point than its operands.
 *   <li>{@code VALUES ('a'), ('bcd')} and its like give VARCHAR, without padding.
 * </ul>
 */
public final class TreatyTypeSystem extends RelDataTypeSystemImpl {

  /** The one instance. Calcite's {@code typeSystem} connection property finds it under the name of this field. */
  public static final TreatyTypeSystem INSTANCE = new TreatyTypeSystem();

  /** The scale of a DECIMAL that is declared without precision. */
  public static final int DECIMAL_SCALE_UNDECLARED = 10;

  private static final int AVERAGE_SCALE_MIN = 6;

  /** So many digits before the point a product keeps, if its operands have them. */
  private static final int PRODUCT_INTEGER_DIGITS = 18;

  private TreatyTypeSystem() {}

  @Override
  public int getMaxPrecision(SqlTypeName typeName) {
    return switch (typeName) {
      case DECIMAL -> ColumnType.DECIMAL_PRECISION_MAX;
      case CHAR, BINARY -> ColumnType.FIXED_LENGTH_MAX;
      case VARCHAR, VARBINARY -> Integer.MAX_VALUE;
      case TIME, TIMESTAMP -> ColumnType.FRACTION_DIGITS_MAX_DECLARED;
      default -> super.getMaxPrecision(typeName);
    };
  }

  @Override
  public int getMaxScale(SqlTypeName typeName) {
    return typeName == SqlTypeName.DECIMAL ? ColumnType.DECIMAL_PRECISION_MAX : super.getMaxScale(typeName);
  }

  @Override
  public int getDefaultPrecision(SqlTypeName typeName) {
    return switch (typeName) {
      case DECIMAL -> ColumnType.DECIMAL_PRECISION_MAX;
      case TIME, TIMESTAMP -> ColumnType.FRACTION_DIGITS_MAX_DECLARED;
      default -> super.getDefaultPrecision(typeName);
    };
  }

  @Override
  public RoundingMode roundingMode() {
    return RoundingMode.HALF_UP;
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory typeFactory, RelDataType argumentType) {
    RelDataType sum = switch (argumentType.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER -> typeFactory.createSqlType(SqlTypeName.BIGINT);
      case BIGINT -> typeFactory.createSqlType(SqlTypeName.DECIMAL, ColumnType.DECIMAL_PRECISION_MAX, 0);
      case DECIMAL -> typeFactory.createSqlType(SqlTypeName.DECIMAL, ColumnType.DECIMAL_PRECISION_MAX, argumentType.getScale());
      default -> null;
    };
    return sum == null
        ? super.deriveSumType(typeFactory, argumentType) : typeFactory.createTypeWithNullability(sum, argumentType.isNullable());
  }

  /** Nullable always: a variance of one value is NULL. */
  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory typeFactory, RelDataType argumentType) {
    RelDataType average = switch (argumentType.getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          typeFactory.createSqlType(SqlTypeName.DECIMAL, ColumnType.DECIMAL_PRECISION_MAX, AVERAGE_SCALE_MIN);
      case DECIMAL -> typeFactory.createSqlType(
          SqlTypeName.DECIMAL, ColumnType.DECIMAL_PRECISION_MAX, Math.max(AVERAGE_SCALE_MIN, argumentType.getScale()));
      case REAL, FLOAT -> typeFactory.createSqlType(SqlTypeName.DOUBLE);
      default -> super.deriveAvgAggType(typeFactory, argumentType);
    };
    return typeFactory.createTypeWithNullability(average, true);
  }

  @Override
  public RelDataType deriveCovarType(RelDataTypeFactory typeFactory, RelDataType firstType, RelDataType secondType) {
    return typeFactory.createTypeWithNullability(typeFactory.createSqlType(SqlTypeName.DOUBLE), true);
  }

  @Override
  public RelDataType deriveDecimalDivideType(RelDataTypeFactory typeFactory, RelDataType dividend, RelDataType divisor) {
    RelDataType quotient = super.deriveDecimalDivideType(typeFactory, dividend, divisor);
    if (quotient == null) {
      return null;
    }
    int scale = Math.max(quotient.getScale(), Math.max(scale(dividend), scale(divisor)));
    int precision = Math.min(quotient.getPrecision() - quotient.getScale() + scale, ColumnType.DECIMAL_PRECISION_MAX);
    return typeFactory.createSqlType(SqlTypeName.DECIMAL, precision, scale);
  }

  /** All digits of the product, as long as enough are left before the point; Calcite would leave none for two long fractions. */
  @Override
  public RelDataType deriveDecimalMultiplyType(RelDataTypeFactory typeFactory, RelDataType left, RelDataType right) {
    RelDataType product = super.deriveDecimalMultiplyType(typeFactory, left, right);
    if (product == null) {
      return null;
    }
    int digitsBeforePoint = left.getPrecision() - scale(left) + right.getPrecision() - scale(right);
    int room = ColumnType.DECIMAL_PRECISION_MAX - Math.min(digitsBeforePoint, PRODUCT_INTEGER_DIGITS);
    int scale = Math.min(product.getScale(), Math.max(room, Math.max(scale(left), scale(right))));
    return typeFactory.createSqlType(SqlTypeName.DECIMAL, product.getPrecision(), scale);
  }

  private static int scale(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.DECIMAL ? type.getScale() : 0;
  }
}
