package org.treatydb.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;

/** The part of a result set that moves backwards and changes rows: refused, for results here go forward and are read-only. */
abstract class ForwardOnlyResultSet extends Unwrappable implements ResultSet {

  @Override
  public void beforeFirst() throws SQLException {
    throw notScrollable();
  }

  @Override
  public void afterLast() throws SQLException {
    throw notScrollable();
  }

  @Override
  public boolean first() throws SQLException {
    throw notScrollable();
  }

  @Override
  public boolean last() throws SQLException {
    throw notScrollable();
  }

  @Override
  public boolean absolute(int rows) throws SQLException {
    throw notScrollable();
  }

  @Override
  public boolean relative(int rows) throws SQLException {
    throw notScrollable();
  }

  @Override
  public boolean previous() throws SQLException {
    throw notScrollable();
  }

  /** False, as long as the result set is open. */
  private boolean isChanged() throws SQLException {
    return getConcurrency() != CONCUR_READ_ONLY;
  }

  @Override
  public boolean rowUpdated() throws SQLException {
    return isChanged();
  }

  @Override
  public boolean rowInserted() throws SQLException {
    return isChanged();
  }

  @Override
  public boolean rowDeleted() throws SQLException {
    return isChanged();
  }

  @Override
  public void updateNull(int columnIndex) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBoolean(int columnIndex, boolean value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateByte(int columnIndex, byte value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateShort(int columnIndex, short value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateInt(int columnIndex, int value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateLong(int columnIndex, long value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateFloat(int columnIndex, float value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateDouble(int columnIndex, double value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBigDecimal(int columnIndex, BigDecimal value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateString(int columnIndex, String value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBytes(int columnIndex, byte[] value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateDate(int columnIndex, Date value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateTime(int columnIndex, Time value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateTimestamp(int columnIndex, Timestamp value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateAsciiStream(int columnIndex, InputStream value, int length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBinaryStream(int columnIndex, InputStream value, int length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateCharacterStream(int columnIndex, Reader value, int length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateObject(int columnIndex, Object value, int length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateObject(int columnIndex, Object value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void insertRow() throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateRow() throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void deleteRow() throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void refreshRow() throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void cancelRowUpdates() throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void moveToInsertRow() throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void moveToCurrentRow() throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateRef(int columnIndex, Ref value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBlob(int columnIndex, Blob value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateClob(int columnIndex, Clob value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateArray(int columnIndex, Array value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateRowId(int columnIndex, RowId value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNString(int columnIndex, String value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNClob(int columnIndex, NClob value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateSQLXML(int columnIndex, SQLXML value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNCharacterStream(int columnIndex, Reader value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateAsciiStream(int columnIndex, InputStream value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBinaryStream(int columnIndex, InputStream value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateCharacterStream(int columnIndex, Reader value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBlob(int columnIndex, InputStream value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateClob(int columnIndex, Reader value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNClob(int columnIndex, Reader value, long length) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNCharacterStream(int columnIndex, Reader value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateAsciiStream(int columnIndex, InputStream value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBinaryStream(int columnIndex, InputStream value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateCharacterStream(int columnIndex, Reader value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateBlob(int columnIndex, InputStream value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateClob(int columnIndex, Reader value) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateNClob(int columnIndex, Reader value) throws SQLException {
    throw notUpdatable();
  }

  static SQLFeatureNotSupportedException notUpdatable() {
    return SqlErrors.unsupported("Changing a row through its result set");
  }

  @Override
  public void updateObject(int columnIndex, Object value, SQLType type) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateObject(int columnIndex, Object value, SQLType type, int scaleOrLength) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateObject(String columnLabel, Object value, SQLType type) throws SQLException {
    throw notUpdatable();
  }

  @Override
  public void updateObject(String columnLabel, Object value, SQLType type, int scaleOrLength) throws SQLException {
    throw notUpdatable();
  }

  private static SQLFeatureNotSupportedException notScrollable() {
    return SqlErrors.unsupported("Moving a result set in another way than forward");
  }
}
