package org.treatydb.dist.node;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.treatydb.dist.enclave.attest.Measurement;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * What software attestation says about a process: SHA-256 over the code on its class path, jars and directories in the order in which Java
 * looks through them, a directory's files sorted by name. Where they lie and what the jars are called does not matter; the JVM itself and
 * its options are not measured.
 */
public final class CodeMeasurement {

  private static final byte DIRECTORY = 1;
  private static final byte FILE = 2;

  private CodeMeasurement() {}

  /**
   * Measures this process.
   *
   * @throws KvException.Unavailable if its code cannot be read
   */
  public static Measurement ofThisProcess() {
    return of(Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList());
  }

  static Measurement of(List<Path> classPath) {
    try {
      MessageDigest digest = sha256();
      for (Path entry : classPath) {
        if (Files.isDirectory(entry)) {
          digest.update(DIRECTORY);
          digest.update(ofDirectory(entry));
        } else if (Files.exists(entry)) {
          digest.update(FILE);
          digest.update(ofFile(entry));
        }
      }
      return new Measurement(digest.digest());
    } catch (IOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot measure the code on the class path: " + e.getMessage(), e);
    }
  }

  private static byte[] ofDirectory(Path directory) throws IOException {
    TreeMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      walk.filter(Files::isRegularFile)
          .forEach(file -> files.put(directory.relativize(file).toString().replace(File.separatorChar, '/'), file));
    }
    MessageDigest digest = sha256();
    ByteWriter out = new ByteWriter(256);
    for (var file : files.entrySet()) {
      out.clear();
      out.bytes(file.getKey().getBytes(StandardCharsets.UTF_8)).raw(ofFile(file.getValue()));
      digest.update(out.array(), 0, out.size());
    }
    return digest.digest();
  }

  private static byte[] ofFile(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
