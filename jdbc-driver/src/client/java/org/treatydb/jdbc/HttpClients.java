package org.treatydb.jdbc;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The HTTP clients of this process, one for each connect timeout in use: a client owns threads and a pool of sockets, so it is shared. */
final class HttpClients {

  private static final int CLIENTS_MAX = 16;

  private static final Map<Integer, HttpClient> CLIENTS = new ConcurrentHashMap<>();

  private HttpClients() {}

  static HttpClient withConnectTimeout(int millis) {
    HttpClient client = CLIENTS.get(millis);
    if (client != null) {
      return client;
    }
    return CLIENTS.size() < CLIENTS_MAX ? CLIENTS.computeIfAbsent(millis, HttpClients::create) : create(millis);
  }

  private static HttpClient create(int connectTimeoutMillis) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofMillis(connectTimeoutMillis))
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }
}
