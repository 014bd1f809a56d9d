package org.treatydb.jdbc.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.treatydb.jdbc.TreatyDataSource;

class DataSourceTest extends ContractTest {

  @Test
  void aDataSourceGivesNewConnections() throws SQLException {
    TreatyDataSource source = new TreatyDataSource();
    source.setUrl(database.url());
    source.setLoginTimeout(5);
    run("create table t (id integer primary key)");
    try (Connection first = source.getConnection(); Connection second = source.getConnection(null, null)) {
      run(first, "insert into t values (1)");
      assertEquals(List.of("1"), rows(second, "select * from t"));
    }
    assertEquals(5, source.getLoginTimeout());
    assertSame(source, source.unwrap(DataSource.class));
    assertTrue(source.isWrapperFor(TreatyDataSource.class));
    assertFalse(source.isWrapperFor(Connection.class));
  }

  @Test
  void whatIsNoUrlOfTreatysIsRefused() {
    TreatyDataSource source = new TreatyDataSource();
    assertFails("08001", SQLNonTransientConnectionException.class, source::getConnection);
    source.setUrl("jdbc:other:x");
    assertFails("08001", SQLNonTransientConnectionException.class, source::getConnection);
    assertFails("22023", SQLException.class, () -> source.setLoginTimeout(-1));
  }
}
