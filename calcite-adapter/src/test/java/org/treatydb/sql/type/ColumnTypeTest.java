package org.treatydb.sql.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.junit.jupiter.api.Test;
import org.treatydb.sql.parser.CreateTable;
import org.treatydb.sql.parser.TreatyParser;

class ColumnTypeTest {

  private final RelDataTypeFactory factory = new JavaTypeFactoryImpl(TreatyTypeSystem.INSTANCE);

  @Test
  void declarationsMeanTheTypesThatUsersExpect() throws SQLException {
    Map<String, String> meanings = Map.ofEntries(
        Map.entry("int", "INTEGER"), Map.entry("integer", "INTEGER"), Map.entry("bigint", "BIGINT"), Map.entry("smallint", "SMALLINT"),
        Map.entry("tinyint", "SMALLINT"), Map.entry("decimal", "DECIMAL(38, 10)"), Map.entry("numeric(7)", "DECIMAL(7, 0)"),
        Map.entry("dec(7, 3)", "DECIMAL(7, 3)"), Map.entry("real", "REAL"), Map.entry("float", "DOUBLE"), Map.entry("float(24)", "REAL"),
        Map.entry("float(25)", "DOUBLE"), Map.entry("double", "DOUBLE"), Map.entry("double precision", "DOUBLE"),
        Map.entry("boolean", "BOOLEAN"), Map.entry("varchar", "VARCHAR"), Map.entry("varchar(20)", "VARCHAR(20)"),
        Map.entry("character varying(20)", "VARCHAR(20)"), Map.entry("text", "VARCHAR"), Map.entry("char", "CHAR(1)"),
        Map.entry("character(7)", "CHAR(7)"), Map.entry("binary(3)", "BINARY(3)"), Map.entry("varbinary", "VARBINARY"),
        Map.entry("binary varying(9)", "VARBINARY(9)"), Map.entry("bytea", "VARBINARY"), Map.entry("date", "DATE"),
        Map.entry("time", "TIME(3)"), Map.entry("time(0)", "TIME(0)"), Map.entry("timestamp", "TIMESTAMP(3)"),
        Map.entry("timestamp(0)", "TIMESTAMP(0)"), Map.entry("timestamp without time zone", "TIMESTAMP(3)"));
    for (Map.Entry<String, String> meaning : meanings.entrySet()) {
      assertEquals(meaning.getValue(), ColumnType.of(declared(meaning.getKey())).toString(), meaning.getKey());
    }
  }

  @Test
  void whatCannotBeDeclaredIsRefusedWithAReason() {
    Map<String, String> errors = Map.of(
        "timestamp(6)", "0A000", "timestamp(9)", "42611", "timestamp with time zone", "0A000", "int array", "0A000",
        "varchar(0)", "42611", "char(100000)", "42611", "decimal(39, 2)", "42601", "decimal(5, 6)", "42601", "money", "42704");
    errors.forEach((type, state) -> {
      SQLException e = assertThrows(SQLException.class, () -> ColumnType.of(declared(type)), type);
      assertEquals(state, e.getSQLState(), () -> type + ": " + e.getMessage());
    });
  }

  @Test
  void everyTypeSurvivesTheWayThroughCalcite() throws SQLException {
    for (ColumnType type : SqlValues.TYPES) {
      RelDataType calcite = type.toRelDataType(factory, true);
      assertTrue(calcite.isNullable());
      assertEquals(type, ColumnType.of(calcite));
      assertEquals(type.jdbcType(), calcite.getSqlTypeName().getJdbcOrdinal());
    }
  }

  @Test
  void malformedTypesAreRefused() {
    SplittableRandom random = new SplittableRandom(20260503L);
    for (ColumnType type : SqlValues.TYPES) {
      byte[] encoded = type.encode();
      for (int length = 0; length < encoded.length; length++) {
        byte[] truncated = Arrays.copyOf(encoded, length);
        assertThrows(MalformedEncodingException.class, () -> ColumnType.decode(truncated));
      }
      for (int i = 0; i < 1000; i++) {
        byte[] mutated = encoded.clone();
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
        try {
          assertEquals(ColumnType.decode(mutated), ColumnType.decode(ColumnType.decode(mutated).encode()));
        } catch (MalformedEncodingException e) {
          assertTrue(e.getMessage().startsWith("malformed encoding: "));
        }
      }
    }
  }

  private static SqlDataTypeSpec declared(String type) throws SQLException {
    return ((CreateTable) TreatyParser.parseStatement("create table t (a " + type + ")")).columns().get(0).type();
  }
}
