package org.treatydb.examples.federation;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * What customers wish for is kept in Treaty; the catalogue of the music store stays where it is, in HSQLDB. Calcite joins them: what each
 * of the two databases can do itself is sent to it as SQL, as the plan shows.
 */
public final class WishList {

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private static final String TREATY = "jdbc:treaty:mem:wishes";

  private static final String MODEL = """
      {
        "version": "1.0",
        "defaultSchema": "shop",
        "schemas": [
          {
            "name": "shop",
            "type": "custom",
            "factory": "org.treatydb.sql.adapter.TreatySchemaFactory",
            "operand": {"jdbcUrl": "jdbc:treaty:mem:wishes"}
          },
          {
            "name": "catalogue",
            "type": "jdbc",
            "jdbcUrl": "jdbc:hsqldb:res:chinook;readonly=true",
            "jdbcUser": "SA",
            "jdbcPassword": "",
            "jdbcSchema": "chinook"
          }
        ]
      }
      """;

  private static final String QUERY = """
      SELECT w.customer, t.name AS track, SUM(w.pieces) AS pieces
      FROM shop.wish AS w JOIN catalogue.track AS t ON t.trackid = w.track_id
      WHERE w.stars >= 4
      GROUP BY w.customer, t.name
      ORDER BY 1, 2""";

  private WishList() {}

  public static void main(String[] args) throws SQLException {
    try (Connection treaty = DriverManager.getConnection(TREATY); Connection calcite = calcite()) {
      wish(treaty);
      print(calcite, QUERY);
      print(calcite, "EXPLAIN PLAN FOR " + QUERY);
    }
  }

  private static Connection calcite() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("model", "inline:" + MODEL);
    properties.setProperty("caseSensitive", "false");
    properties.setProperty("typeSystem", "org.treatydb.sql.type.TreatyTypeSystem#INSTANCE");
    return DriverManager.getConnection("jdbc:calcite:", properties);
  }

  private static void wish(Connection treaty) throws SQLException {
    try (Statement statement = treaty.createStatement()) {
      statement.executeUpdate(
          "CREATE TABLE wish (customer VARCHAR(20), track_id INTEGER, stars INTEGER, pieces INTEGER, PRIMARY KEY (customer, track_id))");
      statement.executeUpdate("CREATE INDEX wish_by_stars ON wish (stars)");
      statement.executeUpdate("INSERT INTO wish VALUES ('Ada', 1, 5, 1), ('Ada', 15, 3, 2), ('Ada', 20, 4, 1), ('Bert', 1, 4, 3), "
          + "('Bert', 77, 1, 1), ('Cleo', 3503, 5, 2)");
    }
  }

  private static void print(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          line.append(i == 1 ? "" : " | ").append(rows.getString(i).strip());
        }
        OUT.println(line);
      }
    }
  }
}
