package org.treatydb.examples.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.treatydb.examples.process.JavaProcess;

/**
 * How much memory an engine's process holds. Run as a process of its own, so that one side's memory is not the other's:
 * opens the engine, fills its caches and its write buffers, and prints what is held then.
 */
final class MemoryProbe {

  private static final int THREADS = 8;
  private static final String NO_ENGINE = "none";

  /** What is measured, in MiB. */
  enum Figure {
    /** Memory of the process, native memory included, after a garbage collection. */
    RESIDENT,
    /** The most the process has held. */
    RESIDENT_PEAK,
    /** What is live in the Java heap. */
    HEAP;

    String figureName() {
      return "memory_" + name().toLowerCase(Locale.ROOT);
    }
  }

  private MemoryProbe() {}

  /** Measures an engine in a new process, which ends before this returns. */
  static Map<Figure, Double> measure(EngineUnderTest.Kind kind, Path directory, StoragePlan plan) throws IOException, InterruptedException {
    return measure(kind.name(), directory, plan);
  }

  /** Measures a process that opens no engine. */
  static Map<Figure, Double> measureEmpty(Path directory, StoragePlan plan) throws IOException, InterruptedException {
    return measure(NO_ENGINE, directory, plan);
  }

  private static Map<Figure, Double> measure(String engine, Path directory, StoragePlan plan) throws IOException, InterruptedException {
    List<String> command = JavaProcess.command(
        List.of("-Xmx" + plan.probeHeapMebibytes() + "m"), MemoryProbe.class, engine, directory.toString(),
        Long.toString(plan.smallCacheBytes()), Integer.toString(plan.rows()), Long.toString(plan.roundNanos()));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    int status = process.waitFor();
    if (status != 0) {
      throw new IllegalStateException("the process of " + engine + " ended with status " + status);
    }
    Map<Figure, Double> figures = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      String value = lines.stream().filter(line -> line.startsWith(figure + " ")).findFirst().orElseThrow();
      figures.put(figure, Double.valueOf(value.substring(figure.name().length() + 1)));
    }
    return figures;
  }

  /** Arguments: engine, directory, bytes of its caches, rows, nanoseconds of each kind of work. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals(NO_ENGINE)) {
      print();
      return;
    }
    int rows = Integer.parseInt(args[3]);
    long nanos = Long.parseLong(args[4]);
    try (EngineUnderTest engine = EngineUnderTest.Kind.valueOf(args[0]).open(Path.of(args[1]), Long.parseLong(args[2]))) {
      engine.scan(new byte[0], Integer.MAX_VALUE);
      Clients.run(THREADS, nanos, () -> Clients.reading(() -> engine.get(Row.key(ThreadLocalRandom.current().nextInt(rows)))));
      Clients.run(THREADS, nanos, () -> Clients.reading(() -> update(engine, rows)));
      ProcessIo.awaitQuiet(TimeUnit.SECONDS.toNanos(30));
      print();
    }
  }

  private static void update(EngineUnderTest engine, int rows) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    engine.write(List.of(Row.of(random.nextInt(rows), random)));
  }

  private static void print() {
    double peak = ProcessIo.residentBytesPeak();
    System.gc();
    double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    double resident = ProcessIo.residentBytes();
    print(Figure.RESIDENT, resident);
    print(Figure.RESIDENT_PEAK, peak);
    print(Figure.HEAP, heap);
  }

  private static void print(Figure figure, double bytes) {
    System.out.println(figure + " " + bytes / (1 << 20));
  }
}
