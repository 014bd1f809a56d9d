package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.parser.DataChange;
import org.treatydb.sql.parser.TreatyParser;

/** An INSERT that gives back what the database made of its rows, for callers who do not know RETURNING. */
public final class GeneratedKeys {

  private GeneratedKeys() {}

  /**
   * {@code sql} with RETURNING; null if it is no INSERT, has RETURNING already, or the table has no such columns.
   *
   * @param all all columns; otherwise those that take numbers from sequences or, if there are none, the primary key's
   */
  public static String returning(String sql, Catalog catalog, boolean all) throws SQLException {
    SqlNode statement = TreatyParser.parseStatement(sql);
    SqlNode change = statement instanceof DataChange with && with.returning() == null ? with.change() : statement;
    if (!(change instanceof SqlInsert insert && insert.getTargetTable() instanceof SqlIdentifier name)) {
      return null;
    }
    List<ColumnDescriptor> columns = columns(NamedTables.table(catalog, name), all);
    if (columns.isEmpty()) {
      return null;
    }
    String clause = columns.stream().map(column -> "\"" + column.name().replace("\"", "\"\"") + "\"")
        .collect(Collectors.joining(", ", "\nRETURNING ", ""));
    String text = sql.stripTrailing();
    String bare = text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
    return parses(bare + clause) ? bare + clause : TreatyParser.toSql(returning(statement, columns));
  }

  private static List<ColumnDescriptor> columns(TableDescriptor table, boolean all) throws SQLException {
    if (all) {
      return table.columns();
    }
    List<ColumnDescriptor> generated = new java.util.ArrayList<>();
    for (ColumnDescriptor column : table.columns()) {
      if (isNumbered(column.source())) {
        generated.add(column);
      }
    }
    return generated.isEmpty() ? table.keyPositions().stream().map(table.columns()::get).toList() : generated;
  }

  private static boolean isNumbered(ColumnSource source) throws SQLException {
    return source.isIdentity()
        || source.kind() == ColumnSource.Kind.DEFAULT && SequenceCalls.isIn(TreatyParser.parseExpression(source.sql()));
  }

  private static boolean parses(String sql) {
    try {
      return TreatyParser.parseStatement(sql) instanceof DataChange change && change.returning() != null;
    } catch (SQLException e) {
      return false;
    }
  }

  private static SqlNode returning(SqlNode statement, List<ColumnDescriptor> columns) {
    SqlNodeList names = new SqlNodeList(
        columns.stream().map(column -> new SqlIdentifier(column.name(), SqlParserPos.ZERO)).toList(), SqlParserPos.ZERO);
    return DataChange.returning(statement, names);
  }
}
