package org.treatydb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcUrlTest {

  private static JdbcUrl parse(String url) throws SQLException {
    return JdbcUrl.parse(url, new Properties());
  }

  @Test
  void aServerUrlNamesHostsInOrderWithTheDefaultPortWhereNoneIsGiven() throws SQLException {
    JdbcUrl url = parse("jdbc:treaty://a.example:1,[::1]:2,b/");
    assertEquals(JdbcUrl.Kind.REMOTE, url.kind());
    assertEquals(List.of("a.example:1", "[::1]:2", "b:" + JdbcUrl.PORT_DEFAULT), url.hosts());
    assertEquals(List.of("a:7"), parse("jdbc:treaty://a:7").hosts());
  }

  @Test
  void aDirectoryMayHoldBlanksBeRelativeOrBeginWithTheHomeDirectory() throws SQLException {
    Path home = Path.of(System.getProperty("user.home"));
    assertEquals(Path.of("/tmp/my data"), parse("jdbc:treaty:file:/tmp/my data").directory());
    assertEquals(Path.of("here/db").toAbsolutePath(), parse("jdbc:treaty:file:./here/db").directory());
    assertEquals(home.resolve("db").normalize(), parse("jdbc:treaty:file:~/db").directory());
    assertEquals(Path.of("~db").toAbsolutePath(), parse("jdbc:treaty:file:~db").directory());
  }

  @Test
  void optionsComeFromTheUrlAndFromProperties() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("counterDir", "/c");
    properties.setProperty("user", "ada");
    JdbcUrl url = JdbcUrl.parse("jdbc:treaty:file:/d;keyFile=/k=1;", properties);
    assertEquals(Map.of("keyFile", "/k=1", "counterDir", "/c", "user", "ada"), url.storeOptions());
    assertEquals("ada", url.option(DriverOption.USER));
  }

  @Test
  void aPasswordIsSentToNoOtherMachineWithoutTls() throws SQLException {
    String options = ";user=ada;password=pässword";
    String header = "Basic " + Base64.getEncoder().encodeToString("ada:pässword".getBytes(StandardCharsets.UTF_8));
    assertEquals(header, parse("jdbc:treaty://db:1/" + options).authorizationFor("db:1"));
    assertEquals(header, parse("jdbc:treaty://127.0.0.1:1/" + options).authorizationFor("127.0.0.1:1"));
    JdbcUrl plain = parse("jdbc:treaty://db:1,localhost:2/;tls=false" + options);
    assertEquals("08001", assertThrows(SQLException.class, () -> plain.authorizationFor("db:1")).getSQLState());
    assertEquals(header, plain.authorizationFor("localhost:2"));
    assertNull(parse("jdbc:treaty://db:1/;tls=false").authorizationFor("db:1"));
    JdbcUrl colon = parse("jdbc:treaty://db:1/;user=a:b;password=c");
    assertEquals("08001", assertThrows(SQLException.class, () -> colon.authorizationFor("db:1")).getSQLState());
  }

  @ParameterizedTest
  @CsvSource({
      "jdbc:treaty://db.example.com/, true",
      "jdbc:treaty://10.0.0.1:1/, true",
      "jdbc:treaty://[2001:db8::1]:1/, true",
      "jdbc:treaty://localhost.example.com:1/, true",
      "jdbc:treaty://localhost:1/, false",
      "jdbc:treaty://127.0.0.2:1/, false",
      "jdbc:treaty://[::1]:1/, false",
      "jdbc:treaty://127.0.0.1:1/;tls=true, true",
      "jdbc:treaty://127.0.0.1:1/;trustAnchor=a.pem, true",
      "jdbc:treaty://db.example.com/;tls=false, false",
  })
  void tlsIsSpokenWithOtherMachinesUnlessTheOptionsSayOtherwise(String text, boolean tls) throws SQLException {
    JdbcUrl url = parse(text);
    assertEquals(tls, url.speaksTlsWith(url.hosts().get(0)));
  }

  @Test
  void theTextOfAUrlHoldsNoSecret() throws SQLException {
    assertEquals("jdbc:treaty:file:/d", parse("jdbc:treaty:file:/d;passphrase=hush").toString());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "jdbc:treaty:file:/d;keyfile=/k          | Known here: keyFile, counterDir, passphrase",
      "jdbc:treaty:mem:m;keyFile=/k            | does not apply",
      "jdbc:treaty://h:1/;passphrase=p         | does not apply",
      "jdbc:treaty://h:1/;httpclient_impl=x    | Unknown option 'httpclient_impl'",
      "jdbc:treaty:file:/d;keyFile             | has no value",
      "jdbc:treaty:mem:m?concurrency=optimistic | begin with ';'",
      "jdbc:treaty:file:/d?passphrase=hush     | jdbc:treaty:file:/d;name=value.",
      "jdbc:treaty:file:/d;keyFile=a;keyFile=b | given twice",
      "jdbc:treaty:file:                       | names no directory",
      "jdbc:treaty:mem:                        | names no database",
      "jdbc:treaty:disk:/d                     | Known forms are",
      "jdbc:treaty://                          | not a server's address",
      "jdbc:treaty://h:0/                      | not between 1 and 65535",
      "jdbc:treaty://h:x/                      | not a whole number",
      "jdbc:treaty://h:1/db                    | goes on after",
  })
  void aBadUrlIsRefusedWithAReason(String url, String reason) {
    SQLException e = assertThrows(SQLException.class, () -> parse(url.strip()));
    assertEquals("08001", e.getSQLState());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void onlyOurUrlsAreAccepted() throws SQLException {
    TreatyDriver driver = new TreatyDriver();
    assertTrue(driver.acceptsURL("jdbc:treaty:mem:x"));
    assertFalse(driver.acceptsURL("jdbc:treat:mem:x"));
    assertFalse(driver.acceptsURL(null));
    assertEquals(null, driver.connect("jdbc:other:x", new Properties()));
    assertEquals(0, driver.getPropertyInfo("jdbc:other:x", new Properties()).length);
  }

  @Test
  void propertyInfoListsWhatApplies() throws SQLException {
    List<String> names = java.util.Arrays.stream(
        new TreatyDriver().getPropertyInfo("jdbc:treaty:file:/d;passphrase=hush", null)).map(p -> p.name + "=" + p.value).toList();
    assertEquals(List.of("keyFile=null", "counterDir=null", "passphrase=null", "memory=null", "concurrency=null",
        "lockTimeoutMillis=null", "transactionTimeoutMillis=null", "idleTransactionTimeoutMillis=null", "statementTimeoutMillis=null",
        "user=null", "password=null"), names);
  }

  @Test
  void theDriverIsTheReleaseThatIsBuilt() {
    assertEquals(System.getProperty("project.version").replace("-SNAPSHOT", ""), TreatyDriver.VERSION);
  }
}
