package org.treatydb.examples.libraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Liquibase, which takes Treaty for a database it does not know, and speaks standard SQL to it. */
@ExtendWith(WithServer.class)
class LiquibaseTest {

  private Connection connection;

  @BeforeEach
  void open(ServerUrl url) throws SQLException {
    connection = DriverManager.getConnection(url.text());
    run("drop view if exists liquibase_late", "drop table if exists liquibase_loan, liquibase_reader, databasechangelog, "
        + "databasechangeloglock cascade");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void run(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private List<String> column(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        values.add(result.getString(1));
      }
    }
    return values;
  }

  private Liquibase liquibase(String changes) throws LiquibaseException, SQLException {
    Database database = DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
    database.setDefaultSchemaName(connection.getSchema());
    database.setDatabaseChangeLogTableName("databasechangelog");
    database.setDatabaseChangeLogLockTableName("databasechangeloglock");
    return new Liquibase(changes, new ClassLoaderResourceAccessor(), database);
  }

  private void update(String changes) throws LiquibaseException, SQLException {
    liquibase(changes).update(new Contexts(), new LabelExpression());
  }

  @Test
  void changesAreMadeOnceAndInOrder() throws Exception {
    update("liquibase/library.xml");
    update("liquibase/library.xml");
    connection.setAutoCommit(true);
    assertEquals(List.of("readers", "loans", "late", "email"), column("select id from databasechangelog order by orderexecuted"));
    assertEquals(List.of("Ada", "Bert"), column("select name from liquibase_reader order by id"));
    assertEquals(List.of("none"), column("select distinct email from liquibase_reader"));
    run("insert into liquibase_loan (reader, due) values (1, date '2026-01-01')");
    assertEquals(List.of("1"), column("select reader from liquibase_late"));
    SQLException e = assertThrows(SQLException.class, () -> run("insert into liquibase_loan (reader) values (77)"));
    assertEquals("23503", e.getSQLState());
    e = assertThrows(SQLException.class, () -> run("insert into liquibase_reader (id, name) values (7, 'Ada')"));
    assertEquals("23505", e.getSQLState());
    assertEquals(List.of("liquibase_loan_due"), column("select index_name from sys.indexes where index_name like 'liquibase%due'"));
    assertEquals(List.of("false"), column("select locked from databasechangeloglock"));
  }

  @Test
  void changesAreTakenBack() throws Exception {
    update("liquibase/library.xml");
    liquibase("liquibase/library.xml").rollback(3, "");
    connection.setAutoCommit(true);
    assertEquals(List.of("readers"), column("select id from databasechangelog"));
    assertEquals(List.of(), column("select table_name from information_schema.tables "
        + "where table_name in ('liquibase_loan', 'liquibase_late')"));
    assertEquals(List.of(), column("select column_name from information_schema.columns where table_name = 'liquibase_reader' "
        + "and column_name = 'email'"));
  }

  @Test
  void aChangeThatFailsLeavesNothingBehindAndCanBeMadeLater() throws Exception {
    assertThrows(LiquibaseException.class, () -> update("liquibase/broken.xml"));
    connection.rollback();
    connection.setAutoCommit(true);
    assertEquals(List.of("false"), column("select locked from databasechangeloglock"));
    assertEquals(List.of(), column("select id from databasechangelog"));
    assertFalse(column("select table_name from information_schema.tables").contains("liquibase_reader"));
    update("liquibase/library.xml");
    connection.setAutoCommit(true);
    assertTrue(column("select table_name from information_schema.tables").contains("liquibase_reader"));
  }
}
