package org.treatydb.sql.parser;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** PARTITION BY HASH [(columns)] [BUCKETS number], at the end of CREATE TABLE. Immutable. */
public final class HashPartition extends SqlCall {

  private static final SqlOperator OPERATOR = new NodeOperator("PARTITION BY HASH", SqlKind.OTHER, (position, operands) ->
      new HashPartition(position, (SqlNodeList) operands[0], (SqlLiteral) operands[1]));

  private final SqlNodeList columns;
  private final SqlLiteral buckets;

  HashPartition(SqlParserPos position, SqlNodeList columns, SqlLiteral buckets) {
    super(position);
    this.columns = columns;
    this.buckets = buckets;
  }

  /** The names of the columns; null if none are named. */
  public List<String> columns() {
    return columns == null ? null : columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
  }

  /** The number of buckets, or the largest int if it is larger; null if it is not said. */
  public Integer buckets() {
    return buckets == null ? null : buckets.bigDecimalValue().min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return Arrays.asList(columns, buckets);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("PARTITION BY HASH");
    if (columns != null) {
      SqlWriter.Frame frame = writer.startList("(", ")");
      for (SqlNode column : columns) {
        writer.sep(",");
        column.unparse(writer, 0, 0);
      }
      writer.endList(frame);
    }
    if (buckets != null) {
      writer.keyword("BUCKETS");
      buckets.unparse(writer, 0, 0);
    }
  }
}
