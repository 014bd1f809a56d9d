package org.treatydb.examples.bench;

import java.nio.file.Path;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** Java's flight recorder. */
final class Recorder {

  private Recorder() {}

  /** Work that may fail. */
  interface Work {
    void run() throws Exception;
  }

  /** Runs {@code work} and records what this process does meanwhile, with the settings called {@code profile}. */
  static void record(Path file, Work work) throws Exception {
    try (Recording recording = new Recording(Configuration.getConfiguration("profile"))) {
      recording.setDestination(file.toAbsolutePath());
      recording.start();
      try {
        work.run();
      } finally {
        recording.stop();
      }
    }
  }
}
