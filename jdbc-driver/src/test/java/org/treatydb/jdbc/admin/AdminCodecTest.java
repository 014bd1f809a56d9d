package org.treatydb.jdbc.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;

class AdminCodecTest {

  private static final List<AdminMessage> MESSAGES = List.of(
      new AdminMessage.Backup(Path.of("/srv/backups/mon day\n+%é")),
      new AdminMessage.Report("copying", 3, 17),
      new AdminMessage.Done(new BackupSummary(917, 1_234_567_890_123L)),
      new AdminMessage.Cas("revoke", "alpha"),
      new AdminMessage.Cas("show", ""),
      new AdminMessage.Line("node 1 alpha"),
      new AdminMessage.End(),
      new AdminMessage.Failed(ErrorCode.INVALID_ARGUMENT, "the backup directory /srv is not empty"));

  @Test
  void messagesAreWrittenAsTheGoldenFileHasThem() throws IOException {
    List<String> golden = Files.readAllLines(Path.of("src", "test", "resources", "golden", "administration.txt"));
    assertEquals(golden, MESSAGES.stream().map(AdminCodec::encode).toList());
    for (int i = 0; i < golden.size(); i++) {
      assertEquals(MESSAGES.get(i), AdminCodec.decode(golden.get(i)));
    }
  }

  @Test
  void whatIsNoMessageIsRefused() {
    for (String line : List.of("", " ", "1", "2 backup /x", "1 backup", "1 backup x", "1 backup %zz", "1 backup %00", "1 backup /a b",
        "1 restore /x", "1 cas revoke", "1 cas a b c", "1 end x", "1 line", "1 line a b",
        "1 report a 1", "1 report a 1 x", "1 report a -1 2", "1 done 1 99999999999999999999", "1 failed NO_SUCH_CODE x",
        "01 backup /x", "1  backup /x", "GET / HTTP/1.1")) {
      assertThrows(IOException.class, () -> AdminCodec.decode(line), line);
    }
  }

  @Test
  void changedMessagesAreRefusedOrMeanSomething() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder line = new StringBuilder(AdminCodec.encode(MESSAGES.get(random.nextInt(MESSAGES.size()))));
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        line.setCharAt(random.nextInt(line.length()), (char) random.nextInt(128));
      }
      try {
        AdminMessage message = AdminCodec.decode(line.toString());
        assertEquals(message, decodedAgain(message));
      } catch (IOException refused) {
        assertEquals(IOException.class, refused.getClass());
      }
    }
  }

  private static AdminMessage decodedAgain(AdminMessage message) throws IOException {
    return AdminCodec.decode(AdminCodec.encode(message));
  }
}
