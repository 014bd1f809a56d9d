package org.treatydb.jdbc.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.jdbc.meta.SessionService;

/**
 * Reads a request from the body of an HTTP post, has it executed, and writes the response. A failure is a response of status 500 with
 * SQLState and message; never a stack trace. Thread-safe.
 */
final class ProtobufEndpoint extends AbstractHandler {

  private static final String CONTENT_TYPE = "application/octet-stream";

  /** The longest request that is read. */
  static final int REQUEST_BYTES_MAX = 64 << 20;

  /** As the client's {@code HttpChannel} expects it, before the update counts of a failed batch. */
  private static final String UPDATE_COUNTS_MARK = "update-counts:";

  /** As the client's {@code HttpChannel} sends it. */
  private static final String STATEMENT_TIMEOUT_HEADER = "Treaty-Statement-Timeout-Millis";

  private static final Logger LOG = LoggerFactory.getLogger(ProtobufEndpoint.class);

  private final SessionService sessions;
  private final Executor executor;
  private final ProtobufTranslationImpl translation = new ProtobufTranslationImpl();

  ProtobufEndpoint(SessionService sessions, Executor executor) {
    this.sessions = sessions;
    this.executor = executor;
  }

  @Override
  public void handle(String target, Request baseRequest, HttpServletRequest request, HttpServletResponse response) throws IOException {
    baseRequest.setHandled(true);
    int refusal = refusal(request);
    if (refusal != 0) {
      response.sendError(refusal);
      return;
    }
    AsyncContext async = baseRequest.startAsync();
    async.setTimeout(0);
    executor.execute(() -> {
      try {
        exchange(request, response);
      } catch (IOException e) {
        LOG.debug("A client went away", e);
      } catch (RuntimeException | Error e) {
        LOG.error("A request could not be answered", e);
      } finally {
        async.complete();
      }
    });
  }

  /**
   * The status with which to refuse a request unread; 0 if it is to be read. No web page may talk to a server on the loopback address of
   * whoever looks at it: browsers name the page's origin, and ask before they send this type of content to another one.
   */
  private static int refusal(HttpServletRequest request) {
    String type = request.getContentType();
    if (!"POST".equals(request.getMethod())) {
      return HttpServletResponse.SC_METHOD_NOT_ALLOWED;
    } else if (request.getHeader("Origin") != null) {
      return HttpServletResponse.SC_FORBIDDEN;
    } else if (type == null || !type.startsWith(CONTENT_TYPE)) {
      return HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE;
    }
    return 0;
  }

  private void exchange(HttpServletRequest request, HttpServletResponse response) throws IOException {
    byte[] body;
    try (InputStream stream = request.getInputStream()) {
      body = request.getContentLengthLong() > REQUEST_BYTES_MAX ? null : stream.readNBytes(REQUEST_BYTES_MAX + 1);
    }
    Answer answer = answer(body == null || body.length > REQUEST_BYTES_MAX ? null : body, request.getHeader(STATEMENT_TIMEOUT_HEADER));
    response.setStatus(answer.failed ? HttpServletResponse.SC_INTERNAL_SERVER_ERROR : HttpServletResponse.SC_OK);
    response.setContentType(CONTENT_TYPE);
    response.setContentLength(answer.bytes.length);
    response.getOutputStream().write(answer.bytes);
  }

  /** The bytes of a response. */
  record Answer(boolean failed, byte[] bytes) {}

  /**
   * Executes a request, whatever it is.
   *
   * @param body null for one that is too long
   * @param statementTimeout how many milliseconds a statement may take; null if the client says nothing
   */
  Answer answer(byte[] body, String statementTimeout) {
    Service.Response response;
    boolean failed = false;
    try {
      response = sessions.apply(parsed(body), millis(statementTimeout));
    } catch (SQLException e) {
      response = toResponse(e);
      failed = true;
    }
    try {
      return new Answer(failed, translation.serializeResponse(response));
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("A response cannot be written", e);
      return unsendable();
    }
  }

  private Answer unsendable() {
    SQLException e = SqlErrors.of(SqlErrors.INTERNAL_ERROR, "The result is too large to be sent, or of a type that cannot be sent.");
    try {
      return new Answer(true, translation.serializeResponse(toResponse(e)));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private Service.Request parsed(byte[] body) throws SQLException {
    if (body == null) {
      throw SqlErrors.of(SqlErrors.TOO_LARGE, "A request has at most " + REQUEST_BYTES_MAX + " bytes. Send large batches in parts.");
    }
    try {
      return translation.parseRequest(body);
    } catch (IOException | RuntimeException e) {
      LOG.debug("A request cannot be read", e);
      throw SqlErrors.of(SqlErrors.PROTOCOL_VIOLATION, "The request cannot be read.");
    }
  }

  private static long millis(String statementTimeout) throws SQLException {
    try {
      return statementTimeout == null ? 0 : Math.max(0, Long.parseLong(statementTimeout));
    } catch (NumberFormatException e) {
      throw SqlErrors.of(SqlErrors.PROTOCOL_VIOLATION, "The statement timeout is not a number of milliseconds.", e);
    }
  }

  private static Service.ErrorResponse toResponse(SQLException e) {
    List<String> details = List.of();
    if (e instanceof BatchUpdateException batch) {
      String counts = Arrays.stream(batch.getLargeUpdateCounts()).mapToObj(Long::toString).collect(Collectors.joining(" "));
      details = List.of(UPDATE_COUNTS_MARK + counts);
    }
    String state = e.getSQLState() == null ? SqlErrors.INTERNAL_ERROR : e.getSQLState();
    return new Service.ErrorResponse(details, e.getMessage(), e.getErrorCode(), state, AvaticaSeverity.ERROR, null);
  }
}
