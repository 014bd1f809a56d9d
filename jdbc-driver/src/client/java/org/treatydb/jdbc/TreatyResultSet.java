package org.treatydb.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.rowset.serial.SerialBlob;
import javax.sql.rowset.serial.SerialClob;
import org.apache.calcite.avatica.ColumnMetaData;

/** The rows of a query or of a metadata call, read forwards, a frame at a time. Not thread-safe. */
final class TreatyResultSet extends LabelledResultSet {

  private final TreatyStatement statement;
  private final List<ColumnMetaData> columns;
  private final RowReader reader;

  private List<?> row;
  private boolean afterLast;
  private boolean wasNull;
  private boolean closed;
  private int fetchSize;

  /**
   * A result set.
   *
   * @param statement what it came from; null for a metadata call
   */
  TreatyResultSet(TreatyStatement statement, List<ColumnMetaData> columns, RowReader reader, int fetchSize) {
    this.statement = statement;
    this.columns = columns;
    this.reader = reader;
    this.fetchSize = fetchSize;
  }

  @Override
  public boolean next() throws SQLException {
    checkOpen();
    row = afterLast ? null : reader.next(fetchSize);
    afterLast = row == null;
    return !afterLast;
  }

  @Override
  public void close() throws SQLException {
    if (!closed) {
      closed = true;
      row = null;
      if (statement != null) {
        statement.resultSetClosed(this, reader.isOpenOnServer());
      }
    }
  }

  @Override
  public boolean isClosed() throws SQLException {
    return closed || (statement != null && statement.isClosed());
  }

  private void checkOpen() throws SQLException {
    if (statement != null && statement.getConnectionUnchecked().isClosed()) {
      throw SessionLink.closed();
    }
    if (isClosed()) {
      throw SqlErrors.of(SqlErrors.INVALID_CURSOR, "The result set is closed.");
    }
  }

  private ColumnMetaData column(int columnIndex) throws SQLException {
    if (columnIndex < 1 || columnIndex > columns.size()) {
      throw SqlErrors.of(SqlErrors.INVALID_INDEX, "There is no column " + columnIndex + "; the result has " + columns.size() + ".");
    }
    return columns.get(columnIndex - 1);
  }

  /** The value of a column of the present row; null for NULL. */
  private Object value(int columnIndex) throws SQLException {
    checkOpen();
    if (row == null) {
      throw SqlErrors.of(SqlErrors.INVALID_CURSOR, afterLast ? "The result set is after its last row." : "Call next() first.");
    }
    column(columnIndex);
    Object value = row.get(columnIndex - 1);
    wasNull = value == null;
    return value;
  }

