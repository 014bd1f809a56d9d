package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlStatement;
import org.treatydb.sql.api.SqlTable;
import org.treatydb.sql.api.SqlUser;

/** Users who want more than they may. */
class PrivilegesTest {

  private static final SqlState DENIED = SqlState.INSUFFICIENT_PRIVILEGE;

  private KvStore store;
  private SqlDatabase database;
  private SqlSession admin;
  private SqlSession ada;

  @BeforeEach
  void open() throws SQLException {
    store = EmbeddedStore.openInMemory();
    database = TreatyDatabase.over(store);
    admin = database.openSession();
    for (String sql : List.of("CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR)", "INSERT INTO t VALUES (1, 'secret')",
        "CREATE TABLE u (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t ON DELETE CASCADE)", "INSERT INTO u VALUES (1, 1)",
        "CREATE SEQUENCE q", "CREATE VIEW w AS SELECT id, v FROM t WHERE id > 0", "CREATE SCHEMA s", "CREATE TABLE s.x (a INTEGER)",
        "CREATE USER ada", "CREATE USER bob", "CREATE ROLE clerks")) {
      Sql.update(admin, sql);
    }
    ada = sessionOf("ada");
  }

  @AfterEach
  void close() {
    database.close();
    store.close();
  }

  private SqlSession sessionOf(String name) throws SQLException {
    // The first role has the first number that there is, and the others follow.
    int id = 16 + List.of("ada", "bob", "clerks", "eve").indexOf(name);
    return database.openSession(new SqlUser(id, name), TransactionOptions.READ_WRITE);
  }

  private void admin(String... statements) throws SQLException {
    for (String sql : statements) {
      Sql.update(admin, sql);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "SELECT * FROM t", "SELECT 1 FROM t", "SELECT COUNT(*) FROM t", "TABLE t", "SELECT (SELECT MAX(v) FROM t)",
      "SELECT 1 FROM (VALUES (1)) AS d (n) WHERE EXISTS (SELECT 1 FROM t)",
      "SELECT 1 FROM (VALUES (1)) AS d (n) WHERE n IN (SELECT id FROM t)", "WITH c AS (SELECT * FROM t) SELECT * FROM c",
      "SELECT * FROM (VALUES (1)) AS a (id) JOIN t ON a.id = t.id", "SELECT 1 UNION ALL SELECT id FROM t", "SELECT * FROM w",
      "SELECT * FROM t FOR UPDATE", "EXPLAIN PLAN FOR SELECT * FROM t", "EXPLAIN ANALYZE SELECT * FROM t",
      "SELECT * FROM (VALUES (1)) AS a (id), LATERAL (SELECT v FROM t) AS b",
      "WITH RECURSIVE r (n) AS (SELECT id FROM t UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT * FROM r",
      "INSERT INTO t VALUES (2, 'x')", "INSERT INTO t SELECT 2, 'x'", "INSERT INTO mine SELECT id FROM t",
      "INSERT INTO mine VALUES ((SELECT MAX(id) FROM t))", "UPDATE t SET v = 'x'", "UPDATE mine SET a = (SELECT MAX(id) FROM t)",
      "UPDATE mine SET a = t.id FROM t", "DELETE FROM t", "DELETE FROM mine USING t WHERE mine.a = t.id",
      "DELETE FROM mine WHERE a IN (SELECT id FROM t)", "TRUNCATE u",
      "MERGE INTO t USING (VALUES (1)) AS n (id) ON t.id = n.id WHEN MATCHED THEN DELETE",
      "MERGE INTO mine USING t ON mine.a = t.id WHEN NOT MATCHED THEN INSERT VALUES (t.id)",
      "INSERT INTO mine VALUES (1) RETURNING (SELECT MAX(v) FROM t)", "CREATE TABLE c AS SELECT * FROM t",
      "CREATE VIEW c AS SELECT * FROM t", "CREATE TABLE c (a INTEGER REFERENCES t)", "ALTER TABLE mine ADD FOREIGN KEY (a) REFERENCES t",
      "SELECT NEXT VALUE FOR q", "SELECT NEXTVAL('q')", "SELECT * FROM s.x", "CREATE TABLE s.c (a INTEGER)", "DROP TABLE u",
      "DROP TABLE t CASCADE", "DROP VIEW w", "DROP SEQUENCE q", "DROP SCHEMA s CASCADE", "ALTER TABLE t ADD COLUMN c INTEGER",
      "ALTER TABLE u RENAME TO c", "ALTER TABLE t OWNER TO ada", "ALTER SEQUENCE q RESTART", "ALTER SCHEMA s OWNER TO ada",
      "CREATE INDEX i ON t (v)", "ANALYZE t", "COMMENT ON TABLE t IS 'x'", "COMMENT ON COLUMN t.v IS 'x'", "COMMENT ON VIEW w IS 'x'",
      "CREATE OR REPLACE VIEW w AS SELECT 1 AS id, CAST('x' AS VARCHAR) AS v", "CREATE SCHEMA c", "CREATE USER eve",
      "CREATE ROLE eve SUPERUSER", "ALTER USER ada SUPERUSER", "ALTER USER bob PASSWORD NULL", "DROP USER bob", "GRANT clerks TO ada",
      "GRANT SELECT ON t TO ada", "GRANT ALL ON SCHEMA s TO ada", "GRANT ALL ON ALL TABLES IN SCHEMA s TO ada",
      "REVOKE USAGE ON SCHEMA public FROM PUBLIC", "SET ROLE clerks", "SET ROLE bob", "SELECT * FROM sys.locks",
      "SELECT * FROM sys.transactions", "SELECT * FROM U&\"\\0000target t\"", "INSERT INTO sys.roles VALUES (1)"})
  void whatWasNotGrantedIsDeniedAndNothingChanges(String sql) throws SQLException {
    admin("CREATE TABLE mine (a INTEGER)", "ALTER TABLE mine OWNER TO ada", "GRANT CREATE ON SCHEMA public TO ada");
    List<List<Object>> before = state();
    SQLException denied = assertThrows(SQLException.class, () -> run(ada, sql), sql);
    boolean unnamable = sql.contains("U&");
    assertEquals(unnamable ? SqlState.INVALID_NAME.code() : DENIED.code(), denied.getSQLState(), denied.getMessage());
    assertFalse(denied.getMessage().contains("secret"), denied.getMessage());
    assertEquals(before, state());
    // The control: the same from somebody who may.
    if (!unnamable && !sql.contains("sys.roles") && !sql.startsWith("SET") && !sql.contains("MERGE INTO mine")) {
      run(admin, sql);
    }
  }

