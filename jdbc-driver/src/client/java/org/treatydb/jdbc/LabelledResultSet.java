package org.treatydb.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;

/** The part of a result set that names columns by label: each method finds the number and calls its sibling. */
abstract class LabelledResultSet extends ForwardOnlyResultSet {

  @Override
  public String getString(String columnLabel) throws SQLException {
    return getString(findColumn(columnLabel));
  }

  @Override
  public boolean getBoolean(String columnLabel) throws SQLException {
    return getBoolean(findColumn(columnLabel));
  }

  @Override
  public byte getByte(String columnLabel) throws SQLException {
    return getByte(findColumn(columnLabel));
  }

  @Override
  public short getShort(String columnLabel) throws SQLException {
    return getShort(findColumn(columnLabel));
  }

  @Override
  public int getInt(String columnLabel) throws SQLException {
    return getInt(findColumn(columnLabel));
  }

  @Override
  public long getLong(String columnLabel) throws SQLException {
    return getLong(findColumn(columnLabel));
  }

  @Override
  public float getFloat(String columnLabel) throws SQLException {
    return getFloat(findColumn(columnLabel));
  }

  @Override
  public double getDouble(String columnLabel) throws SQLException {
    return getDouble(findColumn(columnLabel));
  }

  @Deprecated
  @Override
  public BigDecimal getBigDecimal(String columnLabel, int scale) throws SQLException {
    return getBigDecimal(findColumn(columnLabel), scale);
  }

  @Override
  public byte[] getBytes(String columnLabel) throws SQLException {
    return getBytes(findColumn(columnLabel));
  }

  @Override
  public Date getDate(String columnLabel) throws SQLException {
    return getDate(findColumn(columnLabel));
  }

  @Override
  public Time getTime(String columnLabel) throws SQLException {
    return getTime(findColumn(columnLabel));
  }

  @Override
  public Timestamp getTimestamp(String columnLabel) throws SQLException {
    return getTimestamp(findColumn(columnLabel));
  }

  @Override
  public InputStream getAsciiStream(String columnLabel) throws SQLException {
    return getAsciiStream(findColumn(columnLabel));
  }

  @Deprecated
  @Override
  public InputStream getUnicodeStream(String columnLabel) throws SQLException {
    return getUnicodeStream(findColumn(columnLabel));
  }

  @Override
  public InputStream getBinaryStream(String columnLabel) throws SQLException {
    return getBinaryStream(findColumn(columnLabel));
  }

  @Override
  public Object getObject(String columnLabel) throws SQLException {
    return getObject(findColumn(columnLabel));
  }

  @Override
  public Reader getCharacterStream(String columnLabel) throws SQLException {
    return getCharacterStream(findColumn(columnLabel));
  }

  @Override
  public BigDecimal getBigDecimal(String columnLabel) throws SQLException {
    return getBigDecimal(findColumn(columnLabel));
  }

  @Override
  public Object getObject(String columnLabel, Map<String, Class<?>> map) throws SQLException {
    return getObject(findColumn(columnLabel), map);
  }

  @Override
  public Ref getRef(String columnLabel) throws SQLException {
    return getRef(findColumn(columnLabel));
  }

  @Override
  public Blob getBlob(String columnLabel) throws SQLException {
    return getBlob(findColumn(columnLabel));
  }

  @Override
  public Clob getClob(String columnLabel) throws SQLException {
    return getClob(findColumn(columnLabel));
  }

  @Override
  public Array getArray(String columnLabel) throws SQLException {
    return getArray(findColumn(columnLabel));
  }

  @Override
  public Date getDate(String columnLabel, Calendar calendar) throws SQLException {
    return getDate(findColumn(columnLabel), calendar);
  }

  @Override
  public Time getTime(String columnLabel, Calendar calendar) throws SQLException {
    return getTime(findColumn(columnLabel), calendar);
  }

  @Override
  public Timestamp getTimestamp(String columnLabel, Calendar calendar) throws SQLException {
    return getTimestamp(findColumn(columnLabel), calendar);
  }

  @Override
  public URL getURL(String columnLabel) throws SQLException {
    return getURL(findColumn(columnLabel));
  }

  @Override
  public RowId getRowId(String columnLabel) throws SQLException {
    return getRowId(findColumn(columnLabel));
  }

  @Override
  public NClob getNClob(String columnLabel) throws SQLException {
    return getNClob(findColumn(columnLabel));
  }

  @Override
  public SQLXML getSQLXML(String columnLabel) throws SQLException {
    return getSQLXML(findColumn(columnLabel));
  }

  @Override
  public String getNString(String columnLabel) throws SQLException {
    return getNString(findColumn(columnLabel));
  }

  @Override
  public Reader getNCharacterStream(String columnLabel) throws SQLException {
    return getNCharacterStream(findColumn(columnLabel));
  }

  @Override
  public <T> T getObject(String columnLabel, Class<T> type) throws SQLException {
    return getObject(findColumn(columnLabel), type);
  }

  @Override
  public void updateNull(String columnLabel) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBoolean(String columnLabel, boolean value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateByte(String columnLabel, byte value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateShort(String columnLabel, short value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateInt(String columnLabel, int value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateLong(String columnLabel, long value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateFloat(String columnLabel, float value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateDouble(String columnLabel, double value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBigDecimal(String columnLabel, BigDecimal value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateString(String columnLabel, String value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBytes(String columnLabel, byte[] value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateDate(String columnLabel, Date value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateTime(String columnLabel, Time value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateTimestamp(String columnLabel, Timestamp value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateAsciiStream(String columnLabel, InputStream value, int length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBinaryStream(String columnLabel, InputStream value, int length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateCharacterStream(String columnLabel, Reader value, int length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateObject(String columnLabel, Object value, int length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateObject(String columnLabel, Object value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateRef(String columnLabel, Ref value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBlob(String columnLabel, Blob value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateClob(String columnLabel, Clob value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateArray(String columnLabel, Array value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateRowId(String columnLabel, RowId value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNString(String columnLabel, String value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNClob(String columnLabel, NClob value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateSQLXML(String columnLabel, SQLXML value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNCharacterStream(String columnLabel, Reader value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateAsciiStream(String columnLabel, InputStream value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBinaryStream(String columnLabel, InputStream value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateCharacterStream(String columnLabel, Reader value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBlob(String columnLabel, InputStream value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateClob(String columnLabel, Reader value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNClob(String columnLabel, Reader value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNCharacterStream(String columnLabel, Reader value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateAsciiStream(String columnLabel, InputStream value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBinaryStream(String columnLabel, InputStream value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateCharacterStream(String columnLabel, Reader value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBlob(String columnLabel, InputStream value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateClob(String columnLabel, Reader value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNClob(String columnLabel, Reader value) throws SQLException {
    throw notUpdatable();
  }
}
