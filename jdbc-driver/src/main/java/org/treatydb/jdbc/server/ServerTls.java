package org.treatydb.jdbc.server;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS 1.3 and nothing older, at the server's end. */
final class ServerTls {

  private ServerTls() {}

  /** {@code certificate}: asked at each handshake. */
  static SslContextFactory.Server factory(Supplier<ServerCertificate> certificate) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(context(certificate));
    factory.setIncludeProtocols("TLSv1.3");
    return factory;
  }

  private static SSLContext context(Supplier<ServerCertificate> certificate) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new Current(certificate)}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS here", e);
    }
  }

  /** Shows whichever certificate is the current one, to those who take its kind of key. */
  private static final class Current extends X509ExtendedKeyManager {

    private static final String ALIAS = "current";

    private final Supplier<ServerCertificate> certificate;

    Current(Supplier<ServerCertificate> certificate) {
      this.certificate = certificate;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return certificate.get().chain().getFirst().getPublicKey().getAlgorithm().equals(keyType) ? ALIAS : null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return certificate.get().chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return certificate.get().key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return null;
    }
  }
}
