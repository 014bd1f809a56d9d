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
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.AbstractHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.jdbc.meta.Caller;
import org.treatydb.jdbc.meta.SessionService;

/**
 * Reads a request from the body of an HTTP post, has it executed, and writes the response. A failure is a response of status 500 with
 * SQLState and message; never a stack trace. Thread-safe.
 */
final class ProtobufEndpoint extends AbstractHandler {

  private static final String CONTENT_TYPE = "application/octet-stream";

  /** The longest request that is read. */
  static final int REQUEST_BYTES_MAX = 64 << 20;

  /** The longest request that is read of who has not signed in yet: all he can send is that he wants to. */
  static final int STRANGERS_BYTES_MAX = 64 << 10;

  private static final String CHALLENGE = "Basic realm=\"Treaty\", charset=\"UTF-8\"";

  /** As the client's {@code HttpChannel} expects it, before the update counts of a failed batch. */
  private static final String UPDATE_COUNTS_MARK = "update-counts:";

  /** As the client's {@code HttpChannel} sends it. */
  private static final String STATEMENT_TIMEOUT_HEADER = "Treaty-Statement-Timeout-Millis";

  private static final Logger LOG = LoggerFactory.getLogger(ProtobufEndpoint.class);

  private final SessionService sessions;
  private final SignIn signIn;
  private final boolean tls;
  private final Executor executor;
  private final ProtobufTranslationImpl translation = new ProtobufTranslationImpl();

  /** {@code tls}: whether all requests come over TLS. */
  ProtobufEndpoint(SessionService sessions, SignIn signIn, boolean tls, Executor executor) {
    this.sessions = sessions;
    this.signIn = signIn;
    this.tls = tls;
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
    Answer answer;
    try {
      Peer peer = Peer.of(request.getRemoteAddr(), request.getLocalAddr(), tls);
      SignIn.Visitor visitor = signIn.visitor(request.getHeader(HttpHeader.AUTHORIZATION.asString()), peer);
      int bytesMax = signIn.isTrustedWithMemory(visitor) ? REQUEST_BYTES_MAX : STRANGERS_BYTES_MAX;
      byte[] body;
      try (InputStream stream = request.getInputStream()) {
        body = request.getContentLengthLong() > bytesMax ? null : stream.readNBytes(bytesMax + 1);
      }
      answer = answer(visitor, body == null || body.length > bytesMax ? null : body, request.getHeader(STATEMENT_TIMEOUT_HEADER));
    } catch (SignIn.Unknown e) {
      response.setHeader(HttpHeader.WWW_AUTHENTICATE.asString(), CHALLENGE);
      response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
      return;
    }
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
   * @param visitor who sends it
   * @param body null for one that is too long
   * @param statementTimeout how many milliseconds a statement may take; null if the client says nothing
   * @throws SignIn.Unknown a session is to be opened, and the visitor has not said who he is
   */
  Answer answer(SignIn.Visitor visitor, byte[] body, String statementTimeout) throws SignIn.Unknown {
    Service.Response response;
    boolean failed = false;
    try {
      Service.Request request = parsed(body);
      Caller caller = request instanceof Service.OpenConnectionRequest ? signIn.admit(visitor) : visitor.caller();
      response = sessions.apply(request, millis(statementTimeout), caller);
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
      throw SqlErrors.of(SqlErrors.TOO_LARGE, "A request has at most " + REQUEST_BYTES_MAX + " bytes, and "
          + STRANGERS_BYTES_MAX + " of who has not signed in. Send large batches in parts.");
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
