package org.treatydb.jdbc.cli;

import java.io.Console;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.treatydb.kv.api.Progress;

/** A progress bar on the standard error, if a terminal is there to see it. Not thread-safe. */
final class TerminalProgress implements Progress, AutoCloseable {

  private final boolean visible;
  private String work;
  private ProgressBar bar;

  TerminalProgress() {
    Console console = System.console();
    visible = console != null && console.isTerminal();
  }

  @Override
  public void report(String nextWork, long done, long total) {
    if (!visible) {
      return;
    }
    if (!nextWork.equals(work)) {
      finish();
      work = nextWork;
      bar = new ProgressBarBuilder()
          .setTaskName(work).setInitialMax(total).setConsumer(new ConsoleProgressBarConsumer(System.err)).build();
    }
    bar.stepTo(done);
  }

  /** Ends the present bar. */
  void finish() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  @Override
  public void close() {
    finish();
  }
}
