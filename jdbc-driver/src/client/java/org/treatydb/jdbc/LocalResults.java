package org.treatydb.jdbc;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.Service.ResultSetResponse;

/** Result sets that belong to no statement: the answers to metadata calls, and those that are always empty. */
final class LocalResults {

  private LocalResults() {}

  /** A result set without rows, whose columns are all VARCHAR. */
  static ResultSet empty(List<String> labels) {
    List<ColumnMetaData> columns = new ArrayList<>();
    ColumnMetaData.AvaticaType varchar = ColumnMetaData.scalar(Types.VARCHAR, "VARCHAR", ColumnMetaData.Rep.STRING);
    for (String label : labels) {
      columns.add(new ColumnMetaData(columns.size(), false, true, true, false, ResultSetMetaData.columnNullable, false, 0, label, label,
          null, 0, 0, null, null, varchar, true, false, false, String.class.getName()));
    }
    return new TreatyResultSet(null, columns, new RowReader(null, 0, new Meta.Frame(0, true, Collections.emptyList()), 0, 0), 0);
  }

  /** The result set of a response that holds all of its rows. */
  static ResultSet of(ResultSetResponse response) {
    return new TreatyResultSet(null, response.signature.columns, new RowReader(null, 0, response.firstFrame, 0, 0), 0);
  }
}
