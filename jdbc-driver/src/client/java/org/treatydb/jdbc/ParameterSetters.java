package org.treatydb.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.apache.calcite.avatica.remote.TypedValue;

/** The part of a prepared statement that sets parameters. Streams are read when they are set. */
abstract class ParameterSetters extends TreatyStatement implements PreparedStatement {

  ParameterSetters(TreatyConnection connection, SessionLink link, int id) {
    super(connection, link, id);
  }

  abstract void set(int parameterIndex, TypedValue value) throws SQLException;

  private void setValue(int parameterIndex, Object value) throws SQLException {
    set(parameterIndex, ParameterValues.encode(value));
  }

  private void setText(int parameterIndex, Reader reader, long length) throws SQLException {
    checkLength(length);
    if (reader == null) {
      setValue(parameterIndex, null);
      return;
    }
    try {
      StringBuilder text = new StringBuilder();
      char[] buffer = new char[4096];
      long left = length;
      int read = 0;
      while (left > 0 && (read = reader.read(buffer, 0, (int) Math.min(left, buffer.length))) > 0) {
        text.append(buffer, 0, read);
        left -= read;
      }
      setValue(parameterIndex, text.toString());
    } catch (IOException e) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The stream of parameter " + parameterIndex + " cannot be read: " + e.getMessage(), e);
    }
  }

  private byte[] bytesOf(int parameterIndex, InputStream stream, long length) throws SQLException {
    checkLength(length);
    try {
      return stream == null ? null : stream.readNBytes((int) Math.min(length, Integer.MAX_VALUE));
    } catch (IOException e) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The stream of parameter " + parameterIndex + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void setAscii(int parameterIndex, InputStream stream, long length) throws SQLException {
    byte[] bytes = bytesOf(parameterIndex, stream, length);
    setValue(parameterIndex, bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII));
  }

  @Override
  public void setBoolean(int parameterIndex, boolean value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setByte(int parameterIndex, byte value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setShort(int parameterIndex, short value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setInt(int parameterIndex, int value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setLong(int parameterIndex, long value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setFloat(int parameterIndex, float value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setDouble(int parameterIndex, double value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setBigDecimal(int parameterIndex, BigDecimal value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setString(int parameterIndex, String value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setNString(int parameterIndex, String value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setBytes(int parameterIndex, byte[] value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setBlob(int parameterIndex, Blob value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setClob(int parameterIndex, Clob value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setObject(int parameterIndex, Object value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setNull(int parameterIndex, int sqlType) throws SQLException {
    setValue(parameterIndex, null);
  }

  @Override
  public void setNull(int parameterIndex, int sqlType, String typeName) throws SQLException {
    setValue(parameterIndex, null);
  }

  @Override
  public void setObject(int parameterIndex, Object value, int sqlType) throws SQLException {
    set(parameterIndex, ParameterValues.encode(value, sqlType, -1));
  }

  @Override
  public void setObject(int parameterIndex, Object value, int sqlType, int scaleOrLength) throws SQLException {
    set(parameterIndex, ParameterValues.encode(value, sqlType, scaleOrLength));
  }

  @Override
  public void setObject(int parameterIndex, Object value, SQLType sqlType) throws SQLException {
    setObject(parameterIndex, value, number(sqlType));
  }

  @Override
  public void setObject(int parameterIndex, Object value, SQLType sqlType, int scaleOrLength) throws SQLException {
    setObject(parameterIndex, value, number(sqlType), scaleOrLength);
  }

  private static int number(SQLType sqlType) throws SQLException {
    if (sqlType == null || sqlType.getVendorTypeNumber() == null) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The SQL type is null.");
    }
    return sqlType.getVendorTypeNumber();
  }

  private static void checkLength(long length) throws SQLException {
    if (length < 0) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The length " + length + " is negative.");
    }
  }

  @Override
  public void setDate(int parameterIndex, Date value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setDate(int parameterIndex, Date value, Calendar calendar) throws SQLException {
    set(parameterIndex, ParameterValues.encodeDateTime(value, calendar));
  }

  @Override
  public void setTime(int parameterIndex, Time value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setTime(int parameterIndex, Time value, Calendar calendar) throws SQLException {
    set(parameterIndex, ParameterValues.encodeDateTime(value, calendar));
  }

  @Override
  public void setTimestamp(int parameterIndex, Timestamp value) throws SQLException {
    setValue(parameterIndex, value);
  }

  @Override
  public void setTimestamp(int parameterIndex, Timestamp value, Calendar calendar) throws SQLException {
    set(parameterIndex, ParameterValues.encodeDateTime(value, calendar));
  }

  @Override
  public void setCharacterStream(int parameterIndex, Reader reader) throws SQLException {
    setText(parameterIndex, reader, Long.MAX_VALUE);
  }

  @Override
  public void setCharacterStream(int parameterIndex, Reader reader, long length) throws SQLException {
    setText(parameterIndex, reader, length);
  }

  @Override
  public void setNCharacterStream(int parameterIndex, Reader reader) throws SQLException {
    setText(parameterIndex, reader, Long.MAX_VALUE);
  }

  @Override
  public void setNCharacterStream(int parameterIndex, Reader reader, long length) throws SQLException {
    setText(parameterIndex, reader, length);
  }

  @Override
  public void setClob(int parameterIndex, Reader reader) throws SQLException {
    setText(parameterIndex, reader, Long.MAX_VALUE);
  }

  @Override
  public void setClob(int parameterIndex, Reader reader, long length) throws SQLException {
    setText(parameterIndex, reader, length);
  }

  @Override
  public void setCharacterStream(int parameterIndex, Reader reader, int length) throws SQLException {
    setText(parameterIndex, reader, length);
  }

  @Override
  public void setBinaryStream(int parameterIndex, InputStream stream) throws SQLException {
    setValue(parameterIndex, bytesOf(parameterIndex, stream, Integer.MAX_VALUE));
  }

  @Override
  public void setBinaryStream(int parameterIndex, InputStream stream, long length) throws SQLException {
    setValue(parameterIndex, bytesOf(parameterIndex, stream, length));
  }

  @Override
  public void setBlob(int parameterIndex, InputStream stream) throws SQLException {
    setValue(parameterIndex, bytesOf(parameterIndex, stream, Integer.MAX_VALUE));
  }

  @Override
  public void setBlob(int parameterIndex, InputStream stream, long length) throws SQLException {
    setValue(parameterIndex, bytesOf(parameterIndex, stream, length));
  }

  @Override
  public void setBinaryStream(int parameterIndex, InputStream stream, int length) throws SQLException {
    setValue(parameterIndex, bytesOf(parameterIndex, stream, length));
  }

  @Override
  public void setAsciiStream(int parameterIndex, InputStream stream) throws SQLException {
    setAscii(parameterIndex, stream, Integer.MAX_VALUE);
  }

  @Override
  public void setAsciiStream(int parameterIndex, InputStream stream, int length) throws SQLException {
    setAscii(parameterIndex, stream, length);
  }

  @Override
  public void setAsciiStream(int parameterIndex, InputStream stream, long length) throws SQLException {
    setAscii(parameterIndex, stream, length);
  }

  @Deprecated
  @Override
  public void setUnicodeStream(int parameterIndex, InputStream stream, int length) throws SQLException {
    throw SqlErrors.unsupported("setUnicodeStream");
  }

  @Override
  public void setNClob(int parameterIndex, NClob value) throws SQLException {
    throw SqlErrors.unsupported("NCLOB");
  }

  @Override
  public void setRef(int parameterIndex, Ref value) throws SQLException {
    throw SqlErrors.unsupported("REF");
  }

  @Override
  public void setArray(int parameterIndex, Array value) throws SQLException {
    throw SqlErrors.unsupported("ARRAY");
  }

  @Override
  public void setURL(int parameterIndex, URL value) throws SQLException {
    throw SqlErrors.unsupported("DATALINK");
  }

  @Override
  public void setRowId(int parameterIndex, RowId value) throws SQLException {
    throw SqlErrors.unsupported("ROWID");
  }

  @Override
  public void setSQLXML(int parameterIndex, SQLXML value) throws SQLException {
    throw SqlErrors.unsupported("XML");
  }

  @Override
  public void setNClob(int parameterIndex, Reader reader) throws SQLException {
    setText(parameterIndex, reader, Long.MAX_VALUE);
  }

  @Override
  public void setNClob(int parameterIndex, Reader reader, long length) throws SQLException {
    setText(parameterIndex, reader, length);
  }
}
