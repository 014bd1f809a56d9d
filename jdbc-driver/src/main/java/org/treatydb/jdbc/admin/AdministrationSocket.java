package org.treatydb.jdbc.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;

/**
 * A server's administration socket. Who connects can have a backup made, that is, have a sealed copy of the store written into a new or
 * empty directory; and, where the store is that of a configuration service, have its state shown and changed. Nothing else. Reachable for
 * processes of the server's own user: the directory has mode 0700, the socket 0600, and the system is asked who is at the other end.
 *
 * <p>One backup at a time; it is given up when who asked for it goes away, or this closes. Thread-safe.
 */
public final class AdministrationSocket implements AutoCloseable {

  static final int CONNECTIONS_MAX = 8;

  private static final Logger LOG = LoggerFactory.getLogger(AdministrationSocket.class);

  /** How long a request may take to arrive, and an answer to be taken. */
  private static final Duration EXCHANGE_MAX = Duration.ofSeconds(10);
  private static final Duration REPORT_PERIOD = Duration.ofMillis(100);
  private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);
  private static final Duration END_MAX = Duration.ofSeconds(10);

  /** What makes a backup: as {@link org.treatydb.jdbc.embedded.Database#backup}. */
  public interface Backup {
    BackupSummary run(Path to, Progress progress);
  }

  /** What does something with the state of a configuration service. */
  public interface CasOperations {

    /**
     * Does it.
     *
     * @return lines to be shown
     */
    List<String> run(String verb, String argument);
  }

  private final Path path;
  private final ServerSocketChannel socket;
  private final UserPrincipal user;
  private final Backup backup;
  private final CasOperations cas;
  private final Duration exchangeMax;
  private final Semaphore connections = new Semaphore(CONNECTIONS_MAX);
  /** Connections whose request has not come yet. */
  private final Set<LineChannel> asking = ConcurrentHashMap.newKeySet();
  private final ReentrantLock oneBackup = new ReentrantLock();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().name("treaty-admin-", 0).factory());
  private volatile boolean closing;

  private AdministrationSocket(Path path, ServerSocketChannel socket, Backup backup, CasOperations cas, Duration exchangeMax)
      throws IOException {
    this.path = path;
    this.socket = socket;
    this.user = Files.getOwner(path);
    this.backup = backup;
    this.cas = cas;
    this.exchangeMax = exchangeMax;
  }

  /**
   * Listens at {@code path}. What is there is replaced: the caller has the store open that the path is named after, so nobody else listens
   * there any more.
   *
   * @throws IOException if that is not possible, or the directory belongs to another user
   */
  public static AdministrationSocket open(Path path, Backup backup) throws IOException {
    return open(path, backup, EXCHANGE_MAX);
  }

  /** As {@link #open(Path, Backup)}, for the store of a configuration service. */
  public static AdministrationSocket open(Path path, Backup backup, CasOperations cas) throws IOException {
    return open(path, backup, cas, EXCHANGE_MAX);
  }

  static AdministrationSocket open(Path path, Backup backup, Duration exchangeMax) throws IOException {
    return open(path, backup, AdministrationSocket::noCas, exchangeMax);
  }

  private static List<String> noCas(String verb, String argument) {
    throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "this is a database, not a configuration service");
  }

  private static AdministrationSocket open(Path path, Backup backup, CasOperations cas, Duration exchangeMax) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Files.deleteIfExists(path);
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      if (!Files.getOwner(directory).equals(Files.getOwner(path))) {
        throw new IOException(directory + " belongs to another user");
      }
      AdministrationSocket opened = new AdministrationSocket(path, socket, backup, cas, exchangeMax);
      opened.threads.execute(opened::accept);
      return opened;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void accept() {
    while (!closing) {
      try {
        SocketChannel connection = socket.accept();
        if (!closing && connections.tryAcquire()) {
          handOver(connection);
        } else {
          connection.close();
        }
      } catch (IOException e) {
        if (!closing) {
          LOG.warn("The administration socket could not take a connection: {}", e.toString());
          LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
        }
      }
    }
  }

  private void handOver(SocketChannel connection) throws IOException {
    try {
      threads.execute(() -> serve(connection));
    } catch (RejectedExecutionException e) {
      LOG.debug("A connection came while the administration socket was closing", e);
      connection.close();
    }
  }

  private void serve(SocketChannel connection) {
    try (LineChannel lines = new LineChannel(connection)) {
      UserPrincipal peer = connection.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
      if (!peer.equals(user)) {
        LOG.warn("A process of another user, {}, was refused at the administration socket", peer.getName());
        return;
      }
      lines.send(answer(lines), exchangeMax);
    } catch (IOException e) {
      LOG.debug("A connection to the administration socket broke", e);
    } catch (RuntimeException e) {
      LOG.error("A request at the administration socket could not be answered", e);
    } finally {
      connections.release();
    }
  }

  private AdminMessage answer(LineChannel lines) throws IOException {
    AdminMessage request;
    asking.add(lines);
    if (closing) {
      // Whoever closes may have looked through those who ask before this one was among them.
      lines.close();
    }
    try {
      request = lines.receive(exchangeMax);
    } catch (IOException e) {
      return new AdminMessage.Failed(ErrorCode.INVALID_ARGUMENT, "The request cannot be read: " + e.getMessage() + ".");
    } finally {
      asking.remove(lines);
    }
    return switch (request) {
      case AdminMessage.Backup wanted -> backUp(wanted, lines);
      case AdminMessage.Cas wanted -> operate(wanted, lines);
      case null, default -> new AdminMessage.Failed(ErrorCode.INVALID_ARGUMENT, "That is no request.");
    };
  }

  private AdminMessage operate(AdminMessage.Cas wanted, LineChannel lines) throws IOException {
    try {
      for (String line : cas.run(wanted.verb(), wanted.argument())) {
        lines.send(new AdminMessage.Line(line), exchangeMax);
      }
      return new AdminMessage.End();
    } catch (KvException e) {
      LOG.warn("The operation '{}' failed: {}", wanted.verb(), e.getMessage());
      return new AdminMessage.Failed(e.code(), e.getMessage());
    }
  }

  private AdminMessage backUp(AdminMessage.Backup wanted, LineChannel lines) {
    if (!oneBackup.tryLock()) {
      return new AdminMessage.Failed(ErrorCode.STORE_IN_USE, "Another backup of this database is being made.");
    }
    try {
      LOG.info("Making a backup in {}", wanted.to());
      BackupSummary made = backup.run(wanted.to(), new Reports(lines));
      LOG.info("Made a backup in {}", wanted.to());
      return new AdminMessage.Done(made);
    } catch (KvException e) {
      LOG.warn("The backup in {} failed: {}", wanted.to(), e.getMessage());
      return new AdminMessage.Failed(e.code(), e.getMessage());
    } finally {
      oneBackup.unlock();
    }
  }

  /** Tells the other side how far a backup is; gives the backup up if nobody wants it any more. */
  private final class Reports implements Progress {

    private final LineChannel lines;
    private long nextNanos = System.nanoTime();

    Reports(LineChannel lines) {
      this.lines = lines;
    }

    @Override
    public void report(String work, long done, long total) {
      if (closing) {
        throw new KvException.Closed(ErrorCode.STORE_CLOSED, "the server is closing; the backup is given up");
      }
      long now = System.nanoTime();
      if (now < nextNanos && done < total) {
        return;
      }
      nextNanos = now + REPORT_PERIOD.toNanos();
      try {
        lines.send(new AdminMessage.Report(work, done, total), exchangeMax);
      } catch (IOException e) {
        throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "who asked for it is gone", e);
      }
    }
  }

  /** Stops listening, removes the socket, and waits some seconds at most for a backup to be given up. */
  @Override
  public void close() throws IOException {
    closing = true;
    try (socket) {
      Files.deleteIfExists(path);
    }
    for (LineChannel lines : asking) {
      lines.close();
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(END_MAX.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("A backup was still being made when the server closed; what it has copied is no database");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