  private static void run(SqlSession session, String sql) throws SQLException {
    if (session.prepare(sql).execute(List.of()) instanceof SqlResult.Rows rows) {
      Sql.rows(rows);
    }
  }

  private List<List<Object>> state() throws SQLException {
    return List.of(List.copyOf(Sql.query(admin, "SELECT * FROM t ORDER BY id")), List.copyOf(Sql.query(admin, "SELECT * FROM mine")),
        List.copyOf(Sql.query(admin, "SELECT table_name FROM information_schema.tables ORDER BY 1")),
        List.copyOf(Sql.query(admin, "SELECT * FROM sys.roles ORDER BY 1")),
        List.copyOf(Sql.query(admin, "SELECT * FROM sys.privileges ORDER BY 1, 2, 3, 4, 5, 6")));
  }

  @Test
  void aPrivilegeAllowsWhatItSaysAndNoMore() throws SQLException {
    admin("GRANT SELECT ON t TO ada");
    assertEquals(List.of(List.of(1, "secret")), Sql.query(ada, "SELECT * FROM t"));
    Sql.fails(DENIED, ada, "SELECT * FROM t FOR UPDATE");
    Sql.fails(DENIED, ada, "INSERT INTO t VALUES (2, 'x')");
    admin("GRANT INSERT ON t TO ada");
    assertEquals(1, Sql.update(ada, "INSERT INTO t VALUES (2, 'x')"));
    Sql.fails(DENIED, ada, "INSERT INTO t VALUES (2, 'x') ON CONFLICT (id) DO UPDATE SET v = 'y'");
    Sql.fails(DENIED, ada, "UPDATE t SET v = 'y'");
    Sql.fails(DENIED, ada, "DELETE FROM t");
    admin("GRANT UPDATE ON TABLE t TO ada");
    Sql.update(ada, "INSERT INTO t VALUES (2, 'x') ON CONFLICT (id) DO UPDATE SET v = 'y'");
    assertEquals(2, Sql.query(ada, "SELECT * FROM t FOR UPDATE").size());
    admin("GRANT DELETE ON t TO ada", "GRANT TRUNCATE ON t TO ada", "GRANT REFERENCES ON t TO ada", "GRANT CREATE ON SCHEMA public TO ada");
    assertEquals(1, Sql.update(ada, "DELETE FROM t WHERE id = 2"));
    Sql.update(ada, "CREATE TABLE c (a INTEGER REFERENCES t)");
    admin("GRANT USAGE ON SCHEMA s TO ada", "GRANT ALL ON ALL TABLES IN SCHEMA s TO ada", "GRANT USAGE ON SEQUENCE q TO ada");
    assertEquals(List.of(), Sql.query(ada, "SELECT * FROM s.x"));
    assertEquals(List.of(List.of(1L)), Sql.query(ada, "SELECT NEXT VALUE FOR q"));
    admin("REVOKE USAGE ON SCHEMA s FROM ada");
    Sql.fails(DENIED, ada, "SELECT * FROM s.x");
  }

