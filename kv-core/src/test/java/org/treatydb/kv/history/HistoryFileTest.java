package org.treatydb.kv.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {

  private static final Operation APPEND = new Operation.Append(3, 4);
  private static final Operation READ = new Operation.Read(3, 1, 2);
  private static final Operation SCAN = new Operation.Scan(-7);

  @TempDir Path directory;

  @Test
  void aFileKeepsWhatWasRecordedAndWhatWasUnderWay() {
    Path file = directory.resolve("history");
    try (HistoryFile open = new HistoryFile(file)) {
      HistoryRecorder recorder = new HistoryRecorder(open);
      HistoryRecorder.Recording first = recorder.begin(1);
      HistoryRecorder.Recording second = recorder.begin(2);
      recorder.begin(3).add(APPEND);
      first.add(READ);
      first.add(APPEND);
      first.commits();
      first.end(Outcome.COMMITTED);
      HistoryRecorder.Recording third = recorder.begin(1);
      third.add(SCAN);
      third.commits();
      second.add(APPEND);
      second.end(Outcome.ABORTED);
    }
    assertEquals(
        List.of(
            new RecordedTransaction(1, 1, 5, Outcome.COMMITTED, List.of(READ, APPEND)).toString(),
            new RecordedTransaction(2, 2, 8, Outcome.ABORTED, List.of()).toString(),
            new RecordedTransaction(1, 6, 9, Outcome.UNKNOWN, List.of(SCAN)).toString()),
        HistoryFile.read(List.of(file)).transactions().stream().map(RecordedTransaction::toString).toList());
  }

  @Test
  void whatAKillCutOffIsNotRead() throws IOException {
    Path file = directory.resolve("history");
    Files.writeString(file, "begins 1\ncommits 1;append 1 5\nended 1 COMM");
    Path next = directory.resolve("next");
    Files.writeString(next, "begins 1\nended 1 ABORTED\n");
    assertEquals(
        List.of("process 1, from 1 to 3, unknown: append 5 to 1", "process 1, from 4 to 5, aborted: "),
        HistoryFile.read(List.of(file, next)).transactions().stream().map(RecordedTransaction::toString).toList());
  }

  @Test
  void whoHasNotAskedToCommitCannotHaveCommitted() throws IOException {
    Path file = directory.resolve("history");
    Files.writeString(file, "begins 1\nended 1 COMMITTED\n");
    assertThrows(IllegalArgumentException.class, () -> HistoryFile.read(List.of(file)));
  }
}
