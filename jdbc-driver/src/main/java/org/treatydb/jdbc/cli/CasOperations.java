package org.treatydb.jdbc.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.dist.enclave.attest.Measurement;
import org.treatydb.dist.enclave.attest.SoftwareAttestation;
import org.treatydb.dist.enclave.cas.CasAdministration;
import org.treatydb.dist.enclave.cas.CasAdministration.Summary;
import org.treatydb.dist.enclave.cas.ClusterConfiguration;
import org.treatydb.dist.enclave.cas.IssuedCertificate;
import org.treatydb.dist.enclave.cas.Member;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * What an operator can have a configuration service do, by the verbs of {@code treaty cas}; on a store that the command has opened, or in
 * the service that has it open. Thread-safe.
 */
final class CasOperations {

  private final CasAdministration administration;
  private final Runnable whenRevoked;

  /**
   * Operations.
   *
   * @param whenRevoked run after a node was shut out
   */
  CasOperations(CasAdministration administration, Runnable whenRevoked) {
    this.administration = administration;
    this.whenRevoked = whenRevoked;
  }

  /**
   * Does it.
   *
   * @return lines to be shown
   * @throws KvException.InvalidRequest if there is no such verb, or the argument does not fit it
   */
  List<String> run(String verb, String argument) {
    return switch (verb) {
      case "allow" -> {
        administration.allow(Measurement.parse(argument));
        yield List.of("Code with measurement " + argument + " may join from now on.");
      }
      case "forbid" -> {
        administration.forbid(Measurement.parse(argument));
        yield List.of("Code with measurement " + argument + " may not join from now on. Nodes that have joined stay: 'treaty cas revoke'.");
      }
      case "revoke" -> {
        administration.revoke(argument);
        whenRevoked.run();
        yield List.of("Node " + argument + " is shut out from now on. The others learn it when they next ask.");
      }
      case "readmit" -> {
        administration.readmit(argument);
        yield List.of("Node " + argument + " may join again. The certificates it had stay revoked.");
      }
      case "show" -> show(administration.summary());
      default -> throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "a configuration service cannot '" + verb + "'");
    };
  }

  private static List<String> show(Summary summary) {
    ClusterConfiguration configuration = summary.configuration();
    List<String> lines = new ArrayList<>();
    if (summary.policy().believesSoftware()) {
      lines.add("WARNING: " + SoftwareAttestation.WARNING);
    }
    lines.add("cluster        " + configuration.cluster() + ", version " + configuration.version());
    lines.add("attestation    " + String.join(", ", summary.policy().providers().keySet().stream().sorted().toList()));
    summary.policy().measurements().stream().map(Measurement::toString).sorted().forEach(each -> lines.add("allowed code   " + each));
    if (summary.policy().measurements().isEmpty()) {
      lines.add("allowed code   none, so that no node can join: 'treaty cas allow'");
    }
    lines.add("shard map      version " + summary.shardMap().version() + ", " + summary.shardMap().shards().size() + " shards on "
        + summary.shardMap().nodes().size() + " nodes");
    configuration.members().forEach(member -> lines.add(show(member, configuration, summary.issued().get(member.id()))));
    return lines;
  }

  private static String show(Member member, ClusterConfiguration configuration, IssuedCertificate issued) {
    String joined = issued == null ? "has never joined"
        : "joined " + Instant.ofEpochMilli(issued.timeMillis()) + " with certificate " + issued.serial() + " by " + issued.provider()
            + " attestation of " + issued.measurement();
    return "node           " + member.id() + " " + member.name() + ", peers " + member.peers() + ", JDBC " + member.jdbc() + ", "
        + (configuration.isShutOut(member.id()) ? "SHUT OUT, " : "") + joined;
  }
}
