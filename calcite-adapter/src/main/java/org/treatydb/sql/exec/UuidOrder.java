package org.treatydb.sql.exec;

import java.util.UUID;
import org.apache.calcite.linq4j.function.Strict;

/** The order of UUIDs, called by generated code: that of keys. NULL in, NULL out, by {@link Strict}. */
@Strict
public final class UuidOrder {

  private UuidOrder() {}

  public static int compare(UUID left, UUID right) {
    return left.compareTo(right);
  }
}
