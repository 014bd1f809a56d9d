package org.treatydb.kv.embedded;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed by SIGKILL at random moments, again and again on the same files. */
class SigkillTest {

  private static final int ROUNDS = 12;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final int[] acknowledged = new int[TransferWorkload.WRITERS];

  @TempDir Path directory;

  @Test
  void everyAcknowledgedCommitIsThereAndNoHalfTransactionAfterAKill() throws Exception {
    try {
      for (int round = 0; round < ROUNDS; round++) {
        try (ChildJvm child = new ChildJvm(KilledWriter.class, directory.toString(), String.valueOf(random.nextLong()))) {
          child.await("opening");
          if (round % 4 == 1) {
            child.letRun(random.nextInt(400_000));
          } else {
            child.await("open");
            for (int i = random.nextInt(150); i > 0; i--) {
              note(child.line());
            }
            child.letRun(random.nextInt(20_000));
          }
          child.kill().forEach(this::note);
        }
        // Every third time the next child recovers by itself, and is killed in its turn before anyone has looked.
        if (round % 3 != 2) {
          try (EmbeddedStore store = new TemporaryStore(directory).open()) {
            TransferWorkload.check(store, acknowledged);
          }
        }
      }
    } catch (Throwable e) {
      throw new AssertionError("replay with -Dtest=SigkillTest -Dseed=" + seed, e);
    }
  }

  private void note(String line) {
    if (line != null && line.startsWith("ack ")) {
      String[] words = line.split(" ");
      acknowledged[Integer.parseInt(words[1])] = Integer.parseInt(words[2]);
    }
  }
}
