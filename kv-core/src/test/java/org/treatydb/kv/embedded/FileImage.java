package org.treatydb.kv.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every file below some directories, with its bytes and its time of change: equal images mean that nothing was touched. */
record FileImage(Map<String, String> files) {

  static FileImage of(Path... directories) {
    Map<String, String> files = new TreeMap<>();
    for (Path directory : directories) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path each : all.toList()) {
          String content = Files.isDirectory(each) ? "a directory" : "bytes " + Arrays.hashCode(Files.readAllBytes(each));
          files.put(each.toString(), content + " of " + Files.getLastModifiedTime(each));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new FileImage(files);
  }
}
