package org.treatydb.dist.node;

import java.nio.file.Path;
import java.util.Optional;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;

/**
 * What a node's operator says about it, in a properties file:
 *
 * <pre>
 * node = alpha
 * data = /var/lib/treaty/alpha
 * listen.peers = 127.0.0.1:7101
 * listen.jdbc = 127.0.0.1:7201
 * cas = 127.0.0.1:7001
 * listen.jdbc.tls = on
 * trust-anchor = cluster.pem
 * attestation = software
 * attestation.software.key = software-attestation.key
 * </pre>
 *
 * <p>Relative paths are relative to the file's directory. All else (the node's number, its peers, its keys) comes from the CAS. Immutable.
 *
 * @param node the name under which the CAS knows the node
 * @param data the node's data directory
 * @param listenPeers where it serves its peers
 * @param listenJdbc where it serves JDBC clients
 * @param tlsForJdbc whether JDBC clients must speak TLS, if that is said
 * @param cas where the CAS is
 * @param trustAnchor the file, written by {@code treaty cas init}, with the certificate by which the CAS and all nodes are known
 * @param attestation the name of the attestation provider
 * @param softwareKey the key file of the software provider; there if and only if it is that
 */
public record NodeConfiguration(
    String node,
    Path data,
    Endpoint listenPeers,
    Endpoint listenJdbc,
    Optional<Boolean> tlsForJdbc,
    Endpoint cas,
    Path trustAnchor,
    String attestation,
    Optional<Path> softwareKey) {

  private static final String SOFTWARE_KEY = "attestation.software.key";

  /**
   * Reads the file.
   *
   * @throws org.treatydb.kv.api.KvException.InvalidRequest if it cannot be read, misses something, or says something unknown
   */
  public static NodeConfiguration read(Path file) {
    ConfigurationFile in = new ConfigurationFile(file);
    String attestation = in.required("attestation");
    boolean software = attestation.equals(SoftwareAttestation.NAME);
    if (!software) {
      throw in.invalid("asks for attestation by '" + attestation + "', and this build has '" + SoftwareAttestation.NAME + "' only");
    }
    NodeConfiguration read = new NodeConfiguration(
        in.required("node"),
        in.path(in.required("data")),
        Endpoint.parse(in.required("listen.peers")),
        Endpoint.parse(in.required("listen.jdbc")),
        in.optional("listen.jdbc.tls").map(value -> onOrOff(in, value)),
        Endpoint.parse(in.required("cas")),
        in.path(in.required("trust-anchor")),
        attestation,
        Optional.of(in.path(in.required(SOFTWARE_KEY))));
    in.expectNoOthers();
    return read;
  }

  private static boolean onOrOff(ConfigurationFile in, String value) {
    if (!value.equals("on") && !value.equals("off")) {
      throw in.invalid("says '" + value + "' for listen.jdbc.tls, which can be on or off");
    }
    return value.equals("on");
  }
}
