package org.treatydb.jdbc.meta;

import java.sql.DatabaseMetaData;
import java.sql.Types;

/** The SQL types, as {@link DatabaseMetaData#getTypeInfo} shows them, in the order of their codes. */
final class TypeResults {

  private static final int DECIMAL_PRECISION_MAX = 38;
  private static final int FIXED_LENGTH_MAX = 65_536;
  private static final int FRACTION_DIGITS_MAX = 3;

  private TypeResults() {}

  static MetadataResult typeInfo() {
    MetadataResult result = new MetadataResult()
        .texts("TYPE_NAME")
        .integers("DATA_TYPE", "PRECISION")
        .texts("LITERAL_PREFIX", "LITERAL_SUFFIX", "CREATE_PARAMS")
        .smallints("NULLABLE")
        .booleans("CASE_SENSITIVE")
        .smallints("SEARCHABLE")
        .booleans("UNSIGNED_ATTRIBUTE", "FIXED_PREC_SCALE", "AUTO_INCREMENT")
        .texts("LOCAL_TYPE_NAME")
        .smallints("MINIMUM_SCALE", "MAXIMUM_SCALE")
        .integers("SQL_DATA_TYPE", "SQL_DATETIME_SUB", "NUM_PREC_RADIX");
    number(result, "BIGINT", Types.BIGINT, 19, null, 0, 10);
    quoted(result, "VARBINARY", Types.VARBINARY, 0, "X'", "LENGTH", 0);
    quoted(result, "BINARY", Types.BINARY, FIXED_LENGTH_MAX, "X'", "LENGTH", 0);
    quoted(result, "CHAR", Types.CHAR, FIXED_LENGTH_MAX, "'", "LENGTH", 0);
    number(result, "DECIMAL", Types.DECIMAL, DECIMAL_PRECISION_MAX, "PRECISION,SCALE", DECIMAL_PRECISION_MAX, 10);
    number(result, "INTEGER", Types.INTEGER, 10, null, 0, 10);
    number(result, "SMALLINT", Types.SMALLINT, 5, null, 0, 10);
    number(result, "FLOAT", Types.FLOAT, 53, null, 0, 2);
    number(result, "REAL", Types.REAL, 24, null, 0, 2);
    number(result, "DOUBLE", Types.DOUBLE, 53, null, 0, 2);
    quoted(result, "VARCHAR", Types.VARCHAR, 0, "'", "LENGTH", 0);
    add(result, "BOOLEAN", Types.BOOLEAN, 1, null, null, null, 0, null);
    quoted(result, "DATE", Types.DATE, 10, "DATE '", null, 0);
    quoted(result, "TIME", Types.TIME, 12, "TIME '", "PRECISION", FRACTION_DIGITS_MAX);
    quoted(result, "TIMESTAMP", Types.TIMESTAMP, 23, "TIMESTAMP '", "PRECISION", FRACTION_DIGITS_MAX);
    quoted(result, "UUID", Types.OTHER, 36, "UUID '", null, 0);
    return result;
  }

  private static void number(MetadataResult result, String name, int type, int precision, String parameters, int scaleMax, int radix) {
    add(result, name, type, precision, null, null, parameters, scaleMax, radix);
  }

  private static void quoted(MetadataResult result, String name, int type, int precision, String prefix, String parameters, int scaleMax) {
    add(result, name, type, precision, prefix, "'", parameters, scaleMax, null);
  }

  private static void add(MetadataResult result, String name, int type, int precision, String prefix, String suffix, String parameters,
      int scaleMax, Integer radix) {
    boolean text = type == Types.CHAR || type == Types.VARCHAR;
    result.add(name, type, precision, prefix, suffix, parameters, (short) DatabaseMetaData.typeNullable, text,
        (short) (text ? DatabaseMetaData.typeSearchable : DatabaseMetaData.typePredBasic), radix == null, false, false, name, (short) 0,
        (short) scaleMax, null, null, radix);
  }
}
