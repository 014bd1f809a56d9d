package org.treatydb.jdbc.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.treatydb.dist.node.CodeMeasurement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what software attestation says of a node that this build runs. */
@Command(
    name = "measure",
    description = "Prints this build's measurement, which software attestation reports: SHA-256 over the code on the class path.",
    mixinStandardHelpOptions = true)
final class MeasureCommand implements Callable<Integer> {

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.println(CodeMeasurement.ofThisProcess());
    out.flush();
    return 0;
  }
}
