package org.treatydb.jdbc.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.IdentityKey;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.node.TrustAnchor;
import org.treatydb.jdbc.embedded.Database;
import org.treatydb.kv.boundary.Entropy;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** TLS between JDBC clients and servers, attacked by whoever owns the network between them. */
class ServerTlsTest {

  private static final Entropy ENTROPY = new SystemEntropy();
  private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);
  private static final String SECRET = "canary-of-the-wire";

  @TempDir Path directory;

  private final CertificateAuthority authority = CertificateAuthority.create(ENTROPY, new SystemClock());
  private final AtomicReference<ServerCertificate> shown = new AtomicReference<>();
  private Path anchor;
  private Database database;
  private TreatyServer server;

  @BeforeEach
  void start() throws Exception {
    anchor = directory.resolve("cluster.pem");
    TrustAnchor.write(anchor, authority.certificate());
    shown.set(shownBy(authority.serverIdentity(List.of("127.0.0.1", "db.example.com"), HOUR_MILLIS)));
    Path key = Files.writeString(directory.resolve("root.key"), "5ec3e7".repeat(10) + "0123");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    database = Database.open(directory.resolve("data"),
        EmbeddedStoreOptions.defaults().withKeyFile(key).withCounterDirectory(directory.resolve("counters")));
    server = new TreatyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.of(shown::get));
    server.bind();
    server.start(database.sessions());
  }

  @AfterEach
  void stop() throws SQLException {
    server.close();
    database.close();
  }

  private static ServerCertificate shownBy(NodeIdentity identity) {
    return new ServerCertificate(identity.privateKey(), List.of(identity.certificate()));
  }

  private String url(int port, String options) {
    return "jdbc:treaty://127.0.0.1:" + port + "/" + options;
  }

  private String trusting(Path file) {
    return ";trustAnchor=" + file;
  }

  private static String ask(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet rows = connection.createStatement().executeQuery("VALUES ('" + SECRET + "')")) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  private void assertRefused(String because, String url) {
    SQLException refused = assertThrows(SQLException.class, () -> ask(url));
    assertEquals("08001", refused.getSQLState());
    assertTrue(refused.getMessage().contains(because), refused.getMessage());
  }

  @Test
  void aServerWithACertificateForItsAddressIsTrusted() throws SQLException {
    assertEquals(SECRET, ask(url(server.port(), trusting(anchor))));
    assertEquals(SECRET, ask(url(server.port(), ";tls=true" + trusting(anchor))));
  }

  @Test
  void aNodeIsTrustedAtAnyAddress() throws Exception {
    IdentityKey key = IdentityKey.create(ENTROPY);
    byte[] certificate = authority.issueNode(2, 7, key.request(), new byte[32], new byte[32], "software", HOUR_MILLIS);
    shown.set(shownBy(NodeIdentity.of(key, certificate, authority.certificate())));
    assertEquals(SECRET, ask(url(server.port(), trusting(anchor))));
  }

  @Test
  void whatComesFromAnotherAuthorityIsRefused() throws Exception {
    CertificateAuthority other = CertificateAuthority.create(ENTROPY, new SystemClock());
    shown.set(shownBy(other.serverIdentity(List.of("127.0.0.1"), HOUR_MILLIS)));
    assertRefused("is not trusted", url(server.port(), trusting(anchor)));
    IdentityKey key = IdentityKey.create(ENTROPY);
    byte[] certificate = other.issueNode(2, 7, key.request(), new byte[32], new byte[32], "software", HOUR_MILLIS);
    shown.set(shownBy(NodeIdentity.of(key, certificate, other.certificate())));
    assertRefused("is not trusted", url(server.port(), trusting(anchor)));
    // The control: who trusts the other authority is answered.
    Path others = directory.resolve("other.pem");
    TrustAnchor.write(others, other.certificate());
    assertEquals(SECRET, ask(url(server.port(), trusting(others))));
  }

  @Test
  void aServerOfTheSameAuthorityAtAnotherAddressIsRefused() {
    shown.set(shownBy(authority.serverIdentity(List.of("db.example.com"), HOUR_MILLIS)));
    assertRefused("is not trusted", url(server.port(), trusting(anchor)));
  }

  @Test
  void withoutATrustAnchorJavasOwnListCounts() {
    assertRefused("is not trusted", url(server.port(), ";tls=true"));
  }

  @Test
  void aServerWithoutTlsIsRefusedWhereTlsIsWanted() throws Exception {
    try (TreatyServer plain = new TreatyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      plain.bind();
      plain.start(database.sessions());
      assertRefused("does not speak TLS", url(plain.port(), trusting(anchor)));
    }
  }

  @Test
  void aClientWithoutTlsGetsNothingFromAServerWithIt() {
    SQLException refused = assertThrows(SQLException.class, () -> ask(url(server.port(), ";tls=false")));
    assertEquals("08001", refused.getSQLState());
  }

  @Test
  void whoListensOnTheWayReadsNothing() throws Exception {
    try (RecordingRelay relay = new RecordingRelay(server.port())) {
      assertEquals(SECRET, ask(url(relay.port(), trusting(anchor))));
      assertFalse(relay.recorded(SECRET), "the secret was on the wire");
    }
    // The control: without TLS he reads it.
    try (TreatyServer plain = new TreatyServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      plain.bind();
      plain.start(database.sessions());
      try (RecordingRelay relay = new RecordingRelay(plain.port())) {
        assertEquals(SECRET, ask(url(relay.port(), ";tls=false")));
        assertTrue(relay.recorded(SECRET));
      }
    }
  }

  @Test
  void whatIsChangedOnTheWayIsNoticed() throws Exception {
    try (RecordingRelay relay = new RecordingRelay(server.port());
        Connection connection = DriverManager.getConnection(url(relay.port(), trusting(anchor)))) {
      relay.flipBits();
      SQLException broken = assertThrows(SQLException.class, () -> connection.createStatement().executeQuery("VALUES (1)"));
      assertTrue(broken.getSQLState().startsWith("08"), broken.getSQLState());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void nothingOlderThanTls13IsSpoken(String version) throws Exception {
    try (SSLSocket socket = (SSLSocket) insecureContext().getSocketFactory().createSocket("127.0.0.1", server.port())) {
      socket.setEnabledProtocols(new String[] {version});
      if (version.equals("TLSv1.3")) {
        socket.startHandshake();
      } else {
        assertThrows(SSLHandshakeException.class, socket::startHandshake);
      }
    }
  }

  private static SSLContext insecureContext() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustingAll()}, null);
    return context;
  }

  @Test
  void aRenewedCertificateIsShownFromTheNextHandshakeOn() throws Exception {
    ask(url(server.port(), trusting(anchor)));
    CertificateAuthority next = CertificateAuthority.create(ENTROPY, new SystemClock());
    Path nextAnchor = directory.resolve("next.pem");
    TrustAnchor.write(nextAnchor, next.certificate());
    shown.set(shownBy(next.serverIdentity(List.of("127.0.0.1"), HOUR_MILLIS)));
    assertEquals(SECRET, ask(url(server.port(), trusting(nextAnchor))));
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() throws IOException {
    assertRefused("true or false", url(server.port(), ";tls=yes"));
    assertRefused("trustAnchor", url(server.port(), ";tls=false" + trusting(anchor)));
    assertRefused("no certificate", url(server.port(), trusting(directory.resolve("missing.pem"))));
    Path empty = Files.createFile(directory.resolve("empty.pem"));
    assertRefused("no certificate", url(server.port(), trusting(empty)));
  }

  private static String pem(String what, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  @Test
  void keyAndCertificateAreReadFromPemFiles() throws Exception {
    NodeIdentity identity = authority.serverIdentity(List.of("127.0.0.1"), HOUR_MILLIS);
    Path certificate = Files.writeString(directory.resolve("server.pem"), pem("CERTIFICATE", identity.certificate().getEncoded()));
    Path key = Files.writeString(directory.resolve("server.key"), pem("PRIVATE KEY", identity.privateKey().getEncoded()));
    shown.set(ServerCertificate.read(certificate, key));
    assertEquals(SECRET, ask(url(server.port(), trusting(anchor))));
    assertFalse(shown.get().toString().contains("PRIVATE") || shown.get().toString().contains("key"), shown.get().toString());

    byte[] another = authority.serverIdentity(List.of("127.0.0.1"), HOUR_MILLIS).privateKey().getEncoded();
    Path wrongKey = Files.writeString(directory.resolve("wrong.key"), pem("PRIVATE KEY", another));
    assertThrows(IOException.class, () -> ServerCertificate.read(certificate, wrongKey));
    assertThrows(IOException.class, () -> ServerCertificate.read(key, key), "no certificate");
    assertThrows(IOException.class, () -> ServerCertificate.read(certificate, certificate), "no key");
    Path noise = Files.write(directory.resolve("noise"), "noise".getBytes(StandardCharsets.UTF_8));
    assertThrows(IOException.class, () -> ServerCertificate.read(noise, key));
    assertThrows(IOException.class, () -> ServerCertificate.read(certificate, noise));
  }
}
