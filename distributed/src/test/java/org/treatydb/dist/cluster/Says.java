package org.treatydb.dist.cluster;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a child process says to its parent. Thread-safe. */
final class Says {

  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private Says() {}

  /** One write call, so that lines of different threads do not mix and none stays in a buffer. */
  static void line(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
