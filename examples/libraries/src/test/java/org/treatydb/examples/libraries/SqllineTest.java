package org.treatydb.examples.libraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import sqlline.SqlLine;

/** sqlline with the client's jar alone. */
@ExtendWith(WithServer.class)
class SqllineTest {

  /** Runs a script, which must succeed, and gives what was printed. */
  private static String run(ServerUrl url, String... lines) throws IOException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    SqlLine console = new SqlLine();
    console.setOutputStream(new PrintStream(printed, true, StandardCharsets.UTF_8));
    console.setErrorStream(new PrintStream(printed, true, StandardCharsets.UTF_8));
    String script = String.join("\n", lines) + "\n!quit\n";
    SqlLine.Status status = console.begin(new String[] {"-u", url.text(), "-n", "", "-p", "", "--silent=true",
        "--color=false", "--outputFormat=csv"},
        new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)), false);
    String text = printed.toString(StandardCharsets.UTF_8);
    assertEquals(SqlLine.Status.OK, status, text);
    return text;
  }

  @Test
  void tablesAreMadeFilledReadAndDescribed(ServerUrl url) throws IOException {
    String text = run(url, "drop table if exists sqlline_planet;",
        "create table sqlline_planet (name varchar(10) primary key, moons integer);",
        "insert into sqlline_planet values ('Earth', 1), ('Mars', 2);",
        "select name, moons * 10 as tenfold from sqlline_planet order by name;", "!tables", "!columns sqlline_planet",
        "!primarykeys sqlline_planet", "!indexes sqlline_planet");
    assertTrue(text.contains("'Earth','10'"), text);
    assertTrue(text.contains("sqlline_planet_pkey"), text);
    assertTrue(text.contains("'public','sqlline_planet','TABLE'"), text);
    assertTrue(text.contains("'public','sqlline_planet','moons','4','INTEGER'"), text);
  }

  @Test
  void transactionsAreEndedByCommands(ServerUrl url) throws IOException {
    String text = run(url, "drop table if exists sqlline_moon;", "create table sqlline_moon (name varchar(10) primary key);",
        "!autocommit off", "insert into sqlline_moon values ('Io');", "!commit", "insert into sqlline_moon values ('Titan');", "!rollback",
        "select 'found ' || name as found from sqlline_moon;", "!isolation TRANSACTION_SERIALIZABLE", "!dbinfo");
    assertTrue(text.contains("found Io") && !text.contains("found Titan"), text);
  }
}
