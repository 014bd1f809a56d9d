package org.treatydb.sql.api;

/**
 * One column of a table or of a result, or one parameter.
 *
 * @param name the column's label; {@code ?1}, {@code ?2} … for parameters
 * @param jdbcType a constant of {@link java.sql.Types}
 * @param typeName the type's SQL name, without precision
 * @param precision digits of a number, characters of a string, bytes of a binary string; 0 where it does not apply
 * @param scale digits after the point; 0 where it does not apply
 * @param nullable whether NULL can occur
 * @param table the name of the table the column comes from; null if it is computed
 * @param defaultValue the SQL text of the DEFAULT expression, or of a generated column's expression; null if there is none
 * @param identity whether it is an identity column of a table
 * @param generated whether it is a generated column of a table
 * @param comment what COMMENT ON said of it; null if nothing
 */
public record SqlColumn(
    String name, int jdbcType, String typeName, int precision, int scale, boolean nullable, String table, String defaultValue,
    boolean identity, boolean generated, String comment) {

  /** A column of a result, or a parameter. */
  public SqlColumn(String name, int jdbcType, String typeName, int precision, int scale, boolean nullable, String table) {
    this(name, jdbcType, typeName, precision, scale, nullable, table, null, false, false, null);
  }
}
