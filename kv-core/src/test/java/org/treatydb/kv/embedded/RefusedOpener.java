package org.treatydb.kv.embedded;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.treatydb.kv.api.KvException;

/** A child process that tries to open the store below the directory named, and says how that went. */
final class RefusedOpener {

  private RefusedOpener() {}

  public static void main(String[] arguments) throws Exception {
    String outcome;
    try {
      new TemporaryStore(Path.of(arguments[0])).open();
      outcome = "opened";
    } catch (KvException e) {
      outcome = "refused " + e.code();
    }
    try (java.io.OutputStream out = new java.io.FileOutputStream(java.io.FileDescriptor.out)) {
      out.write((outcome + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    Runtime.getRuntime().halt(0);
  }
}
