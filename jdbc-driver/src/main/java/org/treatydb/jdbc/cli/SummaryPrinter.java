package org.treatydb.jdbc.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import org.treatydb.kv.api.StoreSummary;

/** Prints what a store holds, a line for each thing. */
final class SummaryPrinter {

  private final PrintWriter out;

  SummaryPrinter(PrintWriter out) {
    this.out = out;
  }

  void print(StoreSummary summary) {
    line("store", summary.storeId());
    line("leaves", summary.leaves());
    line("entries", summary.versions() + " in leaves, " + summary.walWrites() + " in the WAL only");
    line("bytes", summary.leafBytes());
    line("WAL record", summary.walRecord());
    line("MANIFEST record", summary.manifestRecord());
    line("oldest commit", time(summary.oldest()));
    line("newest commit", time(summary.newest()));
    out.flush();
  }

  private static String time(Optional<Instant> time) {
    return time.map(Instant::toString).orElse("none");
  }

  private void line(String name, Object value) {
    out.printf("%-16s %s%n", name, value);
  }
}
