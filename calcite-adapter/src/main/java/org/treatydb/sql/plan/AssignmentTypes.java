package org.treatydb.sql.plan;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.type.ColumnType;

/**
 * Which types may be assigned to a column: one of the same family; text to anything (it is parsed) and almost anything to text; dates and
 * timestamps to each other. Length, range and text are checked when the value is there, by {@link org.treatydb.sql.exec.Assignment}.
 */
final class AssignmentTypes {

  private AssignmentTypes() {}

  /**
   * {@code source}, cast if its run-time value is not of the column's family.
   *
   * @throws SqlFailure 42804 if it cannot be assigned
   */
  static RexNode cast(RexBuilder rexBuilder, RexNode source, ColumnDescriptor column) {
    RelDataType type = source.getType();
    if (type.getSqlTypeName() == SqlTypeName.NULL || SqlTypeUtil.isCharacter(type) || sameFamily(type, column.type())) {
      return source;
    }
    RelDataTypeFactory typeFactory = rexBuilder.getTypeFactory();
    RelDataType target = switch (column.type().kind()) {
      case CHAR, VARCHAR -> isPrintable(type) ? typeFactory.createSqlType(SqlTypeName.VARCHAR) : null;
      case DATE, TIME -> type.getSqlTypeName() == SqlTypeName.TIMESTAMP ? column.type().toRelDataType(typeFactory, true) : null;
      case TIMESTAMP -> type.getSqlTypeName() == SqlTypeName.DATE ? column.type().toRelDataType(typeFactory, true) : null;
      default -> null;
    };
    if (target == null) {
      throw mismatch(column, type.toString());
    }
    return rexBuilder.makeCast(typeFactory.createTypeWithNullability(target, type.isNullable()), source);
  }

  static SqlFailure mismatch(ColumnDescriptor column, String sourceType) {
    return new SqlFailure(SqlState.TYPE_MISMATCH,
        "Column \"" + column.name() + "\" is of type " + column.type() + " but the expression is of type " + sourceType + ".");
  }

  private static boolean sameFamily(RelDataType source, ColumnType target) {
    return switch (target.kind()) {
      case SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> SqlTypeUtil.isNumeric(source);
      case BOOLEAN -> SqlTypeUtil.isBoolean(source);
      case CHAR, VARCHAR -> false;
      case BINARY, VARBINARY -> SqlTypeUtil.isBinary(source);
      case DATE, TIME, TIMESTAMP, UUID -> source.getSqlTypeName() == target.kind().sqlTypeName();
    };
  }

  private static boolean isPrintable(RelDataType type) {
    return SqlTypeUtil.isNumeric(type) || SqlTypeUtil.isBoolean(type) || SqlTypeUtil.isDatetime(type)
        || type.getSqlTypeName() == SqlTypeName.UUID;
  }
}
