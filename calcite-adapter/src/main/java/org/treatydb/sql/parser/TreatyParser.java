package org.treatydb.sql.parser;

import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWriterConfig;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.treatydb.sql.api.SqlState;

/**
 * Parses SQL. Stateless, thread-safe.
 *
 * <p>Names are read as PostgreSQL reads them: unquoted ones are folded to lower case, those in double quotes are kept, and all compare
 * exactly.
 *
 * <p>Most of the words that Calcite reserves can name columns and tables here ({@code value}, {@code year}, {@code date}, {@code count},
 * {@code position} …). What stays reserved, and needs double quotes as a name: ALL ALTER AND ANY ARRAY AS ASOF ASYMMETRIC BETWEEN BOTH BY
 * CALL CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE CROSS CURRENT and the words that begin with CURRENT_ (except CURRENT_ROW) DEFAULT
 * DELETE DESCRIBE DISTINCT DROP ELSE END EXCEPT EXISTS EXPLAIN FALSE FETCH FOR FOREIGN FROM FULL GRANT GROUP GROUPING HAVING IN INNER
 * INSERT INTERSECT INTERVAL INTO IS JOIN LATERAL LEADING LEFT LIKE LIMIT LOCALTIME LOCALTIMESTAMP MATCH_RECOGNIZE MEASURE MERGE MINUS
 * MULTISET NATURAL NEXT NOT NULL OFFSET ON ONLY OR ORDER OUTER OVER OVERLAPS PARTITION PRIMARY QUALIFY RANGE RECURSIVE REFERENCES RETURNING
 * RIGHT ROW ROWS RUNNING SELECT SESSION_USER SET SIMILAR SKIP SOME STREAM SYMMETRIC SYSTEM_USER TABLE TABLESAMPLE THEN TO TRAILING TRUE
 * UNION UNIQUE UNKNOWN UNNEST UPDATE UPSERT USER USING VALUES WHEN WHERE WINDOW WITH.
 */
public final class TreatyParser {

  /** The longest name, in characters. */
  public static final int NAME_LENGTH_MAX = 128;

  /** For whoever parses through Calcite; the validator wants the same conformance. */
  public static final SqlParser.Config CONFIG = SqlParser.config()
      .withParserFactory(GeneratedParser.FACTORY)
      .withQuoting(Quoting.DOUBLE_QUOTE)
      .withUnquotedCasing(Casing.TO_LOWER)
      .withQuotedCasing(Casing.UNCHANGED)
      .withCaseSensitive(true)
      .withIdentifierMaxLength(NAME_LENGTH_MAX)
      .withConformance(TreatyConformance.INSTANCE);

  private TreatyParser() {}

  /**
   * The syntax tree of the one statement in {@code sql}; a semicolon may follow it.
   *
   * <p>Statements that Calcite has no node for come as {@link CreateTable}, {@link DropTable}, {@link StartTransaction},
   * {@link EndTransaction}, {@link SessionCharacteristics}, {@link SavepointStatement}, {@link SelectForUpdate} and {@link DataChange}.
   *
   * @throws SQLSyntaxErrorException 42601, with line, column and the offending word; also if there is no statement, or more than one. 54001
   *     if the statement is nested too deeply. 42622 if a name is too long
   */
  public static SqlNode parseStatement(String sql) throws SQLException {
    SqlNodeList statements;
    try {
      // Calcite's list production does not take an entirely empty text.
      statements = sql.isBlank() ? SqlNodeList.EMPTY : SqlParser.create(sql, CONFIG).parseStmtList();
      refuseMarkedNames(sql, statements);
    } catch (SqlParseException e) {
      throw SyntaxErrors.of(e);
    }
    if (statements.isEmpty()) {
      throw new SQLSyntaxErrorException("there is no statement in the text", SqlState.SYNTAX_ERROR.code());
    }
    if (statements.size() > 1) {
      throw SyntaxErrors.at(statements.get(1).getParserPosition(), "only one statement can be run at a time");
    }
    return statements.get(0);
  }

  /**
   * The syntax tree of an expression, such as the catalog keeps for a DEFAULT.
   *
   * @throws SQLSyntaxErrorException as {@link #parseStatement}
   */
  public static SqlNode parseExpression(String sql) throws SQLException {
    try {
      SqlNode expression = SqlParser.create(sql, CONFIG).parseExpression();
      refuseMarkedNames(sql, expression);
      return expression;
    } catch (SqlParseException e) {
      throw SyntaxErrors.of(e);
    }
  }

  /** Names with the character U+0000 are the planner's own: nobody may reach what they stand for, by whatever way of writing it. */
  private static void refuseMarkedNames(String sql, SqlNode parsed) throws SQLException {
    if (sql.indexOf('\u0000') < 0 && !sql.contains("&\"")) {
      return;
    }
    boolean[] found = new boolean[1];
    parsed.accept(new SqlBasicVisitor<Void>() {
      @Override
      public Void visit(SqlIdentifier identifier) {
        found[0] |= identifier.names.stream().anyMatch(name -> name.indexOf('\u0000') >= 0);
        return null;
      }
    });
    if (found[0]) {
      throw new SQLSyntaxErrorException("A name cannot hold the character U+0000.", SqlState.INVALID_NAME.code());
    }
  }

  /** SQL that parses to an equal tree; every name is quoted, so that reserved words do not matter. */
  public static String toSql(SqlNode node) {
    return node.toSqlString(config -> config
        .withDialect(TreatyDialect.INSTANCE)
        .withQuoteAllIdentifiers(true)
        .withAlwaysUseParentheses(false)
        .withSelectListItemsOnSeparateLines(false)
        .withUpdateSetListNewline(false)
        .withClauseStartsLine(false)
        .withLineFolding(SqlWriterConfig.LineFolding.WIDE)
        .withIndentation(0)).getSql();
  }
}