  @Override
  public int findColumn(String columnLabel) throws SQLException {
    checkOpen();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).label.equalsIgnoreCase(columnLabel)) {
        return i + 1;
      }
    }
    throw SqlErrors.of(SqlErrors.UNKNOWN_COLUMN, "The result has no column '" + columnLabel + "'.");
  }

  @Override
  public boolean wasNull() throws SQLException {
    checkOpen();
    return wasNull;
  }

  @Override
  public String getString(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : ColumnValues.toText(value, column(columnIndex));
  }

  @Override
  public String getNString(int columnIndex) throws SQLException {
    return getString(columnIndex);
  }

  @Override
  public boolean getBoolean(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value != null && ColumnValues.toBoolean(value, column(columnIndex));
  }

  @Override
  public byte getByte(int columnIndex) throws SQLException {
    return (byte) getWhole(columnIndex, Byte.MIN_VALUE, Byte.MAX_VALUE);
  }

  @Override
  public short getShort(int columnIndex) throws SQLException {
    return (short) getWhole(columnIndex, Short.MIN_VALUE, Short.MAX_VALUE);
  }

  @Override
  public int getInt(int columnIndex) throws SQLException {
    return (int) getWhole(columnIndex, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public long getLong(int columnIndex) throws SQLException {
    return getWhole(columnIndex, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private long getWhole(int columnIndex, long min, long max) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? 0 : ColumnValues.toWhole(value, column(columnIndex), min, max);
  }

  @Override
  public float getFloat(int columnIndex) throws SQLException {
    return (float) getDouble(columnIndex);
  }

  @Override
  public double getDouble(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? 0 : ColumnValues.toDouble(value, column(columnIndex));
  }

  @Override
  public BigDecimal getBigDecimal(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : ColumnValues.toBigDecimal(value, column(columnIndex));
  }

  @Deprecated
  @Override
  public BigDecimal getBigDecimal(int columnIndex, int scale) throws SQLException {
    BigDecimal value = getBigDecimal(columnIndex);
    return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
  }

  @Override
  public byte[] getBytes(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : ColumnValues.toBytes(value, column(columnIndex));
  }

  @Override
  public Date getDate(int columnIndex) throws SQLException {
    return getDate(columnIndex, null);
  }

  @Override
  public Date getDate(int columnIndex, Calendar calendar) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : ColumnValues.toDate(value, column(columnIndex), calendar);
  }

  @Override
  public Time getTime(int columnIndex) throws SQLException {
    return getTime(columnIndex, null);
  }

  @Override
  public Time getTime(int columnIndex, Calendar calendar) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : ColumnValues.toTime(value, column(columnIndex), calendar);
  }

  @Override
  public Timestamp getTimestamp(int columnIndex) throws SQLException {
    return getTimestamp(columnIndex, null);
  }

  @Override
  public Timestamp getTimestamp(int columnIndex, Calendar calendar) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : ColumnValues.toTimestamp(value, column(columnIndex), calendar);
  }

  @Override
  public Object getObject(int columnIndex) throws SQLException {
    Object value = value(columnIndex);
    return value == null ? null : ColumnValues.toObject(value, column(columnIndex));
  }

  @Override
  public <T> T getObject(int columnIndex, Class<T> type) throws SQLException {
    if (type == null) {
      throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, "The class to convert to is null.");
    }
    Object value = value(columnIndex);
    return value == null ? null : ColumnValues.toObject(value, column(columnIndex), type);
  }

  @Override
  public Object getObject(int columnIndex, Map<String, Class<?>> map) throws SQLException {
    if (map == null || map.isEmpty()) {
      return getObject(columnIndex);
    }
    throw SqlErrors.unsupported("A map of user-defined types");
  }

  @Override
  public InputStream getAsciiStream(int columnIndex) throws SQLException {
    String text = getString(columnIndex);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Deprecated
  @Override
  public InputStream getUnicodeStream(int columnIndex) throws SQLException {
    throw SqlErrors.unsupported("getUnicodeStream");
  }

  @Override
  public InputStream getBinaryStream(int columnIndex) throws SQLException {
    byte[] bytes = getBytes(columnIndex);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  @Override
  public Reader getCharacterStream(int columnIndex) throws SQLException {
    String text = getString(columnIndex);
    return text == null ? null : new StringReader(text);
  }

  @Override
  public Reader getNCharacterStream(int columnIndex) throws SQLException {
    return getCharacterStream(columnIndex);
  }

  @Override
  public Blob getBlob(int columnIndex) throws SQLException {
    byte[] bytes = getBytes(columnIndex);
    return bytes == null ? null : new SerialBlob(bytes);
  }

  @Override
  public Clob getClob(int columnIndex) throws SQLException {
    String text = getString(columnIndex);
    return text == null ? null : new SerialClob(text.toCharArray());
  }

  @Override
  public NClob getNClob(int columnIndex) throws SQLException {
    throw SqlErrors.unsupported("NCLOB");
  }

  @Override
  public Ref getRef(int columnIndex) throws SQLException {
    throw SqlErrors.unsupported("REF");
  }

  @Override
  public Array getArray(int columnIndex) throws SQLException {
    throw SqlErrors.unsupported("ARRAY");
  }

  @Override
  public URL getURL(int columnIndex) throws SQLException {
    throw SqlErrors.unsupported("DATALINK");
  }

  @Override
  public RowId getRowId(int columnIndex) throws SQLException {
    throw SqlErrors.unsupported("ROWID");
  }

  @Override
  public SQLXML getSQLXML(int columnIndex) throws SQLException {
    throw SqlErrors.unsupported("XML");
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    checkOpen();
    return new TreatyResultSetMetaData(columns);
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    checkOpen();
    return row == null && !afterLast;
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    checkOpen();
    return afterLast && reader.position() > 0;
  }

  @Override
  public boolean isFirst() throws SQLException {
    checkOpen();
    return row != null && reader.position() == 1;
  }

  @Override
  public boolean isLast() throws SQLException {
    throw SqlErrors.unsupported("Looking ahead in a result set");
  }

  @Override
  public int getRow() throws SQLException {
    checkOpen();
    return row == null ? 0 : (int) Math.min(reader.position(), Integer.MAX_VALUE);
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    checkOpen();
    if (direction != FETCH_FORWARD) {
      throw SqlErrors.unsupported("Another fetch direction than forward");
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    checkOpen();
    return FETCH_FORWARD;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    checkOpen();
    this.fetchSize = TreatyStatement.checkFetchSize(rows);
  }

  @Override
  public int getFetchSize() throws SQLException {
    checkOpen();
    return fetchSize;
  }

  @Override
  public int getType() throws SQLException {
    checkOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getConcurrency() throws SQLException {
    checkOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getHoldability() throws SQLException {
    checkOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public Statement getStatement() throws SQLException {
    checkOpen();
    return statement;
  }

  @Override
  public String getCursorName() throws SQLException {
    throw SqlErrors.unsupported("Naming a cursor");
  }

  @Override
  public SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    checkOpen();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "TreatyResultSet[%d columns, at row %d]", columns.size(), reader.position());
  }
}
