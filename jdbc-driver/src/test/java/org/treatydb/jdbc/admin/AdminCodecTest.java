package org.treatydb.jdbc.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
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

  private static Stream<byte[]> lines() {
    return MESSAGES.stream().map(AdminCodecTest::line);
  }

  @MethodSource("lines")
  @FuzzTest
  void lines(byte[] bytes) {
    DecoderContract.of(AdminCodecTest::message).refusingWith(UncheckedIOException.class).writtenBy(AdminCodecTest::line).check(bytes);
  }

  private static byte[] line(AdminMessage message) {
    return AdminCodec.encode(message).getBytes(StandardCharsets.US_ASCII);
  }

  private static AdminMessage message(byte[] line) {
    try {
      return AdminCodec.decode(StandardCharsets.US_ASCII.newDecoder().decode(ByteBuffer.wrap(line)).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
