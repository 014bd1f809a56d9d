package org.treatydb.sql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.junit.jupiter.api.Test;

class TreatyTypeSystemTest {

  private final TreatyTypeSystem rules = TreatyTypeSystem.INSTANCE;
  private final RelDataTypeFactory factory = new JavaTypeFactoryImpl(rules);

  @Test
  void typesHaveTheLimitsOfTheirStoredForm() {
    assertEquals("DECIMAL(38, 38)", factory.createSqlType(SqlTypeName.DECIMAL, 38, 38).toString());
    assertEquals("VARCHAR", factory.createSqlType(SqlTypeName.VARCHAR).toString());
    assertEquals("VARCHAR(1000000)", factory.createSqlType(SqlTypeName.VARCHAR, 1_000_000).toString());
    assertEquals("TIMESTAMP(3)", factory.createSqlType(SqlTypeName.TIMESTAMP).toString());
    assertEquals("TIME(3)", factory.createSqlType(SqlTypeName.TIME).toString());
  }

  @Test
  void sumsHaveRoomForWhatTheyAddUp() {
    assertEquals("BIGINT", sum(factory.createSqlType(SqlTypeName.SMALLINT)));
    assertEquals("BIGINT", sum(factory.createSqlType(SqlTypeName.INTEGER)));
    assertEquals("DECIMAL(38, 0)", sum(factory.createSqlType(SqlTypeName.BIGINT)));
    assertEquals("DECIMAL(38, 2)", sum(factory.createSqlType(SqlTypeName.DECIMAL, 10, 2)));
    assertEquals("DOUBLE", sum(factory.createSqlType(SqlTypeName.DOUBLE)));
  }

  @Test
  void averagesOfExactNumbersHaveAFraction() {
    assertEquals("DECIMAL(38, 6)", average(factory.createSqlType(SqlTypeName.INTEGER)));
    assertEquals("DECIMAL(38, 6)", average(factory.createSqlType(SqlTypeName.DECIMAL, 10, 2)));
    assertEquals("DECIMAL(38, 9)", average(factory.createSqlType(SqlTypeName.DECIMAL, 10, 9)));
    assertEquals("DOUBLE", average(factory.createSqlType(SqlTypeName.REAL)));
  }

  @Test
  void quotientsAndProductsKeepTheFractionsOfTheirOperands() {
    RelDataType price = factory.createSqlType(SqlTypeName.DECIMAL, 38, 10);
    assertEquals("DECIMAL(38, 10)", rules.deriveDecimalDivideType(factory, price, factory.createSqlType(SqlTypeName.INTEGER)).toString());
    assertEquals("DECIMAL(38, 20)", rules.deriveDecimalMultiplyType(factory, price, price).toString());
    RelDataType fraction = factory.createSqlType(SqlTypeName.DECIMAL, 38, 30);
    assertEquals("DECIMAL(38, 30)", rules.deriveDecimalMultiplyType(factory, fraction, fraction).toString());
  }

  private String sum(RelDataType type) {
    return rules.deriveSumType(factory, type).toString();
  }

  private String average(RelDataType type) {
    return rules.deriveAvgAggType(factory, type).toString();
  }
}
