package org.treatydb.dist.channel;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.identity.NodeIdentity;

/** A caller written by somebody else: believes whoever answers, and sends what it likes. */
final class RawTls {

  private final SSLContext context;
  private final String protocol;
  private final AtomicInteger shown = new AtomicInteger();

  private RawTls(KeyManager[] keys, String protocol) throws Exception {
    this.protocol = protocol;
    this.context = SSLContext.getInstance("TLS");
    this.context.init(keys, new TrustManager[] {new Credulous()}, null);
  }

  static RawTls with(NodeIdentity identity) throws Exception {
    return with(identity.privateKey(), identity.certificate(), "TLSv1.3");
  }

  static RawTls with(PrivateKey key, X509Certificate certificate, String protocol) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", key, new char[0], new Certificate[] {certificate});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return new RawTls(factory.getKeyManagers(), protocol);
  }

  static RawTls withNothing() throws Exception {
    return new RawTls(null, "TLSv1.3");
  }

  /** A connection on which the other end has said that it is ready. */
  SSLSocket connect(Endpoint server) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(server.host(), server.port());
    socket.setEnabledProtocols(new String[] {protocol});
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] ready = new byte[in.readInt()];
    in.readFully(ready);
    if (ready[1] != FrameKind.READY.code()) {
      throw new AssertionError("the first frame is of kind " + ready[1]);
    }
    return socket;
  }

  boolean isLetIn(Endpoint server) {
    try (Socket socket = connect(server)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** How often a server has shown its certificate: at each full handshake. */
  int shown() {
    return shown.get();
  }

  /** Of the extended kind, to which the JDK adds no checks of its own. */
  private final class Credulous extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
      shown.incrementAndGet();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      throw new UnsupportedOperationException();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
