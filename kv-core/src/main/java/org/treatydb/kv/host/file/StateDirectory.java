package org.treatydb.kv.host.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * Where, by default, the keys and counters of embedded stores and the sockets of servers lie: outside their data directories, in
 * {@code $XDG_STATE_HOME/treaty}, or {@code ~/.local/state/treaty}. A store's files there are named after the place of
 * its data directory, so that a store that has vanished from its place is missed.
 */
public final class StateDirectory {

  private StateDirectory() {}

  /** The default state directory of the present user. */
  public static Path ofUser() {
    String xdg = System.getenv("XDG_STATE_HOME");
    Path state = xdg != null && !xdg.isBlank() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".local", "state");
    return state.resolve("treaty");
  }

  /** The key file of the store at {@code data} (a real path) when none is named. */
  public static Path defaultKeyFile(Path data) {
    return ofUser().resolve("keys").resolve(nameFor(data) + ".key");
  }

  /** The counter file of the store at {@code data} (a real path) in {@code counterDirectory}. */
  public static Path counterFile(Path counterDirectory, Path data) {
    return counterDirectory.resolve(nameFor(data) + ".counter");
  }

  /** Where the counters lie when no directory is named. */
  public static Path defaultCounterDirectory() {
    return ofUser().resolve("counters");
  }

  /**
   * The socket by which the present user administers the store at {@code data} (a real path) while a server has it open.
   * A socket's path has about 100 bytes at most, so the name is short.
   */
  public static Path administrationSocket(Path data) {
    return ofUser().resolve("sockets").resolve(digestOf(data));
  }

  private static String nameFor(Path data) {
    String last = data.getFileName() == null ? "root" : data.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_");
    return last.substring(0, Math.min(40, last.length())) + "-" + digestOf(data);
  }

  private static String digestOf(Path data) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(data.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Refuses {@code directory}, which need not exist, if it lies inside {@code data} (a real path): what vouches for the
   * data must not go where the data go.
   *
   * @return its real path, as far as it exists
   * @throws KvException.InvalidRequest if it does
   */
  public static Path outside(Path directory, Path data, String what) {
    try {
      Path absolute = directory.toAbsolutePath().normalize();
      Path existing = absolute;
      while (!Files.exists(existing)) {
        existing = existing.getParent();
      }
      Path real = existing.toRealPath().resolve(existing.relativize(absolute));
      if (real.startsWith(data)) {
        throw new KvException.InvalidRequest(
            ErrorCode.INVALID_ARGUMENT, what + " " + directory + " lies inside the data directory " + data + "; it must be kept elsewhere");
      }
      return real;
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot use " + what + " " + directory + ": " + e.getMessage(), e);
    }
  }
}
