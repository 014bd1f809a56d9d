package org.treatydb.jdbc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.apache.calcite.avatica.remote.Service.Request;
import org.apache.calcite.avatica.remote.Service.Response;

/**
 * Sends requests to a server: protocol buffers in the bodies of HTTP posts.
 *
 * <p>The JDK's client pools the sockets. It never repeats a POST that may have reached the server (it repeats only idempotent methods),
 * and neither does this class, whatever the server answers.
 */
final class HttpChannel implements Channel {

  /** Marks, among the exceptions of an error response, the update counts of the batch that failed. */
  static final String UPDATE_COUNTS_MARK = "update-counts:";

  private static final String STATEMENT_TIMEOUT_HEADER = "Treaty-Statement-Timeout-Millis";

  private static final int HTTP_OK = 200;
  private static final int HTTP_UNAUTHORIZED = 401;
  private static final int HTTP_INTERNAL_ERROR = 500;

  private final String address;
  private final URI uri;
  private final HttpClient client;
  private final String authorization;
  private final ProtobufTranslationImpl translation = new ProtobufTranslationImpl();

  /**
   * A channel to {@code address}.
   *
   * @param authorization what tells the server who connects; null if nothing
   * @param client with the certificates it trusts, if {@code tls}
   */
  HttpChannel(String address, boolean tls, String authorization, HttpClient client) throws SQLException {
    this.address = address;
    this.authorization = authorization;
    try {
      this.uri = URI.create((tls ? "https://" : "http://") + address + "/");
    } catch (IllegalArgumentException e) {
      throw SqlErrors.of(SqlErrors.CANNOT_CONNECT, "'" + address + "' is not a server's address.", e);
    }
    this.client = client;
  }

  @Override
  public Response send(Request request, long statementTimeoutMillis, int timeoutMillis) throws SQLException, IOException {
    HttpRequest.Builder post = HttpRequest.newBuilder(uri)
        .header("Content-Type", "application/octet-stream")
        .POST(HttpRequest.BodyPublishers.ofByteArray(MessageNames.toWire(translation.serializeRequest(request))));
    if (authorization != null) {
      post.header("Authorization", authorization);
    }
    if (statementTimeoutMillis > 0) {
      post.header(STATEMENT_TIMEOUT_HEADER, Long.toString(statementTimeoutMillis));
    }
    if (timeoutMillis > 0) {
      post.timeout(Duration.ofMillis(timeoutMillis));
    }
    HttpResponse<byte[]> answer = exchange(post.build());
    int status = answer.statusCode();
    if (status == HTTP_UNAUTHORIZED) {
      throw SqlErrors.of(SqlErrors.NOT_SIGNED_IN, "The server at " + address + " wants to know who connects: give user and password.");
    }
    if (status != HTTP_OK && status != HTTP_INTERNAL_ERROR) {
      throw new IOException("The server at " + address + " answered with HTTP status " + status + ".");
    }
    Response response;
    try {
      response = translation.parseResponse(MessageNames.fromWire(answer.body()));
    } catch (RuntimeException e) {
      throw new IOException("What answered at " + address + " is not a Treaty server.", e);
    }
    if (response instanceof ErrorResponse) {
      throw toException((ErrorResponse) response);
    }
    return response;
  }

  private HttpResponse<byte[]> exchange(HttpRequest post) throws IOException {
    try {
      return client.send(post, HttpResponse.BodyHandlers.ofByteArray());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      boolean unknownHost = e.getCause() instanceof UnresolvedAddressException
          || (e.getCause() != null && e.getCause().getCause() instanceof UnresolvedAddressException);
      throw new NotSentException(unknownHost
          ? "The host of " + address + " is not known."
          : "No server answers at " + address + ".", e);
    } catch (SSLHandshakeException e) {
      throw new NotSentException("The server at " + address + " is not trusted: " + innermost(e).getMessage() + ".", e);
    } catch (SSLException e) {
      if (e.getMessage() != null && e.getMessage().contains("SSL message")) {
        throw new NotSentException("The server at " + address + " does not speak TLS. Without it, only what the option tls=false asks for "
            + "can be had.", e);
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The thread was interrupted while it waited for the server at " + address + ".", e);
    }
  }

  private static Throwable innermost(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static SQLException toException(ErrorResponse error) {
    SQLException e = SqlErrors.of(error.sqlState, error.errorMessage, Math.max(error.errorCode, 0), null);
    List<String> exceptions = error.exceptions;
    if (exceptions == null || exceptions.isEmpty() || !exceptions.get(0).startsWith(UPDATE_COUNTS_MARK)) {
      return e;
    }
    long[] updateCounts = parseCounts(exceptions.get(0).substring(UPDATE_COUNTS_MARK.length()).trim());
    BatchUpdateException batch = new BatchUpdateException(e.getMessage(), e.getSQLState(), e.getErrorCode(), updateCounts, e);
    batch.setNextException(e);
    return batch;
  }

  private static long[] parseCounts(String text) {
    String[] parts = text.isEmpty() ? new String[0] : text.split(" ");
    long[] counts = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        counts[i] = Long.parseLong(parts[i]);
      } catch (NumberFormatException e) {
        return new long[0];
      }
    }
    return counts;
  }

  @Override
  public String peer() {
    return address;
  }

  @Override
  public void close() {
    // The sockets belong to the pool, which closes them when they are idle.
  }
}
