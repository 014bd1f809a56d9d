package org.treatydb.jdbc;

import java.sql.SQLException;
import java.sql.Wrapper;

/** {@link Wrapper} for objects that wrap nothing: they unwrap to whatever they are themselves. */
abstract class Unwrappable implements Wrapper {

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (isWrapperFor(type)) {
      return type.cast(this);
    }
    throw SqlErrors.of(SqlErrors.INVALID_ARGUMENT, getClass().getSimpleName() + " is not a " + (type == null ? null : type.getName()));
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type != null && type.isInstance(this);
  }
}
