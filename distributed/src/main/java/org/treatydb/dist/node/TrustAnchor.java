package org.treatydb.dist.node;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * The file, PEM, with the certificate of a cluster's authority: by it nodes know the configuration service, and clients the nodes. It is
 * not secret, but whoever can change it can send those who trust it to another cluster.
 */
public final class TrustAnchor {

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";
  private static final int LINE_CHARS = 64;
  private static final int FILE_BYTES_MAX = 64 << 10;

  private TrustAnchor() {}

  /**
   * Makes a new, empty file, to be {@linkplain #write written}.
   *
   * @throws KvException.InvalidRequest if there is a file already, or it cannot be made
   */
  public static void reserve(Path file) {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "there is a file " + file + " already");
    } catch (IOException e) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "cannot make the file " + file + ": " + e.getMessage());
    }
  }

  /**
   * Writes the file.
   *
   * @param authority the certificate (DER)
   */
  public static void write(Path file, byte[] authority) throws IOException {
    String base64 = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(authority);
    Files.writeString(
        file, BEGIN + "\n" + base64 + "\n" + END + "\n", StandardCharsets.US_ASCII,
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
  }

  /**
   * Reads the file.
   *
   * @return the certificate (DER)
   * @throws KvException.InvalidRequest if it cannot be read, or there is no certificate in it
   */
  public static byte[] read(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new IOException("it is too long");
      }
      byte[] pem = Files.readAllBytes(file);
      return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)).getEncoded();
    } catch (IOException | CertificateException e) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "cannot read a certificate from the trust anchor file " + file + ": " + e.getMessage());
    }
  }
}
