package org.treatydb.kv.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much of a log's segment was appended: a segment that was not closed ends in zeros. */
final class WrittenBytes {

  private WrittenBytes() {}

  /** The length of {@code segment} without the zeros at its end. */
  static int of(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
