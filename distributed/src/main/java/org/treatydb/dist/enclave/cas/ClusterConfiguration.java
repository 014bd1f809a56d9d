package org.treatydb.dist.enclave.cas;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * What every node knows of its cluster, from the CAS. Immutable.
 *
 * @param cluster the cluster's id
 * @param version counts changes; the larger one is the newer
 * @param members the nodes, in order of their ids
 * @param revokedThrough for a node's id, the serial number through which its certificates are revoked; {@link Long#MAX_VALUE}: the node is
 *     shut out
 */
public record ClusterConfiguration(UUID cluster, long version, List<Member> members, Map<Integer, Long> revokedThrough) {

  public static final int MEMBERS_MAX = 1024;

  /** Fails with {@link KvException.InvalidRequest} if two members share an id, a name or an address. */
  public ClusterConfiguration {
    members = List.copyOf(members);
    revokedThrough = Map.copyOf(revokedThrough);
    if (members.isEmpty() || members.size() > MEMBERS_MAX) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "a cluster has from 1 to " + MEMBERS_MAX + " nodes, not " + members.size());
    }
    Set<Object> seen = new HashSet<>();
    int before = 0;
    for (Member member : members) {
      if (member.id() <= before) {
        throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "node " + member.id() + " is out of order or there twice");
      }
      before = member.id();
      for (Object own : List.of(member.name(), member.peers(), member.jdbc())) {
        if (!seen.add(own)) {
          throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "two nodes, or a node's two addresses, are " + own);
        }
      }
    }
  }

  /** The member of that name. */
  public Optional<Member> member(String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }

  /** The member with that id. */
  public Optional<Member> member(int id) {
    return members.stream().filter(member -> member.id() == id).findFirst();
  }

  /** Whether a certificate of a node is not to be believed any more. */
  public boolean isRevoked(int node, BigInteger serial) {
    return isShutOut(node) || serial.compareTo(BigInteger.valueOf(revokedThrough.getOrDefault(node, 0L))) <= 0;
  }

  /** Whether a node is shut out of the cluster. */
  public boolean isShutOut(int node) {
    return revokedThrough.getOrDefault(node, 0L) == Long.MAX_VALUE;
  }

  ClusterConfiguration withRevokedThrough(int node, long serial) {
    Map<Integer, Long> changed = new HashMap<>(revokedThrough);
    changed.put(node, serial);
    return new ClusterConfiguration(cluster, version + 1, members, changed);
  }
}
