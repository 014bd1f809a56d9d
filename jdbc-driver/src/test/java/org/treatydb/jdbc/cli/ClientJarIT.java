package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.dist.enclave.identity.NodeIdentity;
import org.treatydb.dist.node.TrustAnchor;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;

/** The jar that programs take which only talk to a server. */
class ClientJarIT {

  private static final Path JAR = Path.of("target", "treaty-jdbc.jar").toAbsolutePath();
  private static final Path PROBE = Path.of("src", "test", "probe", "ClientProbe.java").toAbsolutePath();
  private static final long BYTES_MAX = 10_000_000;
  private static final int JAVA_11 = 55;
  private static final String OURS = "org/treatydb/jdbc/";
  private static final String SHADED = OURS + "shaded/";
  private static final String SERVICES = "META-INF/services/";
  private static final String DIALECTS = SERVICES + "org.hibernate.engine.jdbc.dialect.spi.DialectResolver";

  @TempDir
  Path directory;

  private LaunchedServer start(String... tls) throws IOException {
    Files.writeString(directory.resolve("passphrase"), "open sesame\n");
    List<String> arguments = new java.util.ArrayList<>(
        List.of("--data", "data", "--counter-dir", "counters", "--passphrase-file", "passphrase"));
    arguments.addAll(List.of(tls));
    return LaunchedServer.start(directory, arguments.toArray(String[]::new));
  }

  /** Runs the probe with nothing else on its class path, on the Java that a user would get. */
  private void probe(String url) throws IOException, InterruptedException {
    Launched probe = Launched.run(directory, "", List.of("java", "-cp", JAR.toString(), PROBE.toString(), url));
    assertEquals("id name price at 2500 23505 08001 true\n", probe.out(), probe.err());
    assertEquals("", probe.err());
    assertEquals(0, probe.exitCode());
  }

  @Test
  void aProgramWithThisJarAloneWorksWithAServer() throws Exception {
    try (LaunchedServer server = start()) {
      probe(server.url());
    }
  }

  @Test
  void aProgramWithThisJarAloneWorksWithAServerOverTls() throws Exception {
    CertificateAuthority authority = CertificateAuthority.create(new SystemEntropy(), new SystemClock());
    Path anchor = directory.resolve("anchor.pem");
    TrustAnchor.write(anchor, authority.certificate());
    NodeIdentity identity = authority.serverIdentity(List.of("127.0.0.1"), TimeUnit.HOURS.toMillis(1));
    Path certificate = Files.writeString(directory.resolve("server.pem"), pem("CERTIFICATE", identity.certificate().getEncoded()));
    Path key = Files.writeString(directory.resolve("server.key"), pem("PRIVATE KEY", identity.privateKey().getEncoded()));
    try (LaunchedServer server = start("--tls-certificate", certificate.toString(), "--tls-key", key.toString())) {
      probe(server.url() + ";trustAnchor=" + anchor);
    }
  }

  private static String pem(String what, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
  }

  /** No class under a name that a program's own libraries may have; no class of the server's; none for a later Java. */
  @Test
  void theJarIsSmallAndHoldsNothingThatAProgramCouldMeetTwice() throws Exception {
    assertTrue(Files.size(JAR) < BYTES_MAX, Files.size(JAR) + " bytes");
    Set<String> packages = new TreeSet<>();
    try (JarFile jar = new JarFile(JAR.toFile())) {
      for (JarEntry entry : jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList()) {
        String name = entry.getName();
        if (!name.startsWith(SHADED)) {
          packages.add(name.substring(0, name.lastIndexOf('/') + 1));
        }
        assertTrue(classFileVersion(jar.getInputStream(entry)) <= JAVA_11, name);
      }
      assertEquals(Set.of(OURS, OURS + "hibernate/"), packages);
      assertEquals("org.treatydb.jdbc.TreatyDriver\n", text(jar, SERVICES + "java.sql.Driver"));
      String dialects = text(jar, DIALECTS).strip();
      assertNotNull(jar.getEntry(dialects.replace('.', '/') + ".class"), dialects);
      String provider = text(jar, SERVICES + "org.treatydb.jdbc.shaded.slf4j.spi.SLF4JServiceProvider").strip();
      assertNotNull(jar.getEntry(provider.replace('.', '/') + ".class"), provider);
      assertEquals(
          Set.of(SERVICES + "java.sql.Driver", SERVICES + "org.treatydb.jdbc.shaded.slf4j.spi.SLF4JServiceProvider", DIALECTS),
          Set.copyOf(jar.stream().map(JarEntry::getName).filter(n -> n.startsWith(SERVICES) && !n.endsWith("/")).toList()));
      assertTrue(text(jar, "META-INF/LICENSE").contains("Apache License"));
      assertTrue(text(jar, "META-INF/NOTICE").contains("The Apache Software Foundation"));
      assertTrue(text(jar, "META-INF/licenses/protobuf.txt").contains("Google"));
      assertTrue(text(jar, "META-INF/licenses/slf4j.txt").contains("QOS.ch"));
    }
  }

  private static int classFileVersion(InputStream stream) throws IOException {
    try (DataInputStream in = new DataInputStream(stream)) {
      in.readInt();
      in.readUnsignedShort();
      return in.readUnsignedShort();
    }
  }

  private static String text(JarFile jar, String name) throws IOException {
    assertNotNull(jar.getEntry(name), name);
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
