package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/** A file with a root key: 64 hexadecimal digits, white space around them allowed; for its owner's eyes only. */
public final class KeyFile {

  private static final Logger LOG = LoggerFactory.getLogger(KeyFile.class);
  private static final int KEY_BYTES = 32;
  private static final int FILE_BYTES_MAX = 1024;

  private KeyFile() {}

  /**
   * Reads a key; the caller wipes it.
   *
   * @throws KvException.Unavailable with WRONG_KEY if there is no such file or it holds no key
   */
  public static byte[] read(Path file) {
    byte[] text = new byte[0];
    try {
      if (!Files.isRegularFile(file)) {
        throw new KvException.Unavailable(ErrorCode.WRONG_KEY, "there is no key file " + file, null);
      }
      if (Files.size(file) <= FILE_BYTES_MAX) {
        text = Files.readAllBytes(file);
      }
      warnIfOthersCanRead(file);
      String digits = new String(text, StandardCharsets.US_ASCII).strip();
      if (digits.length() != 2 * KEY_BYTES) {
        throw new IllegalArgumentException("wrong length");
      }
      return HexFormat.of().parseHex(digits);
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.WRONG_KEY, "cannot read the key file " + file + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new KvException.Unavailable(ErrorCode.WRONG_KEY, file + " is no key file: it must hold 64 hexadecimal digits", null);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static void warnIfOthersCanRead(Path file) throws IOException {
    if (Files.getFileStore(file).supportsFileAttributeView("posix")
        && Files.getPosixFilePermissions(file).stream().anyMatch(p ->
            p == PosixFilePermission.GROUP_READ || p == PosixFilePermission.OTHERS_READ)) {
      LOG.warn("the key file {} can be read by others than its owner; chmod 600 it", file);
    }
  }

  /** Writes a new key file with mode 0600. */
  public static void write(Path file, byte[] key) throws IOException {
    DurableFiles.createDirectories(file.toAbsolutePath().getParent());
    DurableFiles.replacePrivate(file, (HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII));
  }
}