  @Test
  void changesThatTellSomethingOfTheRowsNeedSelect() throws SQLException {
    admin("GRANT INSERT, UPDATE, DELETE ON t TO ada");
    Sql.fails(DENIED, ada, "UPDATE t SET v = 'x' WHERE id = 1");
    Sql.fails(DENIED, ada, "UPDATE t SET v = v || 'x'");
    Sql.fails(DENIED, ada, "UPDATE t SET v = 'x' RETURNING id");
    Sql.fails(DENIED, ada, "INSERT INTO t VALUES (2, 'x') RETURNING v");
    Sql.fails(DENIED, ada, "INSERT INTO t VALUES (2, 'x') ON CONFLICT (id) DO NOTHING");
    Sql.fails(DENIED, ada, "DELETE FROM t WHERE v LIKE 's%'");
    Sql.fails(DENIED, ada, "MERGE INTO t USING (VALUES (1)) AS n (id) ON t.id = n.id WHEN MATCHED THEN DELETE");
    assertEquals(1, Sql.update(ada, "UPDATE t SET v = 'x'"));
    assertEquals(1, Sql.update(ada, "INSERT INTO t VALUES (2, 'x') ON CONFLICT DO NOTHING"));
    assertEquals(2, Sql.update(ada, "DELETE FROM t"));
  }

  @Test
  void aGrantTakenBackHoldsForTheNextStatementOfAPlanThatWasMadeBefore() throws SQLException {
    admin("GRANT SELECT ON t TO ada");
    SqlStatement prepared = ada.prepare("SELECT * FROM t");
    assertEquals(1, Sql.rows((SqlResult.Rows) prepared.execute(List.of())).size());
    admin("REVOKE SELECT ON t FROM ada");
    SQLException denied = assertThrows(SQLException.class, () -> prepared.execute(List.of()));
    assertEquals(DENIED.code(), denied.getSQLState());
    // What others have planned is no way in.
    assertEquals(1, Sql.query(admin, "SELECT * FROM t").size());
    Sql.fails(DENIED, ada, "SELECT * FROM t");
  }

  @Test
  void aGrantTakenBackAtOneNodeHoldsForTheNextStatementAtAnother() throws SQLException {
    try (SqlDatabase node = TreatyDatabase.over(store)) {
      admin("GRANT SELECT ON t TO ada");
      SqlSession elsewhere = node.openSession(new SqlUser(16, "ada"), TransactionOptions.READ_WRITE);
      SqlStatement prepared = elsewhere.prepare("SELECT * FROM t");
      assertEquals(1, Sql.rows((SqlResult.Rows) prepared.execute(List.of())).size());
      admin("REVOKE SELECT ON t FROM ada");
      assertEquals(DENIED.code(), assertThrows(SQLException.class, () -> prepared.execute(List.of())).getSQLState());
      admin("DROP USER ada");
      Sql.fails(SqlState.INVALID_AUTHORIZATION, elsewhere, "SELECT 1");
    }
  }

  @Test
  void theLastSuperuserWhoCanSignInStays() throws SQLException {
    admin("CREATE USER eve SUPERUSER PASSWORD 'e'");
    SqlSession eve = sessionOf("eve");
    for (String sql : List.of("DROP USER eve", "ALTER USER eve NOLOGIN", "ALTER USER eve NOSUPERUSER", "ALTER USER eve PASSWORD NULL")) {
      Sql.fails(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, eve, sql);
    }
    Sql.update(eve, "ALTER USER ada SUPERUSER PASSWORD 'a'");
    Sql.update(eve, "DROP USER eve");
    // Who has the root key can let himself in again.
    admin("ALTER USER ada NOLOGIN", "DROP USER ada");
  }

