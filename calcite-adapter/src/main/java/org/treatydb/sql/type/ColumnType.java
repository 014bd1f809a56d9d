package org.treatydb.sql.type;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Types;
import java.util.Objects;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.type.SqlTypeName;
import org.treatydb.sql.api.SqlState;

/**
 * The declared type of a stored column: what the catalog keeps, and what the codecs of this package go by. Immutable, thread-safe.
 *
 * <p>What each kind stores, and what its values are at run time, is said at {@link Kind}. Lengths of character strings are counted in
 * UTF-16 code units, as CHAR_LENGTH counts them.
 *
 * @param kind the kind of type
 * @param precision DECIMAL: digits in all; CHAR, VARCHAR, BINARY, VARBINARY: the length, {@link #UNBOUNDED} for none; TIME, TIMESTAMP:
 *     digits of the fraction of a second; otherwise 0
 * @param scale DECIMAL: digits after the point; otherwise 0
 */
public record ColumnType(Kind kind, int precision, int scale) {

  /** The precision of a VARCHAR or VARBINARY of any length. */
  public static final int UNBOUNDED = 0;

  /** The most digits a DECIMAL has. */
  public static final int DECIMAL_PRECISION_MAX = 38;

  /** The most digits a fraction of a second has in the stored form, which is microseconds. */
  public static final int FRACTION_DIGITS_MAX = 6;

  /** The most digits a fraction of a second can be declared with as long as run-time values are milliseconds. */
  public static final int FRACTION_DIGITS_MAX_DECLARED = 3;

  /** The longest CHAR or BINARY, which always take their full length. */
  public static final int FIXED_LENGTH_MAX = 65_536;

  /** The first byte of {@link #encode}. */
  private static final byte VERSION = 1;

  private static final int ENCODED_BYTES = 10;

  /** A kind of type. The ids are stored: they never change, and are never used again. */
  public enum Kind {
    /** 16 bits; {@code Short}. */
    SMALLINT(1, SqlTypeName.SMALLINT, Types.SMALLINT, "SMALLINT"),
    /** 32 bits; {@code Integer}. */
    INTEGER(2, SqlTypeName.INTEGER, Types.INTEGER, "INTEGER"),
    /** 64 bits; {@code Long}. */
    BIGINT(3, SqlTypeName.BIGINT, Types.BIGINT, "BIGINT"),
    /** Up to 38 decimal digits; {@code BigDecimal} at the column's scale. */
    DECIMAL(4, SqlTypeName.DECIMAL, Types.DECIMAL, "DECIMAL"),
    /** IEEE 754 binary32; {@code Float}. */
    REAL(5, SqlTypeName.REAL, Types.REAL, "REAL"),
    /** IEEE 754 binary64; {@code Double}. */
    DOUBLE(6, SqlTypeName.DOUBLE, Types.DOUBLE, "DOUBLE"),
    /** {@code Boolean}; false before true. */
    BOOLEAN(7, SqlTypeName.BOOLEAN, Types.BOOLEAN, "BOOLEAN"),
    /** {@code String} of at least the declared length: shorter values are padded with spaces. */
    CHAR(8, SqlTypeName.CHAR, Types.CHAR, "CHAR"),
    /** {@code String}. */
    VARCHAR(9, SqlTypeName.VARCHAR, Types.VARCHAR, "VARCHAR"),
    /** {@code byte[]} of the declared length: shorter values are padded with zero bytes. */
    BINARY(10, SqlTypeName.BINARY, Types.BINARY, "BINARY"),
    /** {@code byte[]}; unsigned lexicographic order. */
    VARBINARY(11, SqlTypeName.VARBINARY, Types.VARBINARY, "VARBINARY"),
    /** Days since 1970-01-01, proleptic Gregorian; {@code Integer}. */
    DATE(12, SqlTypeName.DATE, Types.DATE, "DATE"),
    /** Stored as microseconds since midnight; {@code Integer} milliseconds. */
    TIME(13, SqlTypeName.TIME, Types.TIME, "TIME"),
    /** Stored as microseconds since 1970-01-01 00:00:00, without zone; {@code Long} milliseconds. */
    TIMESTAMP(14, SqlTypeName.TIMESTAMP, Types.TIMESTAMP, "TIMESTAMP"),
    /** 128 bits; {@link java.util.UUID}, and sorted as that is: by its halves, as signed numbers. */
    UUID(15, SqlTypeName.UUID, Types.OTHER, "UUID");

    private static final Kind[] BY_ID = new Kind[16];

    static {
      for (Kind kind : values()) {
        BY_ID[kind.id] = kind;
      }
    }

