package org.treatydb.jdbc.admin;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;

/**
 * The protocol of the administration socket, version {@value #VERSION}: a message is a line of printable ASCII, made of fields with one
 * blank between them. The first field is the version, the second what kind of message it is. Texts are in percent encoding (UTF-8).
 *
 * <pre>
 * 1 backup TO
 * 1 cas VERB ARGUMENT
 * 1 report WORK DONE TOTAL
 * 1 done WAL_RECORD BYTES
 * 1 line TEXT
 * 1 end
 * 1 failed ERROR_CODE MESSAGE
 * </pre>
 *
 * <p>Stateless.
 */
final class AdminCodec {

  static final String VERSION = "1";

  private AdminCodec() {}

  /** The line of a message, without its end. */
  static String encode(AdminMessage message) {
    return VERSION + " " + switch (message) {
      case AdminMessage.Backup backup -> "backup " + encode(backup.to().toString());
      case AdminMessage.Cas cas -> "cas " + encode(cas.verb()) + " " + encode(cas.argument());
      case AdminMessage.Report report -> "report " + encode(report.work()) + " " + report.done() + " " + report.total();
      case AdminMessage.Done done -> "done " + done.summary().walRecord() + " " + done.summary().bytes();
      case AdminMessage.Line line -> "line " + encode(line.text());
      case AdminMessage.End _ -> "end";
      case AdminMessage.Failed failed -> "failed " + failed.code() + " " + encode(failed.message());
    };
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * The message of a line.
   *
   * @throws IOException if the line is none, or of another version
   */
  static AdminMessage decode(String line) throws IOException {
    String[] fields = line.split(" ", -1);
    if (!fields[0].equals(VERSION)) {
      throw new IOException("a message of another version of the administration protocol than " + VERSION);
    }
    try {
      String form = fields.length < 2 ? "" : fields[1] + " " + (fields.length - 2);
      return switch (form) {
        case "backup 1" -> new AdminMessage.Backup(absolute(text(fields[2])));
        case "cas 2" -> new AdminMessage.Cas(text(fields[2]), text(fields[3]));
        case "report 3" -> new AdminMessage.Report(text(fields[2]), number(fields[3]), number(fields[4]));
        case "done 2" -> new AdminMessage.Done(new BackupSummary(number(fields[2]), number(fields[3])));
        case "line 1" -> new AdminMessage.Line(text(fields[2]));
        case "end 0" -> new AdminMessage.End();
        case "failed 2" -> new AdminMessage.Failed(ErrorCode.valueOf(fields[2]), text(fields[3]));
        default -> throw new IllegalArgumentException("no such form");
      };
    } catch (IllegalArgumentException e) {
      throw new IOException("not a message of the administration protocol", e);
    }
  }

  private static String text(String field) {
    return URLDecoder.decode(field, StandardCharsets.UTF_8);
  }

  private static long number(String field) {
    long number = Long.parseLong(field);
    if (number < 0) {
      throw new IllegalArgumentException("a negative number");
    }
    return number;
  }

  private static Path absolute(String text) throws InvalidPathException {
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("not an absolute path");
    }
    return path;
  }
}