  @ParameterizedTest
  @ValueSource(strings = {"START TRANSACTION READ ONLY", "START TRANSACTION OPTIMISTIC"})
  void aTransactionThatHasAnOldCatalogDoesNotKeepAGrantThatIsTakenBack(String begin) throws SQLException {
    admin("GRANT SELECT ON t TO ada");
    Sql.update(ada, begin);
    assertEquals(1, Sql.query(ada, "SELECT * FROM t").size());
    SqlStatement prepared = ada.prepare("SELECT v FROM t");
    admin("REVOKE SELECT ON t FROM ada");
    SQLException denied = assertThrows(SQLException.class, () -> prepared.execute(List.of()));
    assertEquals(DENIED.code(), denied.getSQLState());
    ada.rollback();
  }

  @Test
  void aGrantThatIsRolledBackWasNeverMade() throws SQLException {
    admin.setAutoCommit(false);
    admin("GRANT SELECT ON t TO ada", "GRANT clerks TO ada", "CREATE USER eve");
    admin.rollback();
    Sql.fails(DENIED, ada, "SELECT * FROM t");
    Sql.fails(DENIED, ada, "SET ROLE clerks");
    admin("SAVEPOINT a", "GRANT SELECT ON t TO ada");
    admin.rollbackToSavepoint("a");
    admin.commit();
    Sql.fails(DENIED, ada, "SELECT * FROM t");
    assertEquals(3, Sql.query(admin, "SELECT * FROM sys.roles").size());
  }

  @Test
  void aViewReadsWithItsOwnersRights() throws SQLException {
    admin("GRANT SELECT ON w TO ada");
    assertEquals(List.of(List.of(1, "secret")), Sql.query(ada, "SELECT * FROM w"));
    Sql.fails(DENIED, ada, "SELECT * FROM t");
    Sql.fails(DENIED, ada, "SELECT * FROM w JOIN t ON w.id = t.id");
    Sql.fails(DENIED, ada, "SELECT * FROM w FOR UPDATE");
    // A view of somebody who may not read the table gives nobody anything: its owner has lost the right.
    admin("GRANT SELECT ON t TO bob", "GRANT CREATE ON SCHEMA public TO bob");
    SqlSession bob = sessionOf("bob");
    Sql.update(bob, "CREATE VIEW of_bob AS SELECT * FROM t");
    Sql.update(bob, "GRANT SELECT ON of_bob TO ada");
    assertEquals(1, Sql.query(ada, "SELECT * FROM of_bob").size());
    admin("REVOKE SELECT ON t FROM bob");
    Sql.fails(DENIED, ada, "SELECT * FROM of_bob");
    Sql.fails(DENIED, bob, "SELECT * FROM of_bob");
  }

  @Test
  void rolesGiveWhatTheyHaveAlsoByOtherRoles() throws SQLException {
    admin("CREATE ROLE readers", "GRANT SELECT ON t TO readers", "GRANT readers TO clerks", "GRANT clerks TO ada");
    assertEquals(1, Sql.query(ada, "SELECT * FROM t").size());
    Sql.fails(SqlState.INVALID_GRANT_OPERATION, admin, "GRANT clerks TO readers");
    Sql.fails(SqlState.INVALID_GRANT_OPERATION, admin, "GRANT clerks TO clerks");
    admin("REVOKE readers FROM clerks");
    Sql.fails(DENIED, ada, "SELECT * FROM t");
    admin("GRANT SELECT ON t TO PUBLIC");
    assertEquals(1, Sql.query(ada, "SELECT * FROM t").size());
    admin("REVOKE ALL ON t FROM PUBLIC", "CREATE ROLE bosses SUPERUSER", "GRANT bosses TO ada");
    // As in PostgreSQL, a superuser's members are none until they say so.
    Sql.fails(DENIED, ada, "SELECT * FROM t");
    Sql.update(ada, "SET ROLE bosses");
    assertEquals(1, Sql.query(ada, "SELECT * FROM t").size());
  }

