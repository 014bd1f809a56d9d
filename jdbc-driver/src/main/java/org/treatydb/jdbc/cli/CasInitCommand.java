package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.treatydb.dist.enclave.attest.AttestationPolicy;
import org.treatydb.dist.enclave.attest.Measurement;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.cas.CasAdministration;
import org.treatydb.dist.enclave.cas.Member;
import org.treatydb.dist.node.ClusterFile;
import org.treatydb.dist.node.TrustAnchor;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.host.file.KeyFile;
import org.treatydb.kv.host.system.SystemClock;
import org.treatydb.kv.host.system.SystemEntropy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a cluster: its secrets, its certificate authority, its list of nodes. */
@Command(
    name = "init",
    description = "Makes the configuration and attestation service of a new cluster in a new directory, and writes the cluster's trust "
        + "anchor.",
    mixinStandardHelpOptions = true)
final class CasInitCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DIR", description = "The service's directory: new or empty.")
  private Path data;

  @Option(names = "--nodes", required = true, paramLabel = "FILE",
      description = "A properties file with the nodes: node.1.name = NAME, node.1.peers = HOST:PORT, node.1.jdbc = HOST:PORT, and so on.")
  private Path nodes;

  @Option(names = "--trust-anchor", required = true, paramLabel = "FILE",
      description = "The file to write the cluster's certificate to: what nodes and clients know the cluster by.")
  private Path trustAnchor;

  @Option(names = "--software-attestation", required = true, paramLabel = "KEY_FILE",
      description = "Believe software attestation, the only one that this build has, with the key in this file, which is made if it is not "
          + "there. FOR DEVELOPMENT ONLY.")
  private Path softwareKey;

  @Option(names = "--allow", paramLabel = "MEASUREMENT", description = "Let code with this measurement join. May be given several times.")
  private List<String> allowed = List.of();

  @Option(names = "--shards-per-node", paramLabel = "N", defaultValue = "16",
      description = "How many ranges of keys each node gets at first (${DEFAULT-VALUE}).")
  private int shardsPerNode;

  @Mixin
  private StoreArguments store;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    List<Member> members = ClusterFile.read(nodes);
    if (EmbeddedStore.exists(data)) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, data + " is in use already: a cluster is made in a new directory");
    }
    AttestationPolicy policy = AttestationPolicy.EMPTY;
    for (String measurement : allowed) {
      policy = policy.allowing(Measurement.parse(measurement));
    }
    policy = policy.believingSoftware(softwarePublicKey());
    TrustAnchor.reserve(trustAnchor);
    try (EmbeddedStore open = EmbeddedStore.open(data, store.options())) {
      byte[] authority = CasAdministration.create(open, members, shardsPerNode, policy, new SystemEntropy(), new SystemClock());
      TrustAnchor.write(trustAnchor, authority);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(trustAnchor);
      throw e;
    }
    tell(members);
    return 0;
  }

  private byte[] softwarePublicKey() throws IOException {
    if (!Files.exists(softwareKey)) {
      byte[] made = new SystemEntropy().bytes(SecretKey.BYTES);
      KeyFile.write(softwareKey, made);
      Arrays.fill(made, (byte) 0);
    }
    SecretKey key = SecretKey.takeOver(KeyFile.read(softwareKey));
    try {
      return SoftwareAttestation.publicKey(key);
    } finally {
      key.destroy();
    }
  }

  private void tell(List<Member> members) {
    spec.commandLine().getErr().println("WARNING: " + SoftwareAttestation.WARNING);
    PrintWriter out = spec.commandLine().getOut();
    out.println("Made a cluster of " + members.size() + " nodes: " + members.stream().map(Member::name).collect(Collectors.joining(", ")));
    out.println("Every node and every client needs " + trustAnchor + "; it is not secret, but must reach them unchanged.");
    out.println("Every node needs " + softwareKey + ", too, which is secret.");
    out.println("Next:");
    if (allowed.isEmpty()) {
      out.println("  treaty cas allow " + data + " $(treaty measure)    lets nodes join that run this build");
    }
    out.println("  treaty cas run --data " + data + " --listen HOST:PORT");
    out.println("  treaty node --config FILE    for each node");
    out.flush();
  }
}
