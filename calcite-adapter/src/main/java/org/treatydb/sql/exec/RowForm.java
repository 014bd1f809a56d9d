package org.treatydb.sql.exec;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.avatica.util.ByteString;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.type.ColumnType;

/** The form in which generated code has rows of a table: CHAR without trailing spaces, binary values as {@link ByteString}. Immutable. */
final class RowForm {

  private final int[] charPositions;
  private final int[] binaryPositions;
  private final int rowIdPosition;

  RowForm(TableDescriptor table) {
    this.charPositions = positions(table, ColumnType.Kind.CHAR);
    this.binaryPositions = positions(table, ColumnType.Kind.BINARY, ColumnType.Kind.VARBINARY);
    this.rowIdPosition = table.columns().size();
  }

  private static int[] positions(TableDescriptor table, ColumnType.Kind... kinds) {
    List<ColumnType.Kind> wanted = List.of(kinds);
    List<ColumnDescriptor> columns = table.columns();
    return IntStream.range(0, columns.size()).filter(i -> wanted.contains(columns.get(i).type().kind())).toArray();
  }

  /** Brings a row, as it is stored, into this form; the hidden row id, too, if it has one. */
  void apply(Object[] row) {
    for (int position : charPositions) {
      if (row[position] instanceof String text) {
        row[position] = TextForm.withoutTrailingSpaces(text);
      }
    }
    for (int position : binaryPositions) {
      applyBinary(row, position);
    }
    if (row.length > rowIdPosition) {
      applyBinary(row, rowIdPosition);
    }
  }

  private static void applyBinary(Object[] row, int position) {
    if (row[position] instanceof byte[] bytes) {
      row[position] = new ByteString(bytes);
    }
  }
}