  @Test
  void setRoleChangesWhoWorksAndNotWhoHasSignedIn() throws SQLException {
    String who = "SELECT CURRENT_USER, SESSION_USER, USER";
    assertEquals(List.of(List.of("treaty", "treaty", "treaty")), Sql.query(admin, who));
    assertEquals(List.of(List.of("ada", "ada", "ada")), Sql.query(ada, who));
    admin("GRANT clerks TO ada", "GRANT SELECT ON t TO ada");
    Sql.update(ada, "SET ROLE clerks");
    assertEquals(List.of(List.of("clerks", "ada", "clerks")), Sql.query(ada, who));
    Sql.fails(DENIED, ada, "SELECT * FROM t");
    admin("REVOKE clerks FROM ada");
    Sql.fails(DENIED, ada, who);
    Sql.update(ada, "RESET ROLE");
    assertEquals(1, Sql.query(ada, "SELECT * FROM t").size());
    Sql.fails(SqlState.UNDEFINED_OBJECT, ada, "SET ROLE nobody");
  }

  @Test
  void whatSomebodyCreatesIsHis() throws SQLException {
    Sql.fails(DENIED, ada, "CREATE TABLE c (a INTEGER)");
    admin("GRANT CREATE ON SCHEMA public TO clerks", "GRANT clerks TO ada");
    Sql.update(ada, "CREATE TABLE c (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a INTEGER)");
    Sql.update(ada, "INSERT INTO c (a) VALUES (5)");
    Sql.update(ada, "CREATE INDEX c_a ON c (a)");
    Sql.update(ada, "ANALYZE");
    Sql.update(ada, "GRANT SELECT, INSERT ON c TO bob");
    SqlSession bob = sessionOf("bob");
    // The numbers of an identity column come with INSERT.
    Sql.update(bob, "INSERT INTO c (a) VALUES (6)");
    assertEquals(2, Sql.query(bob, "SELECT * FROM c").size());
    Sql.fails(DENIED, bob, "DROP INDEX c_a");
    Sql.update(ada, "TRUNCATE c RESTART IDENTITY");
    assertEquals(List.of(), Sql.query(bob, "SELECT * FROM c"));
    Sql.update(ada, "ALTER TABLE c OWNER TO clerks");
    Sql.update(ada, "ALTER TABLE c ADD COLUMN b INTEGER");
    Sql.fails(SqlState.DEPENDENT_OBJECTS_EXIST, admin, "DROP ROLE clerks");
    Sql.fails(DENIED, ada, "ALTER TABLE c OWNER TO bob");
    Sql.update(ada, "DROP TABLE c");
    admin("DROP ROLE clerks");
    assertEquals(List.of(), Sql.query(admin, "SELECT * FROM sys.privileges WHERE grantee = 'clerks'"));
    Sql.fails(DENIED, ada, "CREATE TABLE c (a INTEGER)");
  }

  @Test
  void aUserWhoIsDroppedWorksNoMoreAndHisNamesakeDoesNotGetHisRights() throws SQLException {
    admin("GRANT SELECT ON t TO ada");
    SqlStatement prepared = ada.prepare("SELECT * FROM t");
    admin("DROP USER ada", "CREATE USER ada");
    SQLException gone = assertThrows(SQLException.class, () -> prepared.execute(List.of()));
    assertEquals(SqlState.INVALID_AUTHORIZATION.code(), gone.getSQLState());
    Sql.fails(SqlState.INVALID_AUTHORIZATION, ada, "SELECT 1");
    SqlSession namesake = database.openSession(new SqlUser(19, "ada"), TransactionOptions.READ_WRITE);
    Sql.fails(DENIED, namesake, "SELECT * FROM t");
  }

  @Test
  void onlyWhatOneMayUseIsListed() throws SQLException {
    assertEquals(List.of(), ada.tables().stream().filter(table -> !table.system()).toList());
    assertEquals(List.of("information_schema", "public", "sys"), ada.schemas());
    admin("GRANT INSERT ON u TO ada");
    assertEquals(List.of("u"), ada.tables().stream().filter(table -> !table.system()).map(SqlTable::name).toList());
    assertEquals(List.of(List.of("u")), Sql.query(ada, "SELECT table_name FROM information_schema.tables"));
    assertEquals(2, Sql.query(ada, "SELECT constraint_name FROM information_schema.table_constraints").size());
    assertEquals(List.of(List.of("ada", "INSERT")), Sql.query(ada,
        "SELECT grantee, privilege_type FROM information_schema.table_privileges WHERE grantee <> grantor"));
    assertEquals(List.of(List.of("u")), Sql.query(ada,
        "SELECT DISTINCT object_name FROM sys.privileges WHERE object_kind <> 'SCHEMA'"));
    assertEquals(4, Sql.query(admin, "SELECT table_name FROM information_schema.tables").size());
  }

