package org.treatydb.jdbc;

import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.TypedValue;

/** A statement that the server has prepared. Not thread-safe. */
final class TreatyPreparedStatement extends ParameterSetters {

  private final Meta.StatementHandle handle;
  private final Wanted wanted;
  private final boolean givesKeys;
  private final TypedValue[] parameters;
  private final List<List<TypedValue>> rows = new ArrayList<>();
  /** Whether the server has keys of the last batch that were not fetched. */
  private boolean keysKept;

  /** {@code sql} and {@code wanted}: what it was prepared with. */
  TreatyPreparedStatement(TreatyConnection connection, SessionLink link, Meta.StatementHandle handle, String sql, Wanted wanted) {
    super(connection, link, handle.id);
    this.handle = handle;
    this.wanted = wanted;
    this.givesKeys = SessionLink.givesKeys(handle, sql);
    this.parameters = new TypedValue[handle.signature.parameters.size()];
  }

  private boolean isQuery() {
    return !handle.signature.columns.isEmpty() && !givesKeys;
  }

  @Override
  void set(int parameterIndex, TypedValue value) throws SQLException {
    checkOpen();
    if (parameterIndex < 1 || parameterIndex > parameters.length) {
      throw SqlErrors.of(SqlErrors.INVALID_INDEX,
          "There is no parameter " + parameterIndex + "; the statement has " + parameters.length + ".");
    }
    parameters[parameterIndex - 1] = value;
  }

  /** The parameters as they are now. */
  private List<TypedValue> parameterValues() throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      if (parameters[i] == null) {
        throw SqlErrors.of(SqlErrors.PARAMETER_MISSING, "Parameter " + (i + 1) + " has no value.");
      }
    }
    return new ArrayList<>(Arrays.asList(parameters));
  }

  private boolean run() throws SQLException {
    checkOpen();
    List<TypedValue> values = parameterValues();
    clearResults();
    keysKept = false;
    return assign(link.execute(handle, values, firstRowsMax(), limitMillis()), wanted);
  }

  @Override
  boolean run(String sql, Wanted expected) throws SQLException {
    checkOpen();
    throw SqlErrors.of(SqlErrors.SEQUENCE_ERROR, "A prepared statement runs only the SQL it was prepared with.");
  }

  @Override
  public boolean execute() throws SQLException {
    return run();
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    checkOpen();
    if (!isQuery()) {
      return requireRows(false);
    }
    return requireRows(run());
  }

  @Override
  public int executeUpdate() throws SQLException {
    return saturated(executeLargeUpdate());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    checkOpen();
    return isQuery() ? requireCount(true) : requireCount(run());
  }

  @Override
  public void addBatch() throws SQLException {
    checkOpen();
    rows.add(parameterValues());
  }

  @Override
  public void addBatch(String sql) throws SQLException {
    run(sql, Wanted.ANYTHING);
  }

  @Override
  public void clearBatch() throws SQLException {
    checkOpen();
    rows.clear();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    checkOpen();
    clearResults();
    List<List<TypedValue>> batch = new ArrayList<>(rows);
    rows.clear();
    keysKept = false;
    if (batch.isEmpty()) {
      return new long[0];
    }
    long[] counts = link.executeBatch(handle, batch, limitMillis());
    keysKept = givesKeys && Arrays.stream(counts).anyMatch(count -> count > 0);
    return counts;
  }

  @Override
  ResultSet fetchKeys() throws SQLException {
    if (!keysKept) {
      return super.fetchKeys();
    }
    keysKept = false;
    assignKeys(handle.signature.columns, link.fetch(id, 0, firstRowsMax(), limitMillis()), wanted);
    return super.getGeneratedKeys();
  }

  @Override
  public void clearParameters() throws SQLException {
    checkOpen();
    Arrays.fill(parameters, null);
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    checkOpen();
    return new TreatyParameterMetaData(handle.signature.parameters);
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    checkOpen();
    return isQuery() ? new TreatyResultSetMetaData(handle.signature.columns) : null;
  }

  @Override
  void closeOnServer() throws SQLException {
    link.closeStatement(id);
  }
}
