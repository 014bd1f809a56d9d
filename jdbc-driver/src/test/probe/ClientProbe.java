import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;

/** A program that has nothing but the client jar; {@code ClientJarIT} runs it from its source, on Java 11 or later. */
public final class ClientProbe {

  private ClientProbe() {}

  public static void main(String[] args) throws SQLException {
    try (Connection connection = DriverManager.getConnection(args[0]); Statement statement = connection.createStatement()) {
      statement.execute("create table probe (id integer primary key, name varchar(20), price decimal(10, 2), at timestamp)");
      connection.setAutoCommit(false);
      try (PreparedStatement insert = connection.prepareStatement("insert into probe values (?, ?, ?, ?)")) {
        for (int i = 1; i <= 2500; i++) {
          insert.setInt(1, i);
          insert.setString(2, "name " + i);
          insert.setBigDecimal(3, new java.math.BigDecimal("1.25"));
          insert.setTimestamp(4, Timestamp.valueOf("2026-01-02 03:04:05.678"));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
      statement.execute("delete from probe");
      connection.rollback();
      int rows = 0;
      try (ResultSet all = statement.executeQuery("select id, name, price, at from probe order by id")) {
        while (all.next()) {
          rows++;
          if (all.getInt(1) != rows || !all.getString("name").equals("name " + rows)
              || !all.getTimestamp(4).equals(Timestamp.valueOf("2026-01-02 03:04:05.678"))) {
            throw new AssertionError("row " + rows);
          }
        }
      }
      try (ResultSet columns = connection.getMetaData().getColumns(null, null, "probe", "%")) {
        while (columns.next()) {
          System.out.print(columns.getString("COLUMN_NAME") + " ");
        }
      }
      String state = "none";
      try {
        statement.execute("insert into probe (id) values (1)");
      } catch (java.sql.SQLIntegrityConstraintViolationException e) {
        state = e.getSQLState();
      }
      connection.rollback();
      try {
        DriverManager.getConnection("jdbc:treaty:mem:x");
      } catch (SQLException e) {
        state += " " + e.getSQLState();
      }
      System.out.println(rows + " " + state + " " + connection.isValid(5));
    }
  }
}