  @Test
  void foreignKeysWorkForThoseWhoMayWriteOneOfTheTables() throws SQLException {
    admin("GRANT INSERT ON u TO ada", "GRANT DELETE ON t TO ada");
    assertEquals(1, Sql.update(ada, "INSERT INTO u VALUES (2, 1)"));
    Sql.fails(SqlState.FOREIGN_KEY_VIOLATION, ada, "INSERT INTO u VALUES (3, 7)");
    assertEquals(1, Sql.update(ada, "DELETE FROM t"));
    assertEquals(List.of(), Sql.query(admin, "SELECT * FROM u"));
  }

  @Test
  void whoHasNotSignedInIsNobodyFromTheFirstUserOn() throws SQLException {
    try (KvStore other = EmbeddedStore.openInMemory(); SqlDatabase young = TreatyDatabase.over(other)) {
      SqlSession anybody = young.openSession(SqlUser.ANYBODY, TransactionOptions.READ_WRITE);
      Sql.update(anybody, "CREATE TABLE t (a INTEGER)");
      assertFalse(young.requiresSignIn());
      Sql.fails(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, anybody, "CREATE USER ada");
      Sql.fails(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, anybody, "CREATE USER ada PASSWORD 'a'");
      Sql.fails(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, anybody, "CREATE ROLE ada SUPERUSER PASSWORD 'a'");
      SqlStatement prepared = anybody.prepare("SELECT * FROM t");
      Sql.update(anybody, "CREATE USER ada SUPERUSER PASSWORD 'a'");
      assertTrue(young.requiresSignIn());
      Sql.fails(SqlState.INVALID_AUTHORIZATION, anybody, "SELECT * FROM t");
      assertEquals(SqlState.INVALID_AUTHORIZATION.code(),
          assertThrows(SQLException.class, () -> prepared.execute(List.of())).getSQLState());
      assertEquals(SqlState.INVALID_AUTHORIZATION.code(),
          assertThrows(SQLException.class, anybody::tables).getSQLState());
      Sql.update(young.openSession(), "DROP USER ada");
      // For good: dropping all users opens nothing.
      assertTrue(young.requiresSignIn());
      Sql.fails(SqlState.INVALID_AUTHORIZATION, anybody, "SELECT * FROM t");
    }
  }

  @Test
  void anAccountTakesItsPasswordAndNoOther() throws SQLException {
    admin("ALTER USER ada PASSWORD 'correct horse'");
    byte[] right = "correct horse".getBytes(StandardCharsets.UTF_8);
    assertEquals(new SqlUser(16, "ada"), database.account("ada").signIn(right));
    assertEquals(null, database.account("ada").signIn(new byte[0]));
    assertEquals(null, database.account("bob").signIn(right));
    assertEquals(null, database.account("nobody").signIn(right));
    Object before = database.account("ada").state();
    Sql.update(ada, "ALTER USER ada PASSWORD 'other'");
    assertFalse(before.equals(database.account("ada").state()));
    assertEquals(null, database.account("ada").signIn(right));
    admin("ALTER USER ada PASSWORD 'correct horse' NOLOGIN");
    assertEquals(null, database.account("ada").signIn(right));
    Sql.fails(SqlState.INVALID_PARAMETER_VALUE, admin, "ALTER USER ada PASSWORD ''");
    Sql.fails(SqlState.INVALID_NAME, admin, "CREATE USER \"a:b\"");
    Sql.fails(SqlState.INVALID_NAME, admin, "CREATE USER treaty");
    Sql.fails(SqlState.DUPLICATE_OBJECT, admin, "CREATE ROLE ada");
    admin("CREATE USER IF NOT EXISTS ada", "DROP USER IF EXISTS nobody");
    Sql.fails(SqlState.UNDEFINED_OBJECT, admin, "DROP USER nobody");
  }
}
