package org.treatydb.jdbc;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A parsed URL, with the options of the Properties merged in:
 *
 * <ul>
 *   <li>{@code jdbc:treaty://HOST[:PORT][,HOST[:PORT]…][/][;name=value…]}: a server, the first that answers; an IPv6 address stands in
 *       brackets
 *   <li>{@code jdbc:treaty:file:DIR[;name=value…]}: the store in that directory, in this process. Blanks are part of the name, a relative
 *       name starts at the working directory, a leading {@code ~/} is the user's home, a semicolon ends the name
 *   <li>{@code jdbc:treaty:mem:NAME[;name=value…]}: the store of that name in this process's memory
 * </ul>
 *
 * <p>Immutable.
 */
final class JdbcUrl {

  static final String PREFIX = "jdbc:treaty:";
  static final int PORT_DEFAULT = 7654;
  static final int CONNECT_TIMEOUT_MILLIS_DEFAULT = 10_000;

  private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]):\\d+");

  /** The forms of URL. */
  enum Kind {
    REMOTE,
    FILE,
    MEMORY
  }

  private final Kind kind;
  private final String location;
  private final List<String> hosts;
  private final Map<DriverOption, String> options;

  private JdbcUrl(Kind kind, String location, List<String> hosts, Map<DriverOption, String> options) {
    this.kind = kind;
    this.location = location;
    this.hosts = Collections.unmodifiableList(hosts);
    this.options = options;
  }

  static boolean accepts(String url) {
    return url != null && url.startsWith(PREFIX);
  }

  /**
   * Parses a URL that {@link #accepts} accepts.
   *
   * @throws SQLException 08001, with the forms or the options that are known
   */
  static JdbcUrl parse(String url, Properties properties) throws SQLException {
    String rest = url.substring(PREFIX.length());
    int semicolon = rest.indexOf(';');
    String location = semicolon < 0 ? rest : rest.substring(0, semicolon);
    Kind kind = kindOf(location);
    int question = location.indexOf('?');
    if (question >= 0 && location.indexOf('=', question) >= 0) {
      throw invalid("The options of a URL begin with ';', not with '?': " + PREFIX + location.substring(0, question) + ";name=value.");
    }
    Map<DriverOption, String> options = new EnumMap<>(DriverOption.class);
    if (semicolon >= 0) {
      for (String assignment : rest.substring(semicolon + 1).split(";")) {
        if (!assignment.isEmpty()) {
          int equals = assignment.indexOf('=');
          if (equals < 0) {
            throw invalid("The URL option '" + assignment + "' has no value. Write name=value.");
          }
          put(options, kind, assignment.substring(0, equals).trim(), assignment.substring(equals + 1));
        }
      }
    }
    for (String name : properties.stringPropertyNames()) {
      put(options, kind, name, properties.getProperty(name));
    }
    if (kind == Kind.REMOTE) {
      return new JdbcUrl(kind, location, hostsOf(location.substring(2)), options);
    }
    String name = location.substring(location.indexOf(':') + 1);
    if (name.trim().isEmpty()) {
      throw invalid("The URL " + PREFIX + location + " names no " + (kind == Kind.FILE ? "directory." : "database."));
    }
    return new JdbcUrl(kind, name, new ArrayList<>(), options);
  }

  private static Kind kindOf(String location) throws SQLException {
    if (location.startsWith("//")) {
      return Kind.REMOTE;
    } else if (location.startsWith("file:")) {
      return Kind.FILE;
    } else if (location.startsWith("mem:")) {
      return Kind.MEMORY;
    }
    throw invalid("Not a Treaty URL: " + PREFIX + location
        + ". Known forms are jdbc:treaty://HOST:PORT/, jdbc:treaty:file:DIR and jdbc:treaty:mem:NAME.");
  }

  private static void put(Map<DriverOption, String> options, Kind kind, String name, String value) throws SQLException {
    DriverOption option = DriverOption.find(name);
    if (option == null || !option.appliesTo(kind)) {
      String known = DriverOption.applyingTo(kind).stream().map(o -> o.key).collect(Collectors.joining(", "));
      throw invalid((option == null ? "Unknown option '" + name + "'." : "The option '" + name + "' does not apply to this kind of URL.")
          + " Known here: " + known + ".");
    }
    String before = options.put(option, value);
    if (before != null && !before.equals(value)) {
      throw invalid("The option '" + name + "' is given twice, with different values.");
    }
  }

  private static List<String> hostsOf(String authority) throws SQLException {
    String list = authority.endsWith("/") ? authority.substring(0, authority.length() - 1) : authority;
    if (list.contains("/")) {
      throw invalid("The URL goes on after the server's address: '" + authority + "'. A server holds one database, which has no name.");
    }
    List<String> hosts = new ArrayList<>();
    for (String host : list.split(",", -1)) {
      hosts.add(hostAndPort(host.trim()));
    }
    return hosts;
  }

  private static String hostAndPort(String host) throws SQLException {
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > host.lastIndexOf(']');
    String name = hasPort ? host.substring(0, colon) : host;
    if (name.isEmpty() || name.indexOf(' ') >= 0 || (name.indexOf(':') >= 0 && !(name.startsWith("[") && name.endsWith("]")))) {
      throw invalid("'" + host + "' is not a server's address. Write HOST:PORT, or [IPV6]:PORT.");
    }
    int port = hasPort ? number("port", host.substring(colon + 1)) : PORT_DEFAULT;
    if (port < 1 || port > 65_535) {
      throw invalid("The port " + port + " is not between 1 and 65535.");
    }
    return name + ":" + port;
  }

  private static int number(String what, String text) throws SQLException {
    try {
      return Integer.parseInt(text.trim());
    } catch (NumberFormatException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "The " + what + " '" + text + "' is not a whole number.", e);
    }
  }

  private static SQLException invalid(String message) {
    return SqlErrors.of(SqlErrors.CANNOT_CONNECT, message);
  }

  Kind kind() {
    return kind;
  }

  /** The servers to try, in order, each {@code host:port}; empty unless the URL is remote. */
  List<String> hosts() {
    return hosts;
  }

  /** The name of a database in memory. */
  String name() {
    return location;
  }

  /** The directory of a file URL, absolute. */
  Path directory() throws SQLException {
    boolean home = location.equals("~") || location.startsWith("~/");
    try {
      Path path = home ? Paths.get(System.getProperty("user.home"), location.substring(1)) : Paths.get(location);
      return path.toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "'" + location + "' is not the name of a directory: " + e.getReason() + ".", e);
    }
  }

  /** The options given for a database within the process, by name: those for the store, and who opens it. */
  Map<String, String> storeOptions() {
    return options(option -> !option.isOfSession());
  }

  /** The options given for the session, by name. */
  Map<String, String> sessionOptions() {
    return options(DriverOption::isOfSession);
  }

  private Map<String, String> options(Predicate<DriverOption> wanted) {
    return options.entrySet().stream()
        .filter(e -> wanted.test(e.getKey()))
        .collect(Collectors.toMap(e -> e.getKey().key, Map.Entry::getValue));
  }

  /** The value of an option; null if it was not given. */
  String option(DriverOption option) {
    return options.get(option);
  }

  int connectTimeoutMillis() throws SQLException {
    String value = options.get(DriverOption.CONNECT_TIMEOUT_MILLIS);
    int millis = value == null ? CONNECT_TIMEOUT_MILLIS_DEFAULT : number("option connectTimeoutMillis", value);
    if (millis < 1) {
      throw invalid("The option connectTimeoutMillis must be at least 1.");
    }
    return millis;
  }

  /**
   * Whether to speak TLS with one of the {@link #hosts}: as the options say; if they say nothing, with those on other machines.
   *
   * @throws SQLException 08001, the options contradict each other
   */
  boolean speaksTlsWith(String host) throws SQLException {
    String tls = options.get(DriverOption.TLS);
    boolean anchored = options.containsKey(DriverOption.TRUST_ANCHOR);
    if (tls == null) {
      return anchored || !LOOPBACK.matcher(host).matches();
    }
    boolean wanted = tls.equals("true");
    if (!wanted && !tls.equals("false")) {
      throw invalid("The option tls is true or false, not '" + tls + "'.");
    }
    if (anchored && !wanted) {
      throw invalid("The option trustAnchor says whom to trust, and tls=false to trust everybody.");
    }
    return wanted;
  }

  /**
   * What one of the {@link #hosts} is sent to know who connects: user and password, for HTTP BASIC (RFC 7617).
   *
   * @return null if no user is given
   * @throws SQLException 08001, somebody between could read the password; the user's name cannot be sent
   */
  String authorizationFor(String host) throws SQLException {
    String user = options.get(DriverOption.USER);
    String password = options.get(DriverOption.PASSWORD);
    if (user == null || user.isEmpty()) {
      return null;
    }
    if (user.indexOf(':') >= 0) {
      throw invalid("The name of a user has no colon.");
    }
    boolean secret = password != null && !password.isEmpty();
    if (secret && !speaksTlsWith(host) && !LOOPBACK.matcher(host).matches()) {
      throw invalid("Without TLS a password is sent to no other machine: leave out tls=false.");
    }
    byte[] pair = (user + ":" + (secret ? password : "")).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** The URL without its options, which may hold secrets. */
  @Override
  public String toString() {
    switch (kind) {
      case REMOTE:
        return PREFIX + "//" + String.join(",", hosts) + "/";
      case FILE:
        return PREFIX + "file:" + location;
      default:
        return PREFIX + "mem:" + location;
    }
  }
}
