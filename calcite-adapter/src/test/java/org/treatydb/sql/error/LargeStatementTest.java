package org.treatydb.sql.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.api.SqlSession;
import org.treatydb.sql.session.TreatyDatabase;

class LargeStatementTest {

  @Test
  void aListTooLongToCompileIsRefusedInAShortSentenceAndTheSessionGoesOn() throws SQLException {
    try (KvStore store = EmbeddedStore.openInMemory(); SqlDatabase database = TreatyDatabase.over(store);
        SqlSession session = database.openSession()) {
      session.prepare("CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR)").execute(List.of());
      String list = IntStream.range(0, 6_000).mapToObj(i -> "'v" + i + "'").collect(Collectors.joining(", "));
      SQLException refused = assertThrows(
          SQLException.class, () -> session.prepare("SELECT id FROM t WHERE v IN (" + list + ")").execute(List.of()));
      assertEquals("54001", refused.getSQLState(), refused.getMessage());
      assertTrue(refused.getMessage().length() < 200, refused.getMessage());
      session.prepare("INSERT INTO t VALUES (1, 'v1')").execute(List.of());
    }
  }
}
