package org.treatydb.dist.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.cas.Member;
import org.treatydb.dist.enclave.identity.CertificateAuthority;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.MemoryDirectory;
import org.treatydb.kv.host.system.SystemClock;

class ConfigurationFilesTest {

  private static final String NODE = """
      node = alpha
      data = data/alpha
      listen.peers = 127.0.0.1:7101
      listen.jdbc = 127.0.0.1:7201
      cas = 127.0.0.1:7001
      trust-anchor = /etc/treaty/cluster.pem
      attestation = software
      attestation.software.key = key
      """;

  private static final String CLUSTER = """
      node.10.name = zeta
      node.10.peers = 127.0.0.1:7110
      node.10.jdbc = 127.0.0.1:7210
      # in any order
      node.2.name = alpha
      node.2.peers = [::1]:7102
      node.2.jdbc = localhost:7202
      """;

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("file"), text);
  }

  @Test
  void aNodesFileSaysWhatTheNodeNeeds() throws IOException {
    assertEquals(
        new NodeConfiguration(
            "alpha", directory.resolve("data/alpha"), new Endpoint("127.0.0.1", 7101), new Endpoint("127.0.0.1", 7201), Optional.empty(),
            new Endpoint("127.0.0.1", 7001), Path.of("/etc/treaty/cluster.pem"), "software", Optional.of(directory.resolve("key"))),
        NodeConfiguration.read(file(NODE)));
  }

  @Test
  void tlsForJdbcIsOnOrOff() throws IOException {
    assertEquals(Optional.of(true), NodeConfiguration.read(file(NODE + "listen.jdbc.tls = on\n")).tlsForJdbc());
    assertEquals(Optional.of(false), NodeConfiguration.read(file(NODE + "listen.jdbc.tls = off\n")).tlsForJdbc());
    assertSays("'yes'", NODE + "listen.jdbc.tls = yes\n");
  }

  @Test
  void aNodesFileThatMissesSomethingOrSaysSomethingUnknownIsRefused() {
    NODE.lines().forEach(line -> assertSays(line.substring(0, line.indexOf(' ')), NODE.replace(line + "\n", "")));
    assertSays("listen.jdcb", NODE + "listen.jdcb = 127.0.0.1:1\n");
    assertSays("'sgx'", NODE.replace("= software", "= sgx"));
    assertSays("'here'", NODE.replace("127.0.0.1:7001", "here"));
  }

  private void assertSays(String said, String text) {
    String message = assertThrows(KvException.InvalidRequest.class, () -> NodeConfiguration.read(file(text))).getMessage();
    assertTrue(message.contains(said), message);
  }

  @Test
  void aClustersFileNamesItsNodesInOrderOfTheirNumbers() throws IOException {
    assertEquals(
        List.of(
            new Member(2, "alpha", new Endpoint("::1", 7102), new Endpoint("localhost", 7202)),
            new Member(10, "zeta", new Endpoint("127.0.0.1", 7110), new Endpoint("127.0.0.1", 7210))),
        ClusterFile.read(file(CLUSTER)));
  }

  @Test
  void aClustersFileThatIsNotCompleteOrSaysSomethingUnknownIsRefused() {
    List<String> broken = List.of(
        "", CLUSTER.replace("node.2.peers", "node.3.peers"), CLUSTER.replace("node.2.jdbc = localhost:7202\n", ""), CLUSTER + "nodes=3\n",
        CLUSTER.replace("alpha", "al pha"), CLUSTER.replace("node.10.", "node.70000."), CLUSTER.replace("node.10.", "node.0."));
    for (String text : broken) {
      assertThrows(KvException.InvalidRequest.class, () -> ClusterFile.read(file(text)), text);
    }
    assertThrows(KvException.InvalidRequest.class, () -> ClusterFile.read(directory.resolve("nowhere")));
  }

  private static Stream<byte[]> clusters() {
    return Stream.of(CLUSTER.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("clusters")
  @FuzzTest
  void clusters(byte[] bytes) {
    DecoderContract.of(each -> ClusterFile.read(file(each))).refusingWith(KvException.InvalidRequest.class).check(bytes);
  }

  private static Stream<byte[]> nodes() {
    return Stream.of(NODE.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("nodes")
  @FuzzTest
  void nodes(byte[] bytes) {
    DecoderContract.of(each -> NodeConfiguration.read(file(each))).refusingWith(KvException.InvalidRequest.class).check(bytes);
  }

  private static Stream<byte[]> anchors() {
    byte[] authority = CertificateAuthority.create(byte[]::new, new SystemClock()).certificate();
    return Stream.of(("-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(authority) + "\n-----END CERTIFICATE-----\n")
        .getBytes(StandardCharsets.US_ASCII));
  }

  @MethodSource("anchors")
  @FuzzTest
  void anchors(byte[] bytes) {
    DecoderContract.of(each -> TrustAnchor.read(file(each))).refusingWith(KvException.InvalidRequest.class).check(bytes);
  }

  private Path file(byte[] bytes) {
    try {
      return Files.write(directory.resolve("file"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
