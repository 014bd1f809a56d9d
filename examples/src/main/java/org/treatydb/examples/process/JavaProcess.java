package org.treatydb.examples.process;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Another Java process like this one: same Java, same class path, same flags. */
public final class JavaProcess {

  private JavaProcess() {}

  /** The command that runs {@code main} with {@code arguments}; {@code flags} are given to Java after this process's own. */
  public static List<String> command(List<String> flags, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
