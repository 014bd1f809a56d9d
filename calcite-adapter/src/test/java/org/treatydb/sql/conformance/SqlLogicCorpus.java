package org.treatydb.sql.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The files of the SQLite corpus, in the jar that they are published in. */
final class SqlLogicCorpus {

  private static final String ROOT = "test/";
  private static final String ANY = ROOT + "select1.test";

  private SqlLogicCorpus() {}

  /**
   * One file.
   *
   * @param name its path, such as {@code random/expr/slt_good_0.test}
   * @param bytes its length
   */
  record Script(String name, long bytes) {

    /** The folder, or, of a file that is in none, its name up to the dot: what it tests. */
    String kind() {
      int slash = name.lastIndexOf('/');
      return slash < 0 ? name.substring(0, name.indexOf('.')) : name.substring(0, slash);
    }

    InputStream open() {
      return Objects.requireNonNull(SqlLogicCorpus.class.getClassLoader().getResourceAsStream(ROOT + name), name);
    }
  }

  /** All files, by name. */
  static List<Script> scripts() {
    URL any = Objects.requireNonNull(SqlLogicCorpus.class.getClassLoader().getResource(ANY), ANY);
    try {
      JarURLConnection connection = (JarURLConnection) any.openConnection();
      connection.setUseCaches(false);
      List<Script> scripts = new ArrayList<>();
      try (JarFile jar = connection.getJarFile()) {
        for (JarEntry entry : jar.stream().toList()) {
          if (entry.getName().startsWith(ROOT) && entry.getName().endsWith(".test")) {
            scripts.add(new Script(entry.getName().substring(ROOT.length()), entry.getSize()));
          }
        }
      }
      scripts.sort(Comparator.comparing(Script::name));
      return scripts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
