package org.treatydb.examples.musicstore;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.treatydb.examples.process.JavaProcess;

/**
 * The main job: a music store's books on a disk that somebody else owns. Loads, sells, reports, is killed in the middle
 * of a sale and comes back, is attacked and notices. Takes the directory to work in as its argument; what an earlier
 * run left there is removed. Ends with status 1 if anything is not as it should be.
 */
public final class MusicStore {

  private static final int SALES_PER_TILL = 250;
  private static final int SALES_BEFORE_KILL = 400;
  private static final int SALES_BEFORE_ROLLBACK = 25;

  private final Path directory;
  private final Path data;
  private final String url;
  private final Intruder intruder;

  private MusicStore(Path directory) {
    this.directory = directory;
    this.data = directory.resolve("data");
    this.url = "jdbc:treaty:file:" + data + ";counterDir=" + directory.resolve("counters") + ";keyFile=" + directory.resolve("root.key");
    this.intruder = new Intruder(data);
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args.length > 0 ? args[0] : "music-store").toAbsolutePath();
    Intruder.delete(directory);
    Files.createDirectories(directory);
    new MusicStore(directory).run();
    say("All is as it should be. The store stays in " + directory);
  }

  private void run() throws Exception {
    say("1. Loading the Chinook music store into " + url);
    makeKey();
    List<String> secrets;
    try (Connection connection = connect()) {
      long rows = new ChinookLoader(connection).load();
      Till.prepare(connection, Tills.COUNT);
      secrets = ChinookLoader.customerSecrets(connection);
      tell("loaded %,d rows".formatted(rows));
    }
    say("2. Selling tracks at " + Tills.COUNT + " tills at once");
    sell();
    say("3. Killing the process that sells, in the middle of it");
    killAndReopen();
    say("4. Looking for customers in the files");
    lookForPlaintext(secrets);
    say("5. Attack: one bit of a data file is changed");
    flipOneBit();
    say("6. Attack: yesterday's files are put back");
    rollBack();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  private void makeKey() throws IOException {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Files.writeString(directory.resolve("root.key"), HexFormat.of().formatHex(key));
    Files.setPosixFilePermissions(
        directory.resolve("root.key"), PosixFilePermissions.fromString("rw-------"));
  }

  private void sell() throws SQLException {
    long start = System.nanoTime();
    Tills.Result result = new Tills(url).sell(SALES_PER_TILL, invoice -> { });
    double seconds = (System.nanoTime() - start) / 1e9;
    tell("%,d sales committed, %,d called off, %,d run again after a conflict; %.0f sales a second"
        .formatted(result.sold(), result.calledOff(), result.retries(), result.sold() / seconds));
    try (Connection connection = connect()) {
      Books books = new Books(connection);
      books.printReports();
      System.out.println();
      requireBalance(books);
    }
  }

  private static void requireBalance(Books books) throws SQLException {
    List<String> faults = books.faults();
    require(faults.isEmpty(), "the books do not balance: " + faults);
    tell("the books balance; revenue so far " + books.revenue());
  }

  private void killAndReopen() throws Exception {
    Set<Integer> acknowledged = new TreeSet<>();
    Process child = new ProcessBuilder(JavaProcess.command(List.of(), Tills.class, url))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("sold ")) {
          acknowledged.add(Integer.valueOf(line.substring(5)));
        }
        if (acknowledged.size() == SALES_BEFORE_KILL) {
          child.toHandle().destroyForcibly();
        }
      }
    }
    int status = child.waitFor();
    require(acknowledged.size() >= SALES_BEFORE_KILL, "the selling process ended by itself, with status " + status);
    tell("killed process %d (SIGKILL) after %,d acknowledged sales".formatted(child.pid(), acknowledged.size()));
    try (Connection connection = connect()) {
      Books books = new Books(connection);
      Set<Integer> missing = new TreeSet<>(acknowledged);
      missing.removeAll(books.soldInvoices());
      require(missing.isEmpty(), "acknowledged sales are missing: " + missing);
      tell("opened again: every acknowledged sale is there, and no half sale");
      requireBalance(books);
    }
  }

  private void lookForPlaintext(List<String> secrets) throws IOException {
    List<String> found = intruder.search(secrets);
    require(found.isEmpty(), "plaintext in the files: " + found);
    tell("%,d names and addresses, %,d bytes of files: not one of them is to be found".formatted(secrets.size(), intruder.bytes()));
  }

  private void flipOneBit() throws Exception {
    tell("changed " + intruder.flipBit());
    tell("refused: " + requireRefusal());
    tell("changed it back: " + intruder.flipBit());
    requireOpens();
  }

  private void rollBack() throws Exception {
    Path yesterday = directory.resolve("yesterday");
    Path today = directory.resolve("today");
    intruder.copyTo(yesterday);
    Tills.Result result = new Tills(url).sell(SALES_BEFORE_ROLLBACK, invoice -> { });
    intruder.copyTo(today);
    tell("copied the files, made %d more sales, put the copy back".formatted(result.sold()));
    intruder.putBack(yesterday);
    tell("refused: " + requireRefusal());
    intruder.putBack(today);
    tell("put today's files back");
    requireOpens();
  }

  /** Opens the store and reads everything; returns the error that this must end in. */
  private String requireRefusal() {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      for (String table : List.of("track", "invoice", "invoice_line", "playlist_track", "customer", "album", "artist", "account")) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
          while (rows.next()) {
            rows.getString(1);
          }
        }
      }
    } catch (SQLException e) {
      require("XX001".equals(e.getSQLState()), "an error, but not of integrity: " + e);
      return e.getMessage() + " (SQLState " + e.getSQLState() + ")";
    }
    throw new IllegalStateException("the attack went unnoticed");
  }

  private void requireOpens() throws SQLException {
    try (Connection connection = connect()) {
      requireBalance(new Books(connection));
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static void say(String text) {
    System.out.println();
    System.out.println(text);
  }

  private static void tell(String text) {
    System.out.println("  " + text);
  }
}
