package org.treatydb.kv.history;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * A history as a file of lines, one for each beginning, each attempt to commit, each end, written when it happens and there for good even
 * if the process is killed the next moment (though not if the machine loses power). The order of the lines is the history's clock.
 * Thread-safe.
 */
public final class HistoryFile implements HistoryRecorder.Journal, AutoCloseable {

  private static final String BEGINS = "begins";
  private static final String COMMITS = "commits";
  private static final String ENDED = "ended";

  private final FileOutputStream out;
  private final ReentrantLock lock = new ReentrantLock();

  public HistoryFile(Path file) {
    try {
      this.out = new FileOutputStream(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void begins(int process) {
    write(BEGINS + " " + process);
  }

  @Override
  public void commits(int process, List<Operation> operations) {
    write(COMMITS + " " + process + operations.stream().map(HistoryFile::encoded).collect(Collectors.joining()));
  }

  @Override
  public void ended(int process, Outcome outcome) {
    write(ENDED + " " + process + " " + outcome);
  }

  private static String encoded(Operation operation) {
    return switch (operation) {
      case Operation.Append append -> ";append " + append.key() + " " + append.value();
      case Operation.Read read -> ";read " + read.key() + encoded(read.values());
      case Operation.Scan scan -> ";scan " + scan.key() + encoded(scan.values());
    };
  }

  private static String encoded(int[] values) {
    return Arrays.stream(values).mapToObj(value -> " " + value).collect(Collectors.joining());
  }

  private void write(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
    lock.lock();
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads what several processes wrote, one after the other, each on the store that the one before left behind. Who was asked to commit and
   * never said what came of it has an unknown outcome, decided when the next process begins; who was not asked, had not happened.
   */
  public static History read(List<Path> files) {
    Reader reader = new Reader();
    files.forEach(reader::readFile);
    reader.read.sort(Comparator.comparingLong(RecordedTransaction::invoked));
    return new History(reader.read);
  }

  private static final class Reader {

    private record Open(long invoked, List<Operation> operations, boolean commits) {}

    private final List<RecordedTransaction> read = new ArrayList<>();
    private final Map<Integer, Open> open = new HashMap<>();
    private long moment;

    void readFile(Path file) {
      try {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        // The last line may have been cut by a kill.
        BufferedReader whole = new BufferedReader(new StringReader(text.substring(0, text.lastIndexOf('\n') + 1)));
        whole.lines().forEach(this::readLine);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      long settled = ++moment;
      open.forEach((process, each) -> {
        if (each.commits) {
          read.add(new RecordedTransaction(process, each.invoked, settled, Outcome.UNKNOWN, each.operations));
        }
      });
      open.clear();
    }

    private void readLine(String line) {
      String[] parts = line.split(";");
      String[] words = parts[0].split(" ");
      int process = Integer.parseInt(words[1]);
      moment++;
      switch (words[0]) {
        case BEGINS -> require(open.put(process, new Open(moment, List.of(), false)) == null, line);
        case COMMITS -> {
          Open begun = open.get(process);
          require(begun != null && !begun.commits, line);
          List<Operation> operations = Arrays.stream(parts).skip(1).map(Reader::decoded).toList();
          open.put(process, new Open(begun.invoked, operations, true));
        }
        case ENDED -> {
          Open ended = open.remove(process);
          Outcome outcome = Outcome.valueOf(words[2]);
          require(ended != null && (ended.commits || outcome == Outcome.ABORTED), line);
          read.add(new RecordedTransaction(process, ended.invoked, moment, outcome, ended.operations));
        }
        default -> require(false, line);
      }
    }

    private static void require(boolean condition, String line) {
      if (!condition) {
        throw new IllegalArgumentException("no history has this line here: " + line);
      }
    }

    private static Operation decoded(String text) {
      String[] words = text.split(" ");
      int key = Integer.parseInt(words[1]);
      int[] values = Arrays.stream(words).skip(2).mapToInt(Integer::parseInt).toArray();
      return switch (words[0]) {
        case "append" -> new Operation.Append(key, values[0]);
        case "read" -> new Operation.Read(key, values);
        case "scan" -> new Operation.Scan(key, values);
        default -> throw new IllegalArgumentException("no operation: " + text);
      };
    }
  }
}
