package org.treatydb.sql.plan;

import java.math.BigDecimal;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.BitString;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.exec.RowSource.Cell;
import org.treatydb.sql.type.ColumnType;

/** Reads literals that can be assigned to a column without any code: those of its family, text, and NULL. */
final class Literals {

  private Literals() {}

  /** The cell for {@code node}; null if it is no such literal. */
  static Cell cell(SqlNode node, ColumnDescriptor column) {
    if (node instanceof SqlLiteral literal) {
      return literal(literal, column.type());
    }
    if (node.getKind() == SqlKind.MINUS_PREFIX && ((SqlCall) node).operand(0) instanceof SqlLiteral literal
        && literal(literal, column.type()) instanceof Cell.Constant(BigDecimal number)) {
      return new Cell.Constant(number.negate());
    }
    return null;
  }

  private static Cell literal(SqlLiteral literal, ColumnType type) {
    if (literal.getTypeName() == SqlTypeName.NULL) {
      return new Cell.Constant(null);
    }
    Object value = resolved(literal).getValue();
    Object constant = switch (value) {
      case NlsString text -> text.getValue();
      case String text when type.kind() == ColumnType.Kind.UUID && literal instanceof SqlUnknownLiteral unknown
          && unknown.tag.equals(SqlTypeName.UUID.getName()) -> text;
      case BigDecimal number when isNumeric(type) -> number;
      case Boolean truth when type.kind() == ColumnType.Kind.BOOLEAN -> truth;
      case BitString bits when type.kind() == ColumnType.Kind.BINARY || type.kind() == ColumnType.Kind.VARBINARY ->
          new ByteString(bits.getAsByteArray());
      case DateString date when type.kind() == ColumnType.Kind.DATE -> date.getDaysSinceEpoch();
      case TimeString time when type.kind() == ColumnType.Kind.TIME -> time.getMillisOfDay();
      case TimestampString timestamp when type.kind() == ColumnType.Kind.TIMESTAMP -> timestamp.getMillisSinceEpoch();
      case null, default -> null;
    };
    return constant == null ? null : new Cell.Constant(constant);
  }

  /** Parsed, {@code DATE '2026-01-31'} is text with a tag. */
  private static SqlLiteral resolved(SqlLiteral literal) {
    if (literal instanceof SqlUnknownLiteral unknown) {
      SqlTypeName tag = SqlTypeName.get(unknown.tag);
      if (tag == SqlTypeName.DATE || tag == SqlTypeName.TIME || tag == SqlTypeName.TIMESTAMP) {
        return unknown.resolve(tag);
      }
    }
    return literal;
  }

  private static boolean isNumeric(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE -> true;
      default -> false;
    };
  }
}
