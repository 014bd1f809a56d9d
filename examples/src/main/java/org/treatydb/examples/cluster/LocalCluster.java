package org.treatydb.examples.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.treatydb.examples.musicstore.Intruder;

/**
 * A configuration service and three nodes as processes of this machine, each with a directory of its own. Whatever happens, no process
 * outlives this one, unless this one is killed. Not thread-safe.
 */
final class LocalCluster implements AutoCloseable {

  static final List<String> NODES = List.of("alpha", "beta", "gamma");

  private static final String HOST = "127.0.0.1";
  private static final long READY_SECONDS_MAX = 120;

  private final Path directory;
  private final Path state;
  private final Queue<TreatyProcess> all = new ConcurrentLinkedQueue<>();
  private final String casAddress;
  private final Map<String, String> peers = new TreeMap<>();
  private final Map<String, String> jdbc = new TreeMap<>();
  private final Map<String, TreatyProcess> nodes = new TreeMap<>();
  private TreatyProcess cas;
  private volatile boolean ended;

  /** A cluster in {@code directory}; nothing is there and nothing runs until it is {@linkplain #make made}. */
  LocalCluster(Path directory) throws IOException {
    this.directory = directory;
    // The path of a socket must be short.
    this.state = Files.createTempDirectory("treaty-cluster");
    List<String> addresses = freeAddresses(1 + 2 * NODES.size());
    this.casAddress = addresses.getFirst();
    for (int i = 0; i < NODES.size(); i++) {
      peers.put(NODES.get(i), addresses.get(1 + i));
      jdbc.put(NODES.get(i), addresses.get(1 + NODES.size() + i));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  /** Addresses of this machine that nobody had a moment ago. */
  static List<String> freeAddresses(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getByName(HOST)));
      }
      return sockets.stream().map(socket -> HOST + ":" + socket.getLocalPort()).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Writes the nodes and their configurations down, and makes the cluster. */
  void make() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String node : NODES) {
      String prefix = "node." + (NODES.indexOf(node) + 1) + ".";
      lines.addAll(List.of(prefix + "name = " + node, prefix + "peers = " + peers.get(node), prefix + "jdbc = " + jdbc.get(node)));
      Files.createDirectories(home(node));
      writeConfiguration(node, node, peers.get(node), jdbc.get(node));
    }
    Files.write(directory.resolve("nodes.properties"), lines);
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Files.createFile(directory.resolve("root.key"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(directory.resolve("root.key"), HexFormat.of().formatHex(key));
    String measurement = treaty("measure").getFirst();
    treaty("cas", "init", "cas", "--nodes", "nodes.properties", "--trust-anchor", "cluster.pem", "--software-attestation", "software.key",
        "--allow", measurement, "--key-file", "root.key", "--counter-dir", "cas-counter");
  }

  /** The configuration of a process that is {@code node} to its cluster, in the directory {@code home}. */
  private void writeConfiguration(String node, String home, String listenPeers, String listenJdbc) throws IOException {
    Files.writeString(directory.resolve(home + ".properties"), """
        node = %s
        data = %s/data
        listen.peers = %s
        listen.jdbc = %s
        listen.jdbc.tls = on
        cas = %s
        trust-anchor = cluster.pem
        attestation = software
        attestation.software.key = software.key
        """.formatted(node, home, listenPeers, listenJdbc, casAddress));
  }

  private TreatyProcess start(String log, String... arguments) throws IOException {
    TreatyProcess started = TreatyProcess.start(directory, state, directory.resolve(log + ".log"), List.of(arguments));
    all.add(started);
    if (ended) {
      started.kill();
    }
    return started;
  }

  private List<String> treaty(String... arguments) throws IOException, InterruptedException {
    return start("commands", arguments).output();
  }

  /** Starts the configuration service and waits until it serves. */
  void startCas() throws IOException, InterruptedException {
    cas = start("cas", "cas", "run", "--data", "cas", "--listen", casAddress, "--key-file", "root.key", "--counter-dir", "cas-counter");
    cas.awaitReady(READY_SECONDS_MAX);
  }

  TreatyProcess cas() {
    return cas;
  }

  /** Starts a node; it may take until others run that it serves. */
  TreatyProcess start(String node) throws IOException {
    TreatyProcess started = start(node, "node", "--config", node + ".properties");
    nodes.put(node, started);
    return started;
  }

  /** Starts the nodes, and waits until all serve. */
  void startNodes() throws IOException, InterruptedException {
    for (String node : NODES) {
      start(node);
    }
    for (String node : NODES) {
      awaitServing(node);
    }
  }

  /** Waits until {@code node} serves JDBC clients. */
  void awaitServing(String node) throws IOException, InterruptedException {
    nodes.get(node).awaitReady(READY_SECONDS_MAX);
  }

  /** The process that {@code node} is, or was last. */
  TreatyProcess process(String node) {
    return nodes.get(node);
  }

  /** Starts, under the name of {@code node} but at other addresses, a process on the files in the directory {@code home}. */
  TreatyProcess startCopy(String node, String home) throws IOException {
    List<String> addresses = freeAddresses(2);
    writeConfiguration(node, home, addresses.get(0), addresses.get(1));
    return start(home, "node", "--config", home + ".properties");
  }

  /** The directory of {@code node}, or of a copy of it. */
  Path home(String node) {
    return directory.resolve(node);
  }

  /** Where all nodes keep what they keep. */
  Path directory() {
    return directory;
  }

  /** The address by which {@code node} serves JDBC clients. */
  String jdbc(String node) {
    return jdbc.get(node);
  }

  /** A URL with all nodes, {@code first} first. */
  String url(String first) {
    List<String> hosts = NODES.stream().map(jdbc::get).collect(Collectors.toCollection(ArrayList::new));
    Collections.rotate(hosts, -NODES.indexOf(first));
    return url(hosts) + ";connectTimeoutMillis=3000";
  }

  /** A URL with {@code node} only. */
  String urlOf(String node) {
    return urlAt(jdbc.get(node));
  }

  /** A URL with the node that serves at this address, whichever it is. */
  String urlAt(String address) {
    return url(List.of(address));
  }

  /** Who answers must be one of this cluster's nodes. */
  private String url(List<String> addresses) {
    return "jdbc:treaty://" + String.join(",", addresses) + "/;trustAnchor=" + directory.resolve("cluster.pem");
  }

  /** What the cluster is like as {@code node} sees it. */
  List<String> status(String node) throws IOException, InterruptedException {
    return treaty("status", "--config", node + ".properties");
  }

  /** Has the keys below {@code until}, in hexadecimal, moved to {@code node}. */
  List<String> moveTo(String node, String until) throws IOException, InterruptedException {
    return treaty("move-range", "--config", NODES.getFirst() + ".properties", "--to", node, "--until", until);
  }

  private void end() {
    ended = true;
    all.forEach(TreatyProcess::kill);
    try {
      Intruder.delete(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends every process, and waits for that. */
  @Override
  public void close() {
    end();
  }
}
