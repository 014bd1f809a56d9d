package org.treatydb.kv.embedded;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/**
 * The child process of {@link SigkillTest}: opens the store below the directory named, writes from several threads, and
 * says of each commit, after it returned, that it is acknowledged. Never ends by itself.
 */
final class KilledWriter {

  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private KilledWriter() {}

  public static void main(String[] arguments) {
    say("opening");
    TemporaryStore place = new TemporaryStore(Path.of(arguments[0]));
    EmbeddedStore store = place.open();
    TransferWorkload.prepare(store);
    say("open");
    for (int writer = 0; writer < TransferWorkload.WRITERS; writer++) {
      int number = writer;
      Random random = new Random(Long.parseLong(arguments[1]) + writer);
      Thread.ofPlatform().start(() -> {
        while (true) {
          say("ack " + number + " " + TransferWorkload.step(store, number, random));
        }
      });
    }
  }

  /** One write call, so that lines of different threads do not mix and none stays in a buffer. */
  private static void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
