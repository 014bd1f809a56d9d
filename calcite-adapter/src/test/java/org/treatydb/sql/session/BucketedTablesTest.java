package org.treatydb.sql.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlTable;

/** Tables whose rows are dealt out to buckets: where the rows are, and what statements ask of the store. */
@Timeout(60)
class BucketedTablesTest {

  private static final int ROWS = 600;

  private CountingStore store;
  private SqlDatabase database;
  private SqlSession session;

  @BeforeEach
  void open() throws SQLException {
    store = new CountingStore(EmbeddedStore.openInMemory());
    database = TreatyDatabase.over(store);
    session = database.openSession();
    Sql.update(session, "CREATE TABLE line (invoice INTEGER, position INTEGER, track INTEGER, PRIMARY KEY (invoice, position)) "
        + "PARTITION BY HASH (invoice) BUCKETS 6");
    Sql.update(session, "CREATE TABLE track (id INTEGER PRIMARY KEY, name VARCHAR) PARTITION BY HASH BUCKETS 12");
    fill("track", "%1$d, 'track %1$d'");
  }

  /** Gives {@code table} rows 1 to {@value #ROWS}. */
  private void fill(String table, String row) throws SQLException {
    Sql.update(session, "INSERT INTO " + table + " VALUES "
        + String.join(", ", IntStream.rangeClosed(1, ROWS).mapToObj(i -> "(" + row.formatted(i) + ")").toList()));
    store.counted();
  }

  @AfterEach
  void close() {
    assertEquals(0, store.openCursors(), "store cursors left open");
    session.close();
    database.close();
    store.close();
  }

  @Test
  void rowsSpreadOverAnEvenDivisionOfTheKeySpace() throws SQLException {
    assertSpread();
    Sql.update(session, "DELETE FROM track");
    Sql.update(session, "CREATE TABLE heap (number INTEGER) PARTITION BY HASH BUCKETS 12");
    fill("heap", "%d");
    assertSpread();
  }

  /** That each of three nodes, to which eight shards each are dealt out in turn, has a quarter to five twelfths of the rows. */
  private void assertSpread() {
    int[] rows = new int[3];
    for (byte[] key : usersKeys(store)) {
      int prefix = Short.toUnsignedInt((short) (key[0] << Byte.SIZE | key[1] & 0xff));
      rows[prefix * 24 / (1 << Short.SIZE) % rows.length]++;
    }
    assertEquals(ROWS, Arrays.stream(rows).sum());
    assertTrue(Arrays.stream(rows).allMatch(count -> count > ROWS / 4 && count < ROWS * 5 / 12), () -> Arrays.toString(rows));
  }

  @Test
  void tablesWithoutBucketsLieInDifferentPlaces() throws SQLException {
    Sql.update(session, "DELETE FROM track");
    for (int i = 0; i < 8; i++) {
      Sql.update(session, "CREATE TABLE t" + i + " (id INTEGER PRIMARY KEY)");
      Sql.update(session, "INSERT INTO t" + i + " VALUES (1), (2), (3)");
    }
    List<byte[]> keys = usersKeys(store);
    assertEquals(24, keys.size());
    assertEquals(8, keys.stream().map(key -> key[0] << Byte.SIZE | key[1] & 0xff).distinct().count());
    assertEquals(4, keys.stream().map(key -> (key[0] & 0xff) / 64).distinct().count(), "quarters of the key space");
  }

  private static List<byte[]> usersKeys(KvStore store) {
    List<byte[]> keys = new ArrayList<>();
    try (KvTransaction transaction = store.begin(TransactionOptions.READ_ONLY); KvCursor cursor = transaction.scan(KeyRange.ALL)) {
      while (cursor.next()) {
        if (CountingStore.isUsers(cursor.key())) {
          keys.add(cursor.key());
        }
      }
    }
    return keys;
  }

  @Test
  void aKeyLookupIsOneGetAndManyAreOneMultiGet() throws SQLException {
    assertEquals(List.of(List.of("track 7")), Sql.query(session, "SELECT name FROM track WHERE id = ?", 7));
    assertEquals("1 get", store.counted());
    assertEquals(List.of(List.of(9), List.of(3), List.of(1)),
        Sql.query(session, "SELECT id FROM track WHERE id IN (3, 1, 9, 777) ORDER BY id DESC"));
    assertEquals("1 multi-get", store.counted());
  }

  @Test
  void whatFixesThePartitionColumnsAsksOneBucket() throws SQLException {
    for (int position = 1; position <= 10; position++) {
      Sql.update(session, "INSERT INTO line VALUES (1, ?, ?), (2, ?, ?)", position, position, position, position);
    }
    store.counted();
    assertEquals(10, Sql.query(session, "SELECT * FROM line WHERE invoice = 1").size());
    assertEquals("1 scan of 10 rows", store.counted());
    assertEquals(3, Sql.query(session, "SELECT * FROM line WHERE invoice = 2 AND position BETWEEN ? AND 6", 4).size());
    assertEquals("1 scan of 3 rows", store.counted());
    assertEquals(20, Sql.query(session, "SELECT * FROM line WHERE invoice >= 1").size());
    assertEquals("6 scan of 20 rows", store.counted());
  }

