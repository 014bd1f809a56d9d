package org.treatydb.dist.cluster;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends this process, as the kernel kills, at a step told in advance. Thread-safe. */
final class KillSwitch {

  /** Any step. */
  static final String ANY = "any";

  private static final int SIGKILL = 9;

  private record Armed(String step, AtomicInteger left) {}

  private final MethodHandle kill = kill();
  private volatile Armed armed;

  /** Ends the process when it comes to that step for the {@code occurrence}-th time from now on; never, if that is 0. */
  void arm(String step, int occurrence) {
    armed = new Armed(step, new AtomicInteger(occurrence));
  }

  /** The process has come to {@code step}. */
  void reach(String step) {
    Armed target = armed;
    if (target == null || !target.step.equals(ANY) && !target.step.equals(step) || target.left.decrementAndGet() != 0) {
      return;
    }
    Says.line("dies " + step);
    try {
      int result = (int) kill.invokeExact((int) ProcessHandle.current().pid(), SIGKILL);
      throw new AssertionError("kill returned " + result);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle kill() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("kill"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }
}
