package org.treatydb.dist.channel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.treatydb.dist.boundary.Endpoint;

/** Sits on the wire between a caller and a server, sees all bytes, and does with them what it likes. */
final class WireProxy implements AutoCloseable {

  /** What is done to the bytes of one connection in one direction. */
  interface Attack {

    Attack NONE = (toServer, offset, bytes) -> bytes;

    /**
     * What goes on in place of what came.
     *
     * @param offset of the first byte in its direction of its connection
     * @return null: both directions are cut
     */
    byte[] pass(boolean toServer, long offset, byte[] bytes) throws InterruptedException;
  }

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Supplier<Endpoint> target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<ByteArrayOutputStream> sentToServer = new CopyOnWriteArrayList<>();
  private volatile Attack attack = Attack.NONE;

  WireProxy(Supplier<Endpoint> target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  Endpoint address() {
    return new Endpoint("127.0.0.1", listener.getLocalPort());
  }

  void attack(Attack next) {
    attack = next;
  }

  /** All that callers have sent, for each connection. */
  List<byte[]> recorded() {
    return sentToServer.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = listener.accept();
        sockets.add(caller);
        Socket server = new Socket(target.get().host(), target.get().port());
        sockets.add(server);
        ByteArrayOutputStream recording = new ByteArrayOutputStream();
        sentToServer.add(recording);
        Thread.ofVirtual().start(() -> pump(caller, server, recording));
        Thread.ofVirtual().start(() -> pump(server, caller, null));
      }
    } catch (IOException e) {
      cut();
    }
  }

  private void pump(Socket from, Socket to, ByteArrayOutputStream recording) {
    try (from; to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[1 << 16];
      long offset = 0;
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        byte[] bytes = Arrays.copyOf(buffer, length);
        if (recording != null) {
          recording.writeBytes(bytes);
        }
        byte[] passed = attack.pass(recording != null, offset, bytes);
        if (passed == null) {
          return;
        }
        out.write(passed);
        offset += length;
      }
    } catch (IOException | InterruptedException e) {
      cutBoth(from, to);
    }
  }

  private static void cutBoth(Socket one, Socket other) {
    try (one; other) {
      one.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is cut already.
    }
  }

  /** Cuts all connections. */
  void cut() {
    for (Socket socket : sockets) {
      cutBoth(socket, socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