  @Test
  void aLimitReadsARowOfEachBucketWhenTheOrderMattersAndNoBucketMoreThanItNeedsWhenNot() throws SQLException {
    assertEquals(List.of(List.of(ROWS), List.of(ROWS - 1)), Sql.query(session, "SELECT id FROM track ORDER BY id DESC LIMIT 2"));
    // Twelve for the first row, one for each further; Enumerable's LIMIT moves once more before it sees that it is done.
    assertEquals("12 scan of 14 rows", store.counted());
    assertEquals(2, Sql.query(session, "SELECT id FROM track LIMIT 2").size());
    assertEquals("1 scan of 3 rows", store.counted());
  }

  @Test
  void rangesAreMergedInTheOrderOfTheKey() throws SQLException {
    List<List<Object>> rows = Sql.query(session, "SELECT id FROM track WHERE id > 3 AND id <= 400 OR id = 500 OR id BETWEEN 450 AND 460 "
        + "ORDER BY id");
    List<Integer> expected = IntStream.concat(IntStream.rangeClosed(4, 400), IntStream.concat(IntStream.rangeClosed(450, 460),
        IntStream.of(500))).boxed().toList();
    assertEquals(expected, rows.stream().map(List::getFirst).toList());
    assertEquals("1 get 24 scan of 408 rows", store.counted(), "two ranges in twelve buckets");
  }

  @Test
  void aJoinLooksUpItsRowsInTheirBuckets() throws SQLException {
    Sql.update(session, "INSERT INTO line VALUES (1, 1, 5), (1, 2, 6), (2, 1, 7)");
    store.counted();
    assertEquals(2, Sql.query(session,
        "SELECT t.name FROM line l JOIN track t ON t.id = l.track WHERE l.invoice = 1 AND l.position < 3").size());
    assertEquals("2 get 1 scan of 2 rows", store.counted());
  }

  @Test
  void keysMoveFromBucketToBucket() throws SQLException {
    assertEquals(ROWS, Sql.update(session, "UPDATE track SET id = id + 1"));
    assertEquals(ROWS, usersKeys(store).size());
    assertEquals(List.of(List.of(2, ROWS + 1, (long) ROWS)), Sql.query(session, "SELECT MIN(id), MAX(id), COUNT(*) FROM track"));
    Sql.fails(SqlState.UNIQUE_VIOLATION, session, "UPDATE track SET id = 7 WHERE id = 8");
    assertEquals(List.of(List.of("track 6")), Sql.query(session, "SELECT name FROM track WHERE id = 7 FOR UPDATE"));
    assertEquals(ROWS / 2, Sql.update(session, "DELETE FROM track WHERE MOD(id, 2) = 0"));
    assertEquals(ROWS / 2, usersKeys(store).size());
  }

  @Test
  void rowsOfADroppedTableDisappearFromAllBuckets() throws SQLException {
    Sql.update(session, "DROP TABLE track");
    while (!usersKeys(store).isEmpty()) {
      Thread.yield();
    }
    assertEquals(List.of(), usersKeys(store));
  }

  @Test
  void theDefaultOfTheDatabaseIsKeptWithTheTable() throws SQLException {
    try (EmbeddedStore other = EmbeddedStore.openInMemory()) {
      try (SqlDatabase twelve = TreatyDatabase.over(other, 12); SqlSession creator = twelve.openSession()) {
        Sql.update(creator, "CREATE TABLE said (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) PARTITION BY HASH (b) BUCKETS 3");
        Sql.update(creator, "CREATE TABLE unsaid (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) PARTITION BY HASH (b, a)");
        Sql.update(creator, "CREATE TABLE plain (a INTEGER, b INTEGER, PRIMARY KEY (a, b))");
        Sql.update(creator, "CREATE TABLE one (a INTEGER PRIMARY KEY) PARTITION BY HASH BUCKETS 1");
        Sql.update(creator, "CREATE TABLE keyless (a INTEGER)");
      }
      try (SqlDatabase one = TreatyDatabase.over(other); SqlSession reader = one.openSession()) {
        assertEquals(List.of("keyless 12 []", "one 1 []", "plain 12 [a, b]", "said 3 [b]", "unsaid 12 [b, a]"),
            reader.tables().stream().filter(table -> !table.system()).map(BucketedTablesTest::partitioning).toList());
      }
    }
  }

  private static String partitioning(SqlTable table) {
    return table.name() + " " + table.buckets() + " " + table.partitionColumns();
  }

  @Test
  void aCursorThatIsLeftClosesItsBuckets() throws SQLException {
    SqlResult.Rows rows = (SqlResult.Rows) session.prepare("SELECT id FROM track ORDER BY id").execute(List.of());
    try (var cursor = rows.cursor()) {
      cursor.next();
      assertEquals(12, store.openCursors());
    }
    assertEquals(0, store.openCursors());
  }
}
