package org.treatydb.jdbc.admin;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Messages over a socket, a line each. A line has a limit. Not thread-safe, save for {@link #close}. */
final class LineChannel implements AutoCloseable {

  /** The longest line, its end included: room for the longest path a system knows, in percent encoding. */
  static final int LINE_BYTES_MAX = 16 << 10;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final ByteBuffer read = ByteBuffer.allocate(LINE_BYTES_MAX);

  /** Takes {@code channel} over. */
  LineChannel(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    this.selector = Selector.open();
    this.key = channel.register(selector, 0);
  }

  /**
   * The next message; null if the other side has ended the connection.
   *
   * @param max how long to wait for it; null waits for ever
   * @throws SocketTimeoutException if it does not come in time
   * @throws IOException if it is too long, or no message
   */
  AdminMessage receive(Duration max) throws IOException {
    long deadlineNanos = max == null ? 0 : System.nanoTime() + max.toNanos();
    int searched = 0;
    while (true) {
      for (; searched < read.position(); searched++) {
        if (read.get(searched) == '\n') {
          return AdminCodec.decode(take(searched));
        }
      }
      if (!read.hasRemaining()) {
        throw new IOException("a line of more than " + LINE_BYTES_MAX + " bytes");
      }
      await(SelectionKey.OP_READ, max, deadlineNanos);
      if (channel.read(read) < 0) {
        return null;
      }
    }
  }

  /** The text before the line's end at {@code end}; what comes after it stays. */
  private String take(int end) throws CharacterCodingException {
    String line = StandardCharsets.US_ASCII.newDecoder().decode(read.slice(0, end)).toString();
    read.flip().position(end + 1);
    read.compact();
    return line;
  }

  /**
   * Sends a message.
   *
   * @throws SocketTimeoutException if the other side does not take it in time
   */
  void send(AdminMessage message, Duration max) throws IOException {
    long deadlineNanos = System.nanoTime() + max.toNanos();
    ByteBuffer line = StandardCharsets.US_ASCII.encode(AdminCodec.encode(message) + "\n");
    while (line.hasRemaining()) {
      if (channel.write(line) == 0) {
        await(SelectionKey.OP_WRITE, max, deadlineNanos);
      }
    }
  }

  private void await(int operation, Duration max, long deadlineNanos) throws IOException {
    try {
      key.interestOps(operation);
      long leftMillis = max == null ? 0 : (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (max != null && leftMillis <= 0 || selector.select(leftMillis) == 0) {
        throw new SocketTimeoutException("the other side did not answer in time");
      }
      selector.selectedKeys().clear();
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw new IOException("the connection was closed", e);
    }
  }

  /** Ends the connection; what waits on it fails. Any thread may call it. */
  @Override
  public void close() throws IOException {
    // The channel first: who wakes up because the selector closes must find it closed, and send nothing more.
    try (selector) {
      channel.close();
    }
  }
}