    private final int id;
    private final SqlTypeName sqlTypeName;
    private final int jdbcType;
    private final String sqlName;

    Kind(int id, SqlTypeName sqlTypeName, int jdbcType, String sqlName) {
      this.id = id;
      this.sqlTypeName = sqlTypeName;
      this.jdbcType = jdbcType;
      this.sqlName = sqlName;
    }

    /** The stored id, 1 to 127. */
    public int id() {
      return id;
    }

    /**
     * The kind with this stored id.
     *
     * @throws MalformedEncodingException if there is none
     */
    public static Kind ofId(int id) {
      if (id < 0 || id >= BY_ID.length || BY_ID[id] == null) {
        throw new MalformedEncodingException("no column type has id " + id);
      }
      return BY_ID[id];
    }

    public SqlTypeName sqlTypeName() {
      return sqlTypeName;
    }

    boolean isCharacter() {
      return this == CHAR || this == VARCHAR;
    }

    boolean isBinary() {
      return this == BINARY || this == VARBINARY;
    }
  }

  /** Checks that precision and scale are ones the kind can have; {@link IllegalArgumentException} otherwise. */
  public ColumnType {
    Objects.requireNonNull(kind, "kind");
    String wrong = switch (kind) {
      case DECIMAL -> precision < 1 || precision > DECIMAL_PRECISION_MAX ? "precision from 1 to " + DECIMAL_PRECISION_MAX
          : scale < 0 || scale > precision ? "scale from 0 to its precision" : null;
      case CHAR, BINARY -> precision < 1 || precision > FIXED_LENGTH_MAX ? "length from 1 to " + FIXED_LENGTH_MAX : null;
      case VARCHAR, VARBINARY -> precision < 0 ? "length from 1" : null;
      case TIME, TIMESTAMP -> precision < 0 || precision > FRACTION_DIGITS_MAX ? "precision from 0 to " + FRACTION_DIGITS_MAX : null;
      default -> precision == 0 ? null : "no precision";
    };
    if (wrong == null && scale != 0 && kind != Kind.DECIMAL) {
      wrong = "no scale";
    }
    if (wrong != null) {
      throw new IllegalArgumentException(kind.sqlName + " has a " + wrong + ", not (" + precision + ", " + scale + ")");
    }
  }

  /** A kind with its default precision: unbounded strings, CHAR(1), DECIMAL(38, 10), milliseconds. */
  public static ColumnType of(Kind kind) {
    return switch (kind) {
      case DECIMAL -> new ColumnType(kind, DECIMAL_PRECISION_MAX, TreatyTypeSystem.DECIMAL_SCALE_UNDECLARED);
      case CHAR, BINARY -> new ColumnType(kind, 1, 0);
      case TIME, TIMESTAMP -> new ColumnType(kind, FRACTION_DIGITS_MAX_DECLARED, 0);
      default -> new ColumnType(kind, 0, 0);
    };
  }

  public static ColumnType of(Kind kind, int precision) {
    return new ColumnType(kind, precision, 0);
  }

  public static ColumnType decimal(int precision, int scale) {
    return new ColumnType(Kind.DECIMAL, precision, scale);
  }

  /**
   * The type a column of Calcite's {@code type} is stored as: FLOAT as DOUBLE, TINYINT as SMALLINT, the rest as itself.
   *
   * @throws SQLFeatureNotSupportedException 0A000 if there is none
   */
  public static ColumnType of(RelDataType type) throws SQLException {
    int precision = Math.max(0, type.getPrecision());
    Kind kind = kindOf(type.getSqlTypeName(), type.toString());
    return switch (kind) {
      case DECIMAL -> decimal(precision, Math.max(0, type.getScale()));
      case CHAR, BINARY -> new ColumnType(kind, Math.clamp(precision, 1, FIXED_LENGTH_MAX), 0);
      case VARCHAR, VARBINARY -> new ColumnType(kind, precision == Integer.MAX_VALUE ? UNBOUNDED : precision, 0);
      case TIME, TIMESTAMP -> new ColumnType(kind, Math.min(precision, FRACTION_DIGITS_MAX), 0);
      default -> new ColumnType(kind, 0, 0);
    };
  }

