package org.treatydb.jdbc.meta;

import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.Meta;
import org.treatydb.sql.api.SqlColumn;

/** The result of a metadata call, as it is put together: columns, then rows. Not thread-safe. */
final class MetadataResult {

  private final List<ColumnMetaData> columns = new ArrayList<>();
  private final List<Object> rows = new ArrayList<>();

  MetadataResult texts(String... labels) {
    return columns(Types.VARCHAR, "VARCHAR", labels);
  }

  MetadataResult integers(String... labels) {
    return columns(Types.INTEGER, "INTEGER", labels);
  }

  MetadataResult smallints(String... labels) {
    return columns(Types.SMALLINT, "SMALLINT", labels);
  }

  MetadataResult bigints(String... labels) {
    return columns(Types.BIGINT, "BIGINT", labels);
  }

  MetadataResult booleans(String... labels) {
    return columns(Types.BOOLEAN, "BOOLEAN", labels);
  }

  private MetadataResult columns(int type, String typeName, String... labels) {
    for (String label : labels) {
      columns.add(Signatures.column(columns.size(), new SqlColumn(label, type, typeName, 0, 0, true, null)));
    }
    return this;
  }

  void add(Object... row) {
    if (row.length != columns.size()) {
      throw new IllegalArgumentException(row.length + " values for " + columns.size() + " columns");
    }
    rows.add(row);
  }

  Meta.MetaResultSet of(String connectionId) {
    Meta.Signature signature =
        new Meta.Signature(columns, "", List.of(), Map.of(), Meta.CursorFactory.ARRAY, Meta.StatementType.SELECT);
    return Meta.MetaResultSet.create(connectionId, 0, false, signature, new Meta.Frame(0, true, rows));
  }
}
