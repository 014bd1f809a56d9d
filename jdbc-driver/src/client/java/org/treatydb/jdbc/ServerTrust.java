package org.treatydb.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which servers a client trusts that has been given a trust anchor: those with a certificate for the host name that was called, and the
 * nodes of a cluster, at whatever address they are. Both must lead to the anchor, and to nothing else.
 *
 * <p>Immutable, thread-safe.
 */
final class ServerTrust extends X509ExtendedTrustManager {

  /** Of the critical extension by which a cluster's authority tells nodes, which it has attested, from others. */
  private static final String NODE_EXTENSION = "2.25.1788095563099835157491078538495879636";
  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

  private final Set<TrustAnchor> anchors;
  private final X509ExtendedTrustManager byName;

  private ServerTrust(Set<TrustAnchor> anchors, X509ExtendedTrustManager byName) {
    this.anchors = anchors;
    this.byName = byName;
  }

  /**
   * A context for clients that trust what leads to the certificates in {@code file} (PEM), and nothing else.
   *
   * @throws IOException the file cannot be read, or holds no certificate
   */
  static SSLContext context(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Set<TrustAnchor> anchors = new HashSet<>();
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        anchors.add(new TrustAnchor((X509Certificate) each, null));
        store.setCertificateEntry(Integer.toString(anchors.size()), each);
      }
      if (anchors.isEmpty()) {
        throw new IOException("it holds no certificate");
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      X509ExtendedTrustManager byName = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
      context.init(null, new TrustManager[] {new ServerTrust(anchors, byName)}, null);
      return context;
    } catch (CertificateException e) {
      throw new IOException("it holds no certificate: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
    if (chain.length > 0 && chain[0].getExtensionValue(NODE_EXTENSION) != null) {
      checkNode(chain[0]);
    } else {
      byName.checkServerTrusted(chain, authType, engine);
    }
  }

  /** Authorities certify their nodes themselves: nothing stands between. */
  private void checkNode(X509Certificate certificate) throws CertificateException {
    try {
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.addCertPathChecker(new NodeExtensionIsKnown());
      CertPathValidator.getInstance("PKIX").validate(
          CertificateFactory.getInstance("X.509").generateCertPath(Collections.singletonList(certificate)), parameters);
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new CertificateException("the node's certificate is refused: " + e.getMessage(), e);
    }
    List<String> uses = certificate.getExtendedKeyUsage();
    if (uses == null || !uses.contains(SERVER_AUTHENTICATION)) {
      throw new CertificateException("the node's certificate is not for serving");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
    throw new CertificateException("only engines are checked here");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
    throw new CertificateException("only engines are checked here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
    throw new CertificateException("this end is the client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
    throw new CertificateException("this end is the client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
    throw new CertificateException("this end is the client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return anchors.stream().map(TrustAnchor::getTrustedCert).toArray(X509Certificate[]::new);
  }

  /** The path validator refuses critical extensions that nobody claims to understand. */
  private static final class NodeExtensionIsKnown extends PKIXCertPathChecker {

    @Override
    public void init(boolean forward) {
      // keeps no state
    }

    @Override
    public boolean isForwardCheckingSupported() {
      return true;
    }

    @Override
    public Set<String> getSupportedExtensions() {
      return Collections.singleton(NODE_EXTENSION);
    }

    @Override
    public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions) {
      unresolvedCriticalExtensions.remove(NODE_EXTENSION);
    }
  }
}
