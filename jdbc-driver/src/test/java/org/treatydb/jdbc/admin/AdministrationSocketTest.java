package org.treatydb.jdbc.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;

@Timeout(60)
class AdministrationSocketTest {

  private static final BackupSummary SUMMARY = new BackupSummary(5, 99);

  @TempDir
  Path directory;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final CompletableFuture<KvException> givenUp = new CompletableFuture<>();
  private Path path;
  private AdministrationSocket socket;

  @BeforeEach
  void open() throws IOException {
    path = directory.resolve("sockets").resolve("s");
    socket = AdministrationSocket.open(path, this::backup, Duration.ofSeconds(1));
  }

  @AfterEach
  void close() throws IOException {
    mayEnd.countDown();
    socket.close();
  }

  /** Stands for the store: what it does depends on the name of the place. */
  private BackupSummary backup(Path to, Progress progress) {
    switch (to.getFileName().toString()) {
      case "full" -> throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "not empty");
      case "broken" -> throw new IllegalStateException("secret of the server");
      case "long" -> {
        try {
          while (!mayEnd.await(10, TimeUnit.MILLISECONDS)) {
            progress.report("copying", 1, 2);
            begun.countDown();
          }
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        } catch (KvException e) {
          givenUp.complete(e);
          throw e;
        }
      }
      default -> progress.report("copying", 2, 2);
    }
    return SUMMARY;
  }

  private BackupSummary ask(String to) {
    return new ServedStore(path).backup(directory.resolve(to), Progress.NONE);
  }

  private SocketChannel connect() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path));
  }

  private static String rest(SocketChannel channel) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(answer) >= 0) {
        continue;
      }
    } catch (IOException e) {
      // What was not read of our bytes makes the system reset the connection, after the answer.
    }
    return StandardCharsets.US_ASCII.decode(answer.flip()).toString();
  }

  private String say(byte[] bytes) throws IOException {
    try (SocketChannel channel = connect()) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        return "";
      }
      channel.shutdownOutput();
      return rest(channel);
    }
  }

  @Test
  void aRequestIsAnsweredWithReportsAndTheResult() {
    List<String> reports = new ArrayList<>();
    BackupSummary made =
        new ServedStore(path).backup(directory.resolve("x"), (work, done, total) -> reports.add(work + " " + done + "/" + total));
    assertEquals(SUMMARY, made);
    assertEquals(List.of("copying 2/2"), reports);
    KvException.InvalidRequest refused = assertThrows(KvException.InvalidRequest.class, () -> ask("full"));
    assertEquals("not empty", refused.getMessage());
    KvException.Unavailable broken = assertThrows(KvException.Unavailable.class, () -> ask("broken"));
    assertFalse(broken.getMessage().contains("secret"), broken.getMessage());
    assertEquals(SUMMARY, ask("x"));
  }

  @Test
  void onlyTheOwnerReachesTheSocket() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path.getParent())));
  }

  @Test
  void aDirectoryOthersCouldEnterIsClosedToThem() throws IOException {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (AdministrationSocket other = AdministrationSocket.open(open.resolve("s"), this::backup)) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(open)));
      assertTrue(Files.exists(open.resolve("s")), other.toString());
    }
  }

  @Test
  void hostileInputHarmsNothing() throws IOException {
    Random random = new Random(11);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[random.nextInt(3 * LineChannel.LINE_BYTES_MAX)];
      random.nextBytes(garbage);
      say(garbage);
    }
    byte[] endless = new byte[1 << 20];
    Arrays.fill(endless, (byte) 'a');
    say(endless);
    say(new byte[0]);
    assertTrue(say("1 backup /tm".getBytes(StandardCharsets.US_ASCII)).contains("failed INVALID_ARGUMENT"));
    assertTrue(say("2 backup /tmp\n".getBytes(StandardCharsets.US_ASCII)).contains("another+version"));
    assertTrue(say("1 backup tmp\n".getBytes(StandardCharsets.US_ASCII)).contains("failed INVALID_ARGUMENT"));
    assertTrue(say("1 done 1 1\n".getBytes(StandardCharsets.US_ASCII)).contains("failed INVALID_ARGUMENT"));
    assertEquals(SUMMARY, ask("x"));
  }

  @Test
  void whoSaysNothingIsSentAwayAndHoldsUpNobodyForLong() throws IOException {
    List<SocketChannel> silent = new ArrayList<>();
    for (int i = 0; i < AdministrationSocket.CONNECTIONS_MAX; i++) {
      silent.add(connect());
    }
    for (SocketChannel channel : silent) {
      assertTrue(rest(channel).contains("in+time"));
      channel.close();
    }
    assertEquals(SUMMARY, ask("x"));
  }

  @Test
  void onlyOneBackupIsMadeAtATime() throws Exception {
    CompletableFuture<BackupSummary> first = CompletableFuture.supplyAsync(() -> ask("long"));
    begun.await();
    KvException.Unavailable refused = assertThrows(KvException.Unavailable.class, () -> ask("x"));
    assertEquals(ErrorCode.STORE_IN_USE, refused.code());
    mayEnd.countDown();
    assertEquals(SUMMARY, first.get());
    assertEquals(SUMMARY, ask("x"));
  }

  @Test
  void aBackupIsGivenUpWhenWhoAskedGoesAway() throws Exception {
    try (SocketChannel channel = connect()) {
      channel.write(StandardCharsets.US_ASCII.encode(AdminCodec.encode(new AdminMessage.Backup(directory.resolve("long"))) + "\n"));
      begun.await();
    }
    assertTrue(givenUp.get().getMessage().contains("gone"));
  }

  @Test
  void closingGivesUpABackupAndSaysSo() throws Exception {
    CompletableFuture<BackupSummary> asked = CompletableFuture.supplyAsync(() -> ask("long"));
    begun.await();
    socket.close();
    assertFalse(Files.exists(path));
    assertTrue(givenUp.isDone());
    ExecutionException failed = assertThrows(ExecutionException.class, asked::get);
    assertEquals(KvException.Closed.class, failed.getCause().getClass());
    assertThrows(KvException.Unavailable.class, () -> ask("x"));
  }

  @Test
  void closingDoesNotWaitForWhoSaysNothing() throws IOException {
    Path other = directory.resolve("sockets").resolve("p");
    AdministrationSocket patient = AdministrationSocket.open(other, this::backup, Duration.ofHours(1));
    try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(other))) {
      patient.close();
      assertEquals("", rest(silent));
    }
  }

  @Test
  void aStaleSocketIsReplaced() throws IOException {
    Path stale = directory.resolve("sockets").resolve("stale");
    Files.writeString(stale, "left behind");
    try (AdministrationSocket replaced = AdministrationSocket.open(stale, this::backup)) {
      assertEquals(SUMMARY, new ServedStore(stale).backup(directory.resolve("x"), Progress.NONE), replaced.toString());
    }
  }

  @Test
  void aPathTooLongForASocketIsRefused() {
    Path deep = directory.resolve("d".repeat(120)).resolve("s");
    assertThrows(IOException.class, () -> AdministrationSocket.open(deep, this::backup));
  }
}
