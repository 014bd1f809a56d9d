package org.treatydb.dist.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.enclave.attest.Measurement;

class CodeMeasurementTest {

  @TempDir
  Path directory;

  private Path jar;
  private Path classes;

  @BeforeEach
  void makeCode() throws IOException {
    jar = Files.writeString(directory.resolve("a.jar"), "jar");
    classes = Files.createDirectories(directory.resolve("classes"));
    Files.createDirectories(classes.resolve("org"));
    Files.writeString(classes.resolve("org/A.class"), "a");
    Files.writeString(classes.resolve("B.class"), "b");
  }

  private Measurement measure() {
    return CodeMeasurement.of(List.of(jar, classes));
  }

  @Test
  void theSameCodeMeasuresTheSameWhereverItLies() throws IOException {
    Measurement before = measure();
    jar = Files.move(jar, directory.resolve("b.jar"));
    classes = Files.move(classes, directory.resolve("moved"));
    assertEquals(before, measure());
    assertEquals(before, CodeMeasurement.of(List.of(jar, directory.resolve("not-there"), classes)));
    assertEquals(CodeMeasurement.ofThisProcess(), CodeMeasurement.ofThisProcess());
  }

  @Test
  void anyChangeOfTheCodeChangesTheMeasurement() throws IOException {
    Measurement before = measure();
    assertNotEquals(before, CodeMeasurement.of(List.of(classes, jar)), "the order in which Java looks");
    Files.move(classes.resolve("B.class"), classes.resolve("C.class"));
    Measurement renamed = measure();
    assertNotEquals(before, renamed);
    Files.writeString(classes.resolve("org/A.class"), "c");
    Measurement changed = measure();
    assertNotEquals(renamed, changed);
    Files.writeString(classes.resolve("org/D.class"), "");
    assertNotEquals(changed, measure());
    Files.writeString(jar, "rat");
    assertNotEquals(before, measure());
  }
}
