package org.treatydb.dist.node;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * A configuration file: Java properties in UTF-8. Names that nobody asks for are refused, so that no misspelt one is taken for a wish.
 * Not thread-safe.
 */
final class ConfigurationFile {

  private final Path file;
  private final Properties properties = new Properties();
  private final Set<String> asked = new HashSet<>();

  /** Reads {@code file}; fails with {@link KvException.InvalidRequest} if that is not to be had. */
  ConfigurationFile(Path file) {
    this.file = file;
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "cannot read the configuration file " + file + ": " + (e.getMessage() == null ? e : e.getMessage()));
    }
  }

  /** All names in the file, in order. */
  Set<String> names() {
    return new TreeSet<>(properties.stringPropertyNames());
  }

  Optional<String> optional(String name) {
    asked.add(name);
    return Optional.ofNullable(properties.getProperty(name)).map(String::strip).filter(value -> !value.isEmpty());
  }

  String required(String name) {
    return optional(name).orElseThrow(() -> invalid("does not say " + name));
  }

  /** A path; a relative one is relative to the file's directory. */
  Path path(String value) {
    try {
      return file.toAbsolutePath().resolveSibling(value).normalize();
    } catch (InvalidPathException e) {
      throw invalid("names a file that cannot be: " + e.getReason());
    }
  }

  KvException invalid(String finding) {
    return new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, file + " " + finding);
  }

  /** Refuses the file if it has names that nobody has asked for. */
  void expectNoOthers() {
    Set<String> unknown = names();
    unknown.removeAll(asked);
    if (!unknown.isEmpty()) {
      throw invalid("says " + String.join(", ", unknown) + ", which nobody knows");
    }
  }
}
