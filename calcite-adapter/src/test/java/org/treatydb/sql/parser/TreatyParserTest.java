package org.treatydb.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.Litmus;
import org.junit.jupiter.api.Test;
import org.treatydb.sql.golden.GoldenFile;

class TreatyParserTest {

  private static final String STATEMENTS = "statements.txt";
  private static final String SYNTAX_ERRORS = "syntax-errors.txt";

  @Test
  void statementsBecomeWhatTheGoldenFileSays() throws SQLException {
    StringBuilder text = new StringBuilder();
    for (String sql : GoldenFile.inputs(STATEMENTS, "> ")) {
      SqlNode node = TreatyParser.parseStatement(sql);
      text.append("> ").append(sql).append('\n');
      text.append(node.getClass().getSimpleName()).append(": ").append(TreatyParser.toSql(node)).append("\n\n");
    }
    GoldenFile.check(STATEMENTS, text.toString());
  }

  @Test
  void whatIsWrittenParsesToAnEqualTree() throws SQLException {
    for (String sql : GoldenFile.inputs(STATEMENTS, "> ")) {
      SqlNode node = TreatyParser.parseStatement(sql);
      assertEqualTrees(node, TreatyParser.parseStatement(TreatyParser.toSql(node)), sql);
    }
  }

  @Test
  void ownNodesAreMadeAnewFromTheirOperands() throws SQLException {
    for (String sql : GoldenFile.inputs(STATEMENTS, "> ")) {
      boolean own = TreatyParser.parseStatement(sql).getClass().getPackage().equals(TreatyParser.class.getPackage());
      if (own && TreatyParser.parseStatement(sql) instanceof SqlCall call) {
        SqlNode copy = call.clone(SqlParserPos.ZERO);
        assertEquals(call.getClass(), copy.getClass());
        assertEqualTrees(call, copy, sql);
      }
    }
  }

  @Test
  void errorsSayWhatTheGoldenFileSays() {
    StringBuilder text = new StringBuilder();
    for (String sql : GoldenFile.inputs(SYNTAX_ERRORS, "> ")) {
      SQLException e = assertThrows(SQLSyntaxErrorException.class, () -> TreatyParser.parseStatement(sql), sql);
      text.append("> ").append(sql).append('\n').append(e.getSQLState()).append(' ').append(e.getMessage()).append("\n\n");
    }
    GoldenFile.check(SYNTAX_ERRORS, text.toString());
  }

  @Test
  void errorsInLongStatementsNameTheirLine() {
    SQLException e = assertThrows(SQLException.class, () -> TreatyParser.parseStatement("select a\nfrom t\n\twhere a ="));
    assertEquals("syntax error at the end of the statement (line 3, column 10)", e.getMessage());
  }

  @Test
  void aStatementNestedTooDeeplyIsAnErrorAndNothingMore() throws SQLException {
    String deep = "select " + "(".repeat(50_000) + "1" + ")".repeat(50_000);
    assertEquals("54001", assertThrows(SQLException.class, () -> TreatyParser.parseStatement(deep)).getSQLState());
    TreatyParser.parseStatement("select 1");
  }

  @Test
  void createTableTellsWhatWasDeclared() throws SQLException {
    CreateTable create = assertInstanceOf(CreateTable.class, TreatyParser.parseStatement(
        "create table if not exists Shop.\"Order\" (id int, line int null, price decimal(9, 2) default 1 + 1 not null,"
            + " constraint order_key primary key (line, id))"));
    assertTrue(create.ifNotExists());
    assertEquals(List.of("shop", "Order"), create.name().names);
    assertEquals(List.of("id", "line", "price"), create.columns().stream().map(ColumnDefinition::name).toList());
    assertEquals(List.of("line", "id"), create.primaryKey());
    assertEquals("order_key", create.primaryKeyName());
    ColumnDefinition price = create.columns().get(2);
    assertTrue(price.isNotNull());
    assertFalse(create.columns().get(1).isNotNull());
    assertNull(create.columns().get(0).defaultValue());
    assertEquals("1 + 1", TreatyParser.toSql(price.defaultValue()));
    assertEqualTrees(price.defaultValue(), TreatyParser.parseExpression("1 + 1"), "default");
  }

  @Test
  void aTableHasOnePrimaryKey() throws SQLException {
    CreateTable twice = (CreateTable) TreatyParser.parseStatement("create table t (a int primary key, b int, primary key (b))");
    assertEquals("42P16", assertThrows(SQLException.class, twice::primaryKey).getSQLState());
    CreateTable never = (CreateTable) TreatyParser.parseStatement("create table t (a int)");
    assertEquals(List.of(), never.primaryKey());
    assertNull(never.primaryKeyName());
  }

  @Test
  void transactionStatementsTellWhatWasAsked() throws SQLException {
    StartTransaction start = (StartTransaction) TreatyParser.parseStatement("begin isolation level repeatable read, read only");
    assertEquals(true, start.modes().readOnly());
    assertEquals("REPEATABLE READ", start.modes().isolationLevel());
    assertNull(((StartTransaction) TreatyParser.parseStatement("start transaction;")).modes().readOnly());
    assertNull(start.modes().optimistic());
    assertEquals(true, ((StartTransaction) TreatyParser.parseStatement("begin optimistic, read write")).modes().optimistic());
    SqlNode session = TreatyParser.parseStatement("set session characteristics as transaction pessimistic isolation level serializable");
    assertEquals(false, ((SessionCharacteristics) session).modes().optimistic());
    assertEquals("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE PESSIMISTIC", TreatyParser.toSql(session));
    assertTrue(((EndTransaction) TreatyParser.parseStatement("commit work")).isCommit());
    assertFalse(((EndTransaction) TreatyParser.parseStatement("rollback")).isCommit());
    SavepointStatement back = (SavepointStatement) TreatyParser.parseStatement("rollback to A");
    assertEquals(SavepointStatement.Action.ROLLBACK_TO, back.action());
    assertEquals("a", back.name());
  }

  @Test
  void forUpdateWrapsTheWholeQuery() throws SQLException {
    SelectForUpdate select = (SelectForUpdate) TreatyParser.parseStatement("select * from t order by a limit 1 for update");
    assertEqualTrees(TreatyParser.parseStatement("select * from t order by a limit 1"), select.query(), "query");
  }

  private static void assertEqualTrees(SqlNode expected, SqlNode actual, String sql) {
    assertTrue(expected.equalsDeep(actual, Litmus.IGNORE), () ->
        sql + "\n" + TreatyParser.toSql(expected) + "\n" + TreatyParser.toSql(actual));
  }
}
