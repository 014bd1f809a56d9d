package org.treatydb.sql.plan;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;

/** Calcite's implicit casts, but that text is cast to UUID where the two are compared, and not the other way round. */
final class UuidCoercion extends TypeCoercionImpl {

  UuidCoercion(RelDataTypeFactory typeFactory, SqlValidator validator) {
    super(typeFactory, validator);
  }

  @Override
  public RelDataType commonTypeForBinaryComparison(RelDataType left, RelDataType right) {
    if (left != null && right != null && (isText(left, right) || isText(right, left))) {
      return factory.createTypeWithNullability(
          factory.createSqlType(SqlTypeName.UUID), left.isNullable() || right.isNullable());
    }
    return super.commonTypeForBinaryComparison(left, right);
  }

  private static boolean isText(RelDataType text, RelDataType uuid) {
    return SqlTypeUtil.isCharacter(text) && uuid.getSqlTypeName() == SqlTypeName.UUID;
  }
}
