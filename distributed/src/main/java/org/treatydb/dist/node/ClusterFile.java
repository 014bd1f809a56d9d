package org.treatydb.dist.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.cas.Member;

/**
 * The nodes of a cluster as the operator of its CAS writes them down, a properties file. A number is a node's for ever.
 *
 * <pre>
 * node.1.name = alpha
 * node.1.peers = 127.0.0.1:7101
 * node.1.jdbc = 127.0.0.1:7201
 * node.2.name = beta
 * ...
 * </pre>
 */
public final class ClusterFile {

  private static final Pattern NAME = Pattern.compile("node\\.([1-9][0-9]{0,4})\\.name");

  private ClusterFile() {}

  /**
   * Reads the nodes, in order of their numbers.
   *
   * @throws org.treatydb.kv.api.KvException.InvalidRequest if the file cannot be read, misses something, or says something unknown
   */
  public static List<Member> read(Path file) {
    ConfigurationFile in = new ConfigurationFile(file);
    TreeMap<Integer, Member> members = new TreeMap<>();
    for (String each : in.names()) {
      Matcher name = NAME.matcher(each);
      if (name.matches()) {
        String node = "node." + name.group(1);
        int id = Integer.parseInt(name.group(1));
        members.put(id, new Member(
            id, in.required(each), Endpoint.parse(in.required(node + ".peers")), Endpoint.parse(in.required(node + ".jdbc"))));
      }
    }
    in.expectNoOthers();
    if (members.isEmpty()) {
      throw in.invalid("names no node: node.1.name = ...");
    }
    return new ArrayList<>(members.values());
  }
}
