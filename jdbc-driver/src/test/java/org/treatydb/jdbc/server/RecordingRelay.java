package org.treatydb.jdbc.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sits between clients and a server, passes on and keeps what both send, and changes it when told to. */
final class RecordingRelay implements AutoCloseable {

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int serverPort;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
  private volatile boolean flips;

  RecordingRelay(int serverPort) throws IOException {
    this.serverPort = serverPort;
    Thread.ofVirtual().start(() -> {
      try {
        while (true) {
          Socket client = listening.accept();
          Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
          sockets.addAll(List.of(client, server));
          Thread.ofVirtual().start(() -> pass(client, server));
          Thread.ofVirtual().start(() -> pass(server, client));
        }
      } catch (IOException e) {
        // The test is over.
      }
    });
  }

  int port() {
    return listening.getLocalPort();
  }

  /** From now on the last byte of each piece that passes is another one. */
  void flipBits() {
    flips = true;
  }

  boolean recorded(String text) {
    return recorded.toString(StandardCharsets.ISO_8859_1).contains(text);
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[16 << 10];
    try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        recorded.write(buffer, 0, count);
        if (flips) {
          buffer[count - 1] ^= 1;
        }
        out.write(buffer, 0, count);
        out.flush();
      }
    } catch (IOException e) {
      // One of them has gone.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket each : sockets) {
      each.close();
    }
  }
}
