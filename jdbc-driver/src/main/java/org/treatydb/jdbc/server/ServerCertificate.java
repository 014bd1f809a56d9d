package org.treatydb.jdbc.server;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/**
 * What a server shows to its clients. Immutable; never prints the key.
 *
 * @param key of the first certificate
 * @param chain its own first, then those that lead to one that clients know
 */
public record ServerCertificate(PrivateKey key, List<X509Certificate> chain) {

  private static final byte[] PROBE = {1, 2, 3};
  /** How keys are called by those who make them, and by those who sign with them. */
  private static final Map<String, String> SIGNATURES =
      Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA", "Ed25519", "EdDSA");

  public ServerCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("no certificate");
    }
  }

  /**
   * Reads two PEM files, as certificate authorities hand them out.
   *
   * @param certificates one or several, the server's own first
   * @param key in PKCS #8, SEC 1 or PKCS #1, without a passphrase
   * @throws IOException they cannot be read, or do not belong together
   */
  public static ServerCertificate read(Path certificates, Path key) throws IOException {
    ServerCertificate read = new ServerCertificate(readKey(key), readChain(certificates));
    if (!read.belongsTogether()) {
      throw new IOException("The key in " + key + " is not that of the certificate in " + certificates + ".");
    }
    return read;
  }

  private static List<X509Certificate> readChain(Path file) throws IOException {
    List<X509Certificate> chain = new ArrayList<>();
    try (var in = Files.newInputStream(file)) {
      CertificateFactory.getInstance("X.509").generateCertificates(in).forEach(each -> chain.add((X509Certificate) each));
    } catch (CertificateException e) {
      throw new IOException("There is no certificate in " + file + ": " + e.getMessage(), e);
    }
    if (chain.isEmpty()) {
      throw new IOException("There is no certificate in " + file + ".");
    }
    return chain;
  }

  private static PrivateKey readKey(Path file) throws IOException {
    try (Reader in = Files.newBufferedReader(file); PEMParser parser = new PEMParser(in)) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        if (next instanceof PrivateKeyInfo info) {
          return decode(info);
        } else if (next instanceof PEMKeyPair pair) {
          return decode(pair.getPrivateKeyInfo());
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("The key in " + file + " cannot be used: " + e.getMessage(), e);
    }
    throw new IOException("There is no key without a passphrase in " + file + ".");
  }

  private static PrivateKey decode(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
    String algorithm = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
  }

  private boolean belongsTogether() throws IOException {
    try {
      Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(key.getAlgorithm(), key.getAlgorithm()));
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(chain.getFirst());
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      throw new IOException("The server's key does not sign: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "the certificate of " + chain.getFirst().getSubjectX500Principal();
  }
}
