package org.treatydb.dist.model;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tlc2.TLC;

/**
 * One run of the model checker TLC over one of the models in {@code src/model}.
 *
 * @param module the model, whose configuration has its name, too
 * @param constants what is different from that configuration
 * @param met a predicate that is to be met by some state; empty to check the invariants
 */
record ModelCheck(String module, Map<String, String> constants, String met) {

  private static final Path MODELS = Path.of("src", "model");
  private static final String NEVER = "NeverMet";
  private static final Pattern BROKEN = Pattern.compile("Error: (?:Invariant|Action property) (\\w+) is violated");
  private static final Pattern STATES = Pattern.compile("(\\d+) states generated, (\\d+) distinct states found, (\\d+) states left");
  private static final Pattern STEP = Pattern.compile("^State (\\d+):", Pattern.MULTILINE);

  /**
   * How a run ended.
   *
   * @param states different states seen
   * @param isComplete whether those are all there are
   * @param broken what did not hold; empty if all did
   * @param steps of the shortest way to where it did not hold
   * @param output all that TLC said
   */
  record Result(long states, boolean isComplete, String broken, int steps, String output) {}

  /** The model as its configuration says. */
  static ModelCheck of(String module) {
    return new ModelCheck(module, Map.of(), "");
  }

  ModelCheck with(String constant, String value) {
    Map<String, String> changed = new LinkedHashMap<>(constants);
    changed.put(constant, value);
    return new ModelCheck(module, changed, met);
  }

  /** A control: the model without one defence. */
  ModelCheck without(String defence) {
    return with(defence, "FALSE");
  }

  /** Whether some state is what {@code predicate} says. Then {@link Result#broken} is not empty. */
  ModelCheck meets(String predicate) {
    return new ModelCheck(module, constants, predicate);
  }

  private String configuration() throws IOException {
    String text = Files.readString(MODELS.resolve(module + ".cfg"));
    for (Map.Entry<String, String> each : constants.entrySet()) {
      Matcher line = Pattern.compile("^  " + each.getKey() + " = .*$", Pattern.MULTILINE).matcher(text);
      if (!line.find()) {
        throw new IllegalArgumentException(module + " has no constant " + each.getKey());
      }
      text = line.replaceFirst(Matcher.quoteReplacement("  " + each.getKey() + " = " + each.getValue()));
    }
    return met.isEmpty() ? text : text.lines()
        .filter(line -> !line.startsWith("PROPERTY"))
        .map(line -> line.startsWith("INVARIANTS") ? "INVARIANTS " + NEVER : line)
        .collect(Collectors.joining("\n"));
  }

  private void prepare(Path directory) throws IOException {
    Files.copy(MODELS.resolve(module + ".tla"), directory.resolve(module + ".tla"));
    String never = met.isEmpty() ? "" : NEVER + " == ~" + met + "\n";
    Files.writeString(directory.resolve("Check.tla"), "---- MODULE Check ----\nEXTENDS " + module + "\n" + never + "====\n");
    Files.writeString(directory.resolve("Check.cfg"), configuration());
  }

  /** Runs them one after the other, in a process of their own, since TLC keeps its state in static fields. */
  static Map<String, Result> run(Map<String, ModelCheck> checks, Path directory) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + directory,
        "-cp", placeOf(TlcRuns.class) + File.pathSeparator + placeOf(TLC.class), TlcRuns.class.getName()));
    Map<String, Path> directories = new LinkedHashMap<>();
    for (Map.Entry<String, ModelCheck> each : checks.entrySet()) {
      Path own = Files.createTempDirectory(directory, "check");
      each.getValue().prepare(own);
      directories.put(each.getKey(), own);
      command.add(own.toString());
    }
    Process process = new ProcessBuilder(command)
        .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(directory.resolve("output").toFile()).start();
    try {
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    Map<String, Result> results = new LinkedHashMap<>();
    for (Map.Entry<String, Path> each : directories.entrySet()) {
      Path output = each.getValue().resolve(TlcRuns.OUTPUT);
      if (!Files.exists(output)) {
        throw new AssertionError(Files.readString(directory.resolve("output")));
      }
      results.put(each.getKey(), checks.get(each.getKey()).result(Files.readString(output)));
    }
    return results;
  }

  private static String placeOf(Class<?> of) {
    return of.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  private Result result(String output) {
    Matcher states = STATES.matcher(output);
    if (!states.find()) {
      throw new AssertionError("TLC failed with " + this + ":\n" + output);
    }
    Matcher broken = BROKEN.matcher(output);
    boolean isBroken = broken.find();
    boolean isComplete = output.contains("Model checking completed. No error has been found.") && states.group(3).equals("0");
    if (!isBroken && !isComplete) {
      throw new AssertionError("TLC failed with " + this + ":\n" + output);
    }
    List<String> steps = STEP.matcher(output).results().map(step -> step.group(1)).toList();
    return new Result(
        Long.parseLong(states.group(2)), isComplete, isBroken ? broken.group(1) : "",
        steps.isEmpty() ? 0 : Integer.parseInt(steps.getLast()), output);
  }
}
