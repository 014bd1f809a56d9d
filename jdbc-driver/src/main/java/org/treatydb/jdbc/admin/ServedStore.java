package org.treatydb.jdbc.admin;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;

/** A store that a server of the same user has open, reached through its administration socket. Immutable. */
public final class ServedStore {

  private static final Duration SEND_MAX = Duration.ofSeconds(10);

  private final Path socket;

  /** The store whose server listens at {@code socket}. */
  public ServedStore(Path socket) {
    this.socket = socket;
  }

  /**
   * Has the server copy the store into {@code to}, an absolute path, and waits for it.
   *
   * @throws KvException.Unavailable with STORE_IN_USE if no server answers at the socket; IO_FAILURE if it goes away meanwhile
   * @throws KvException what the server says
   */
  public BackupSummary backup(Path to, Progress progress) {
    try (LineChannel lines = connect("be asked for a backup")) {
      lines.send(new AdminMessage.Backup(to), SEND_MAX);
      while (true) {
        switch (lines.receive(null)) {
          case AdminMessage.Report report -> progress.report(report.work(), report.done(), report.total());
          case AdminMessage.Done done -> {
            return done.summary();
          }
          case AdminMessage.Failed failed -> throw failure(failed);
          case null -> throw new IOException("it ended the connection");
          default -> throw new IOException("it answered something else");
        }
      }
    } catch (IOException e) {
      throw new KvException.Unavailable(
          ErrorCode.IO_FAILURE, "The server did not say that the backup is complete: " + e.getMessage() + ". Look at its log.", e);
    }
  }

  /**
   * Has the configuration service do something with its state, and waits for it.
   *
   * @return lines to be shown
   * @throws KvException as {@link #backup}
   */
  public List<String> cas(String verb, String argument) {
    List<String> text = new ArrayList<>();
    try (LineChannel lines = connect("be asked")) {
      lines.send(new AdminMessage.Cas(verb, argument), SEND_MAX);
      while (true) {
        switch (lines.receive(null)) {
          case AdminMessage.Line line -> text.add(line.text());
          case AdminMessage.End _ -> {
            return text;
          }
          case AdminMessage.Failed failed -> throw failure(failed);
          case null -> throw new IOException("it ended the connection");
          default -> throw new IOException("it answered something else");
        }
      }
    } catch (IOException e) {
      throw new KvException.Unavailable(
          ErrorCode.IO_FAILURE, "The configuration service did not say that it is done: " + e.getMessage() + ". Look at its log.", e);
    }
  }

  private LineChannel connect(String purpose) throws IOException {
    try {
      return new LineChannel(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.STORE_IN_USE,
          "The database is in use, and not by a server that could " + purpose + " (" + socket + ": " + e.getMessage()
              + "). A program that embeds it must be closed first, or call EmbeddedStore.backup itself. A server must run as the same "
              + "user, with the same XDG_STATE_HOME.", e);
    }
  }

  private static KvException failure(AdminMessage.Failed failed) {
    return switch (failed.code()) {
      case INVALID_ARGUMENT -> new KvException.InvalidRequest(failed.code(), failed.message());
      case STORE_CLOSED -> new KvException.Closed(failed.code(), failed.message());
      default -> new KvException.Unavailable(failed.code(), failed.message(), null);
    };
  }
}
