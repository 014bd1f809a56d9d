package org.treatydb.sql.conformance;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.sql.conformance.SqlLogicRun.Failure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code calcite-adapter/bin/sqllogictest} runs. */
@Command(
    name = "sqllogictest",
    mixinStandardHelpOptions = true,
    description = "Runs the SQLite corpus of 7 million statements and queries, or a part of it, and tells what deviates; the known "
        + "deviations are explained in calcite-adapter/docs/conformance.md. Exits with status 1 if there are others.")
public final class SqlLogicCommand implements Callable<Integer> {

  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int PROGRESS_SECONDS = 10;
  private static final int SQL_SHOWN_MAX = 400;

  @Parameters(paramLabel = "FILE", description = "Only files whose names begin so: select1, random/expr, index/view/10 …")
  private List<String> prefixes = new ArrayList<>();

  @Option(names = "--every", paramLabel = "N", description = "Of the queries of a file, run one in N.")
  private int every = 1;

  @Option(names = "--threads", paramLabel = "N", description = "So many files at once; as many as there are processors if not given.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--seconds", paramLabel = "N", description = "Stop after so many seconds.")
  private long seconds = Long.MAX_VALUE / 2 / NANOS_PER_SECOND;

  @Option(names = "--show", paramLabel = "N", description = "So many unexpected deviations are shown (20).")
  private int shownMax = 20;

  private final ReentrantLock printing = new ReentrantLock();
  private final Map<String, Long> known = new TreeMap<>();
  private final Map<String, long[]> kinds = new TreeMap<>();
  private final AtomicLong queries = new AtomicLong();
  private final AtomicLong statements = new AtomicLong();
  private final AtomicLong bytesDone = new AtomicLong();
  private final AtomicInteger filesDone = new AtomicInteger();
  private long knownTotal;
  private long unknown;
  private long start;
  private long lastProgress;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SqlLogicCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    List<SqlLogicCorpus.Script> scripts = SqlLogicCorpus.scripts().stream()
        .filter(script -> prefixes.isEmpty() || prefixes.stream().anyMatch(script.name()::startsWith)).toList();
    long bytes = scripts.stream().mapToLong(SqlLogicCorpus.Script::bytes).sum();
    start = System.nanoTime();
    lastProgress = start;
    AtomicInteger next = new AtomicInteger();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      workers.add(Thread.ofPlatform().start(() -> {
        for (int each = next.getAndIncrement(); each < scripts.size() && !isOver(); each = next.getAndIncrement()) {
          run(scripts.get(each), scripts.size(), bytes);
        }
      }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    OUT.println();
    kinds.forEach((kind, counts) -> OUT.printf(Locale.ROOT, "%-28s %9d queries %8d statements %7d known deviations %5d others%n",
        kind, counts[0], counts[1], counts[2], counts[3]));
    known.forEach((reason, count) -> OUT.printf(Locale.ROOT, "%9d times: %s%n", count, reason));
    OUT.println(progress(scripts.size(), bytes));
    return unknown == 0 ? 0 : 1;
  }

  private boolean isOver() {
    return System.nanoTime() - start > seconds * NANOS_PER_SECOND;
  }

  private void run(SqlLogicCorpus.Script script, int files, long bytes) {
    long[] counts = new long[4];
    SqlLogicRun run = new SqlLogicRun(script, every, failure -> failed(failure, counts));
    try {
      run.run(_ -> isOver());
    } catch (Exception e) {
      failed(new Failure(script, new SqlLogicRecord.Statement(0, "", false), e.toString()), counts);
    }
    queries.addAndGet(run.queries());
    statements.addAndGet(run.statements());
    counts[0] = run.queries();
    counts[1] = run.statements();
    bytesDone.addAndGet(script.bytes());
    filesDone.incrementAndGet();
    printing.lock();
    try {
      long[] sums = kinds.computeIfAbsent(script.kind().replaceFirst("/\\d+$", ""), _ -> new long[counts.length]);
      for (int i = 0; i < counts.length; i++) {
        sums[i] += counts[i];
      }
      if (System.nanoTime() - lastProgress > PROGRESS_SECONDS * NANOS_PER_SECOND) {
        lastProgress = System.nanoTime();
        OUT.println(progress(files, bytes));
      }
    } finally {
      printing.unlock();
    }
  }

  private void failed(Failure failure, long[] counts) {
    SqlLogicDeviation deviation = SqlLogicDeviation.of(failure);
    printing.lock();
    try {
      if (deviation != null) {
        counts[2]++;
        knownTotal++;
        known.merge(deviation.reason(), 1L, Long::sum);
      } else {
        counts[3]++;
        if (unknown++ < shownMax) {
          String sql = failure.sql().sql().strip().replaceAll("\\s+", " ");
          OUT.println(failure.script().name() + ":" + failure.sql().line() + ": " + failure.what() + "\n    "
              + sql.substring(0, Math.min(sql.length(), SQL_SHOWN_MAX)));
        }
      }
    } finally {
      printing.unlock();
    }
  }

  private String progress(int files, long bytes) {
    double elapsed = (System.nanoTime() - start) / (double) NANOS_PER_SECOND;
    double part = bytes == 0 ? 1 : bytesDone.get() / (double) bytes;
    return String.format(Locale.ROOT, "%d of %d files (%.1f %%), %d queries and %d statements in %.0f s, %d known deviations, %d others%s",
        filesDone.get(), files, part * 100, queries.get(), statements.get(), elapsed, knownTotal, unknown,
        part == 0 || part >= 1 ? "" : String.format(Locale.ROOT, "; about %.0f minutes to go", elapsed * (1 - part) / part / 60));
  }
}
