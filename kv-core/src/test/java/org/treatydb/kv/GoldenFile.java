package org.treatydb.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The bytes of a format as they were when it was settled, in {@code src/test/resources/golden}. A test that fails here
 * has changed a format on disk: that needs a new version byte and code that still reads the old one. Only for a format
 * that no store has been written with yet: {@code mvn -pl kv-core test -Dgolden.update=true} rewrites them all.
 */
public final class GoldenFile {

  private static final Path SOURCES = Path.of("src", "test", "resources", "golden");
  private static final int BYTES_PER_LINE = 32;

  private GoldenFile() {}

  /** Compares {@code bytes} with the golden file {@code name}; returns what the file holds, to be decoded. */
  public static byte[] check(String name, byte[] bytes) {
    if (Boolean.getBoolean("golden.update")) {
      write(name, bytes);
      return bytes;
    }
    try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name + ".hex")) {
      if (in == null) {
        throw new AssertionError("there is no golden file " + name);
      }
      String golden = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(golden, lines(bytes), "the format of " + name + " has changed");
      return HexFormat.of().parseHex(golden.replace("\n", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String name, byte[] bytes) {
    try {
      Files.createDirectories(SOURCES);
      Files.writeString(SOURCES.resolve(name + ".hex"), lines(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lines(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int from = 0; from < bytes.length; from += BYTES_PER_LINE) {
      text.append(HexFormat.of().formatHex(bytes, from, Math.min(bytes.length, from + BYTES_PER_LINE))).append('\n');
    }
    return text.toString();
  }
}
