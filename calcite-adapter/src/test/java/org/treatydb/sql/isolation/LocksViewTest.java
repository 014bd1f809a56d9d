package org.treatydb.sql.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code sys.locks} while transactions really wait for each other. */
@Timeout(60)
class LocksViewTest {

  /** Of table 1024, the first of users. */
  private static final String BUCKET = "0400";

  private Stage stage;
  private Actor operator;

  @BeforeEach
  void open() throws SQLException {
    stage = new Stage();
    operator = stage.autocommit();
    operator.does("CREATE TABLE test (id INTEGER PRIMARY KEY, val INTEGER NOT NULL)");
    operator.does("INSERT INTO test VALUES (1, 10), (2, 20)");
  }

  @AfterEach
  void close() throws SQLException {
    stage.close();
  }

  private List<List<Object>> asks(String sql) {
    return operator.begins(sql).succeeds();
  }

  @Test
  void whoWaitsForWhomIsToldAndReadingItWaitsForNobody() throws SQLException {
    Actor one = stage.writer("one");
    Actor two = stage.writer("two");
    Actor three = stage.writer("three");
    one.does("UPDATE test SET val = 11 WHERE id = 1");
    Actor.Step update = two.waits("UPDATE test SET val = 12 WHERE id = 1");
    Actor.Step scan = three.waits("SELECT * FROM test");

    List<List<Object>> waiters = asks("SELECT mode, schema_name, table_name, key_start, key_end FROM sys.locks WHERE state = 'WAITING' "
        + "AND mode = 'EXCLUSIVE'");
    assertEquals(List.of(List.of("EXCLUSIVE", "public", "test", BUCKET + "00000400" + "00000000" + "0180000001",
        BUCKET + "00000400" + "00000000" + "0180000001" + "00")), waiters);
    List<List<Object>> ranges = asks("SELECT DISTINCT mode, table_name, key_start, key_end FROM sys.locks WHERE mode = 'SHARED'");
    assertEquals(List.of(List.of("SHARED", "test", BUCKET + "0000040000000000", BUCKET + "0000040000000001")), ranges);

    String oldest = "SELECT DISTINCT b.state FROM sys.locks w JOIN sys.locks b ON w.waits_for = b.transaction_id "
        + "WHERE w.mode = 'EXCLUSIVE' AND w.since <= CURRENT_TIMESTAMP";
    assertEquals(List.of(List.of("HELD")), asks(oldest));

    one.rollsBack();
    update.succeeds();
    assertEquals(List.of(List.of(1L)), asks("SELECT COUNT(*) FROM sys.locks WHERE state = 'WAITING'"));
    two.rollsBack();
    scan.succeeds();
    assertEquals(List.of(List.of(0L)), asks("SELECT COUNT(*) FROM sys.locks WHERE state = 'WAITING'"));
  }

  @Test
  void whatIsNoTablesIsShownWithoutOne() throws SQLException {
    Actor one = stage.writer("one");
    one.does("INSERT INTO test VALUES (3, 30)");
    Actor.Step create = stage.writer("two").waits("CREATE TABLE other (id INTEGER)");
    assertEquals(List.of(List.of("EXCLUSIVE", 1L)),
        asks("SELECT mode, COUNT(*) FROM sys.locks WHERE state = 'WAITING' AND table_name IS NULL GROUP BY mode"));
    one.rollsBack();
    create.succeeds();
  }
}
