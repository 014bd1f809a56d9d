package org.treatydb.jdbc.csv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVPrinter;

/** Writes refused records as they stood in their file, below its header: corrected, they can be imported as that was. Not thread-safe. */
public final class RejectionFile implements Consumer<Rejection> {

  private final CSVPrinter printer;
  private boolean headerIsMissing;

  /** {@code out}: is left open. */
  public RejectionFile(Appendable out, CsvDialect dialect, boolean header) throws IOException {
    this.printer = new CSVPrinter(out, dialect.format());
    this.headerIsMissing = header;
  }

  @Override
  public void accept(Rejection rejection) {
    try {
      if (headerIsMissing) {
        printer.printRecord(rejection.columns());
        headerIsMissing = false;
      }
      printer.printRecord(rejection.values());
      printer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the rejected records cannot be written", e);
    }
  }
}
