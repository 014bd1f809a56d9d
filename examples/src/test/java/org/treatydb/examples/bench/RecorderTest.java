package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import jdk.jfr.Event;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A benchmark's recording. */
class RecorderTest {

  static final class Happened extends Event {}

  @Test
  void holdsWhatHappenedDuringTheWorkAndNothingElse(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("run.jfr");
    new Happened().commit();
    Recorder.record(file, () -> new Happened().commit());
    new Happened().commit();
    long happened = RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().equals(Happened.class.getName()))
        .count();
    assertEquals(1, happened);
  }

  @Test
  void isThereEvenIfTheWorkFails(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("run.jfr");
    assertThrows(IllegalStateException.class, () -> Recorder.record(file, () -> {
      throw new IllegalStateException("no more");
    }));
    assertTrue(RecordingFile.readAllEvents(file).size() > 0);
  }
}
