package org.treatydb.jdbc;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLParameters;

/**
 * The HTTP clients of this process, one for each connect timeout and trust anchor in use: a client owns threads and a pool of sockets,
 * so it is shared.
 */
final class HttpClients {

  private static final int CLIENTS_MAX = 16;

  private static final Map<List<Object>, HttpClient> CLIENTS = new ConcurrentHashMap<>();

  private HttpClients() {}

  /**
   * A client.
   *
   * @param trustAnchor the file with the certificate by which servers are trusted; null for Java's own list
   * @throws SQLException 08001, there is no certificate in the file
   */
  static HttpClient with(int connectTimeoutMillis, String trustAnchor) throws SQLException {
    try {
      Path anchor = trustAnchor == null ? null : Paths.get(trustAnchor).toAbsolutePath().normalize();
      // A file that was replaced is another anchor.
      Object changed = anchor == null ? "" : Files.getLastModifiedTime(anchor);
      List<Object> key = Arrays.asList(connectTimeoutMillis, anchor, changed);
      HttpClient client = CLIENTS.get(key);
      if (client == null) {
        client = create(connectTimeoutMillis, anchor);
        HttpClient other = CLIENTS.size() < CLIENTS_MAX ? CLIENTS.putIfAbsent(key, client) : null;
        client = other == null ? client : other;
      }
      return client;
    } catch (IOException | RuntimeException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "There is no certificate to be read in the trust anchor " + trustAnchor + ": "
          + (e.getMessage() == null ? e : e.getMessage()) + ".", e);
    }
  }

  private static HttpClient create(int connectTimeoutMillis, Path trustAnchor) throws IOException {
    HttpClient.Builder builder = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofMillis(connectTimeoutMillis))
        .followRedirects(HttpClient.Redirect.NEVER);
    if (trustAnchor != null) {
      builder.sslContext(ServerTrust.context(trustAnchor));
    }
    SSLParameters tls = new SSLParameters();
    tls.setProtocols(new String[] {"TLSv1.3"});
    return builder.sslParameters(tls).build();
  }
}
