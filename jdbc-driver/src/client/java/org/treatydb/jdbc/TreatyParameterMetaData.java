package org.treatydb.jdbc;

import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.avatica.AvaticaParameter;

/** The parameters of a prepared statement. Immutable. */
final class TreatyParameterMetaData extends Unwrappable implements ParameterMetaData {

  private final List<AvaticaParameter> parameters;

  TreatyParameterMetaData(List<AvaticaParameter> parameters) {
    this.parameters = parameters;
  }

  private AvaticaParameter get(int param) throws SQLException {
    if (param < 1 || param > parameters.size()) {
      throw SqlErrors.of(SqlErrors.INVALID_INDEX, "There is no parameter " + param + "; the statement has " + parameters.size() + ".");
    }
    return parameters.get(param - 1);
  }

  @Override
  public int getParameterCount() {
    return parameters.size();
  }

  @Override
  public int isNullable(int param) throws SQLException {
    get(param);
    return parameterNullableUnknown;
  }

  @Override
  public boolean isSigned(int param) throws SQLException {
    return get(param).signed;
  }

  @Override
  public int getPrecision(int param) throws SQLException {
    return get(param).precision;
  }

  @Override
  public int getScale(int param) throws SQLException {
    return get(param).scale;
  }

  @Override
  public int getParameterType(int param) throws SQLException {
    return get(param).parameterType;
  }

  @Override
  public String getParameterTypeName(int param) throws SQLException {
    return get(param).typeName;
  }

  @Override
  public String getParameterClassName(int param) throws SQLException {
    return TreatyResultSetMetaData.classNameOf(get(param).parameterType);
  }

  @Override
  public int getParameterMode(int param) throws SQLException {
    get(param);
    return parameterModeIn;
  }
}
