package org.treatydb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the client does when a server does not answer, with a server that misbehaves as told. */
class HttpChannelTest {

  private static final byte[] UNAVAILABLE =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ProtobufTranslationImpl translation = new ProtobufTranslationImpl();
  private volatile String failOn;
  private volatile boolean answerUnavailable;
  private ServerSocket server;
  private Thread acceptor;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    acceptor = Thread.ofVirtual().start(() -> {
      try {
        while (true) {
          Socket socket = server.accept();
          sockets.add(socket);
          Thread.ofVirtual().start(() -> serve(socket));
        }
      } catch (IOException e) {
        // The test is over.
      }
    });
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    acceptor.join();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void serve(Socket socket) {
    try (socket; DataInputStream in = new DataInputStream(socket.getInputStream()); OutputStream out = socket.getOutputStream()) {
      while (true) {
        Service.Request request = translation.parseRequest(readBody(in));
        String kind = request.getClass().getSimpleName();
        received.add(kind);
        if (kind.equals(failOn)) {
          if (answerUnavailable) {
            out.write(UNAVAILABLE);
          }
          return;
        }
        byte[] answer = translation.serializeResponse(answer(request));
        out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(answer);
        out.flush();
      }
    } catch (IOException e) {
      // The client closed its socket.
    }
  }

  private static byte[] readBody(DataInputStream in) throws IOException {
    int length = 0;
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.readUnsignedByte();
      if (c == '\n') {
        String header = line.toString().trim();
        line.setLength(0);
        if (header.isEmpty()) {
          return in.readNBytes(length);
        }
        if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring("content-length:".length()).trim());
        }
      } else {
        line.append((char) c);
      }
    }
  }

  private static Service.Response answer(Service.Request request) {
    return switch (request) {
      case Service.OpenConnectionRequest r -> new Service.OpenConnectionResponse();
      case Service.CloseConnectionRequest r -> new Service.CloseConnectionResponse();
      case Service.ConnectionSyncRequest r -> new Service.ConnectionSyncResponse(new ConnectionPropertiesImpl(), null);
      case Service.PrepareAndExecuteRequest r -> new Service.ExecuteResponse(
          List.of(new Service.ResultSetResponse(r.connectionId, r.statementId, false, null, (Meta.Frame) null, 1, null)), false, null);
      default -> throw new IllegalStateException(request.toString());
    };
  }

  private Connection connect() throws SQLException {
    return new TreatyDriver().connect("jdbc:treaty://127.0.0.1:" + server.getLocalPort() + "/", new Properties());
  }

  @Test
  void aCommitWhoseAnswerIsLostHasAnUnknownOutcomeAndIsSentOnce() throws SQLException {
    for (boolean unavailable : new boolean[] {false, true}) {
      received.clear();
      answerUnavailable = unavailable;
      failOn = null;
      try (Connection connection = connect()) {
        connection.setAutoCommit(false);
        failOn = "CommitRequest";
        SQLException e = assertThrows(SQLNonTransientConnectionException.class, connection::commit);
        assertEquals("08007", e.getSQLState());
        assertEquals(1, received.stream().filter("CommitRequest"::equals).count());
        assertTrue(connection.isClosed());
        assertFalse(connection.isValid(1));
      }
    }
  }

  @Test
  void aStatementWhoseAnswerIsLostHasAnUnknownOutcomeOnlyIfItMayHaveCommitted() throws SQLException {
    String[][] cases = {
      {"true", "insert into t values (1)", "08007"},
      {"false", "insert into t values (1)", "08006"},
      {"false", "/* now */ commit", "08007"},
    };
    for (String[] c : cases) {
      failOn = null;
      received.clear();
      try (Connection connection = connect()) {
        connection.setAutoCommit(Boolean.parseBoolean(c[0]));
        failOn = "PrepareAndExecuteRequest";
        SQLException e = assertThrows(SQLException.class, () -> connection.createStatement().execute(c[1]));
        assertEquals(c[2], e.getSQLState(), c[1]);
        assertEquals(1, received.stream().filter(failOn::equals).count());
      }
    }
  }

  @Test
  void aServerThatIsGoneWasNeverAskedToCommit() throws Exception {
    Connection connection = connect();
    connection.setAutoCommit(false);
    stop();
    // The client may see that its socket is closed before it sends the request, or after.
    SQLException first = assertThrows(SQLException.class, connection::commit);
    assertTrue(List.of("08006", "08007").contains(first.getSQLState()), first.getSQLState());
    SQLException connect = assertThrows(SQLNonTransientConnectionException.class, this::connect);
    assertEquals("08001", connect.getSQLState());
    connection.close();
  }

  @Test
  void theNextServerOfTheUrlIsTriedWhenOneDoesNotAnswer() throws Exception {
    int deadPort;
    try (ServerSocket dead = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      deadPort = dead.getLocalPort();
    }
    String url = "jdbc:treaty://127.0.0.1:" + deadPort + ",127.0.0.1:" + server.getLocalPort() + "/";
    try (Connection connection = new TreatyDriver().connect(url, new Properties())) {
      assertTrue(connection.isValid(5));
    }
  }

  @Test
  void anAnswerThatDoesNotComeInTimeLosesTheConnection() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String url = "jdbc:treaty://127.0.0.1:" + silent.getLocalPort() + "/;connectTimeoutMillis=200";
      SQLException e = assertThrows(SQLException.class, () -> new TreatyDriver().connect(url, new Properties()));
      assertEquals("08001", e.getSQLState());
    }
  }

  @Test
  void whateverElseAnswersIsNoTreatyServer() throws SQLException {
    answerUnavailable = true;
    failOn = "OpenConnectionRequest";
    SQLException e = assertThrows(SQLException.class, this::connect);
    assertEquals("08001", e.getSQLState());
    assertTrue(e.getMessage().contains("503"), e.getMessage());
  }
}