  /**
   * The type a column is declared with. Unlike the way through {@link RelDataType}, a precision that is too large is refused, not cut.
   *
   * @throws SQLFeatureNotSupportedException 0A000 for a type that columns cannot have
   * @throws SQLSyntaxErrorException 42611 for a precision, scale or length that the type cannot have, 42704 for a type that does not exist
   */
  public static ColumnType of(SqlDataTypeSpec declared) throws SQLException {
    if (declared.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec) {
      throw new SQLSyntaxErrorException("there is no type " + declared.getTypeName(), SqlState.UNDEFINED_OBJECT.code());
    }
    if (!(declared.getTypeNameSpec() instanceof SqlBasicTypeNameSpec spec) || declared.getCollectionsTypeName() != null) {
      throw unsupported(declared.toString());
    }
    SqlTypeName name = SqlTypeName.get(spec.getTypeName().getSimple());
    Kind kind = kindOf(name, declared.toString());
    int precision = spec.getPrecision();
    if (precision == RelDataType.PRECISION_NOT_SPECIFIED) {
      return of(kind);
    }
    if ((kind == Kind.TIME || kind == Kind.TIMESTAMP) && precision > FRACTION_DIGITS_MAX_DECLARED && precision <= FRACTION_DIGITS_MAX) {
      throw new SQLFeatureNotSupportedException(
          declared + " is not supported: fractions of a second have at most " + FRACTION_DIGITS_MAX_DECLARED + " digits",
          SqlState.FEATURE_NOT_SUPPORTED.code());
    }
    try {
      if (precision == 0 && (kind.isCharacter() || kind.isBinary())) {
        throw new IllegalArgumentException(kind.sqlName + " has a length from 1, not 0");
      }
      return new ColumnType(kind, precision, Math.max(0, spec.getScale()));
    } catch (IllegalArgumentException e) {
      throw new SQLSyntaxErrorException(e.getMessage(), SqlState.INVALID_COLUMN_DEFINITION.code(), e);
    }
  }

  private static Kind kindOf(SqlTypeName name, String declared) throws SQLException {
    if (name == SqlTypeName.FLOAT) {
      return Kind.DOUBLE;
    }
    if (name == SqlTypeName.TINYINT) {
      return Kind.SMALLINT;
    }
    for (Kind kind : Kind.values()) {
      if (kind.sqlTypeName == name) {
        return kind;
      }
    }
    throw unsupported(declared);
  }

  private static SQLException unsupported(String declared) {
    return new SQLFeatureNotSupportedException(
        "a column cannot have the type " + declared, SqlState.FEATURE_NOT_SUPPORTED.code());
  }

  /** Calcite's type for this column. The factory should be over {@link TreatyTypeSystem}, or precisions get cut to Calcite's limits. */
  public RelDataType toRelDataType(RelDataTypeFactory factory, boolean nullable) {
    SqlTypeName name = kind.sqlTypeName;
    RelDataType type = switch (kind) {
      case DECIMAL -> factory.createSqlType(name, precision, scale);
      case VARCHAR, VARBINARY -> precision == UNBOUNDED ? factory.createSqlType(name) : factory.createSqlType(name, precision);
      case CHAR, BINARY, TIME, TIMESTAMP -> factory.createSqlType(name, precision);
      default -> factory.createSqlType(name);
    };
    return factory.createTypeWithNullability(type, nullable);
  }

  /** A constant of {@link Types}. */
  public int jdbcType() {
    return kind.jdbcType;
  }

  /** The type's SQL name, without precision. */
  public String sqlName() {
    return kind.sqlName;
  }

  /** The stored form, for the catalog: version byte, kind id, precision and scale as 32-bit big-endian numbers. */
  public byte[] encode() {
    ByteSink out = new ByteSink(ENCODED_BYTES);
    out.put(VERSION);
    out.put(kind.id);
    out.putInt(precision);
    out.putInt(scale);
    return out.toBytes();
  }

  /**
   * Reverses {@link #encode}.
   *
   * @throws MalformedEncodingException if the bytes are not what {@code encode} made
   */
  public static ColumnType decode(byte[] encoded) {
    if (encoded.length != ENCODED_BYTES || encoded[0] != VERSION) {
      throw new MalformedEncodingException("a column type of " + encoded.length + " bytes");
    }
    ByteSource in = new ByteSource(encoded, 1);
    Kind kind = Kind.ofId(in.next());
    try {
      return new ColumnType(kind, (int) in.big(Integer.BYTES), (int) in.big(Integer.BYTES));
    } catch (IllegalArgumentException e) {
      throw new MalformedEncodingException(e.getMessage());
    }
  }

  /** The type as SQL writes it, such as {@code DECIMAL(10, 2)}. */
  @Override
  public String toString() {
    return switch (kind) {
      case DECIMAL -> kind.sqlName + "(" + precision + ", " + scale + ")";
      case VARCHAR, VARBINARY -> precision == UNBOUNDED ? kind.sqlName : kind.sqlName + "(" + precision + ")";
      case CHAR, BINARY, TIME, TIMESTAMP -> kind.sqlName + "(" + precision + ")";
      default -> kind.sqlName;
    };
  }
}
