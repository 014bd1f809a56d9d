package org.treatydb.dist.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.treatydb.dist.boundary.Peer;
import org.treatydb.dist.enclave.identity.CertificateCheck;
import org.treatydb.dist.enclave.identity.NodeIdentity;

/**
 * TLS 1.3 and nothing older, without resumption: every connection is a full handshake in which certificates are checked, since each has a
 * context, and so ticket keys and a session cache, of its own.
 */
final class Tls implements Security {

  private final SslContextBuilder contexts;
  private final int handshakeMillis;
  private final PeerCheck check;
  private final boolean strangers;

  private Tls(SslContextBuilder contexts, EventLoops loops, ChannelLimits limits, PeerCheck check, boolean strangers) {
    this.contexts = contexts.trustManager(new Checking(check)).sslProvider(loops.tls()).protocols("TLSv1.3")
        .endpointIdentificationAlgorithm(null);
    this.handshakeMillis = limits.handshakeMillis();
    this.check = check;
    this.strangers = strangers;
  }

  /**
   * For the called end: callers are nodes.
   *
   * @param strangers whether callers without a certificate are served, too
   */
  static Tls server(NodeIdentity identity, CertificateCheck nodes, boolean strangers, EventLoops loops, ChannelLimits limits) {
    SslContextBuilder contexts = SslContextBuilder.forServer(new OwnKey(identity))
        .clientAuth(strangers ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE);
    return new Tls(contexts, loops, limits, chain -> new Peer(nodes.checkNode(chain).node()), strangers);
  }

  /** For an end that calls exactly this node. */
  static Tls toNode(int node, NodeIdentity identity, CertificateCheck nodes, EventLoops loops, ChannelLimits limits) {
    return new Tls(SslContextBuilder.forClient().keyManager(new OwnKey(identity)), loops, limits, chain -> {
      int shown = nodes.checkNode(chain).node();
      if (shown != node) {
        throw new CertificateException("node " + node + " was called, and node " + shown + " has answered");
      }
      return new Peer(shown);
    }, false);
  }

  /** For an end that calls a server which is no node; with a certificate of its own, or as a stranger. */
  static Tls toServer(String name, Optional<NodeIdentity> identity, CertificateCheck servers, EventLoops loops, ChannelLimits limits) {
    SslContextBuilder contexts = SslContextBuilder.forClient();
    identity.ifPresent(own -> contexts.keyManager(new OwnKey(own)));
    return new Tls(contexts, loops, limits, chain -> {
      servers.checkServer(name, chain);
      return new Peer(Peer.ANONYMOUS);
    }, false);
  }

  @Override
  public void protect(Channel channel, ChannelPipeline pipeline) {
    SslContext context = context();
    SslHandler handler;
    try {
      handler = context.newHandler(channel.alloc());
    } finally {
      ReferenceCountUtil.release(context); // the handler keeps it
    }
    handler.setHandshakeTimeoutMillis(handshakeMillis);
    pipeline.addLast(handler);
  }

  private SslContext context() {
    try {
      return contexts.build();
    } catch (SSLException e) {
      throw new IllegalStateException("no TLS 1.3 here", e);
    }
  }

  @Override
  public Peer peer(Channel channel) throws CertificateException {
    Certificate[] chain;
    try {
      chain = channel.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      if (strangers) {
        return new Peer(Peer.ANONYMOUS);
      }
      throw new CertificateException("no certificate was shown", e);
    }
    return check.check(chain);
  }

  /** Puts our check in the place of the JDK's. Host names do not count: an address says nothing about who is there. */
  private static final class Checking extends X509ExtendedTrustManager {

    private final PeerCheck check;

    private Checking(PeerCheck check) {
      this.check = check;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
      check.check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
      check.check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** The one key and certificate we have, whatever is asked for. */
  private static final class OwnKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "own";

    private final PrivateKey key;
    private final X509Certificate certificate;

    private OwnKey(NodeIdentity identity) {
      this.key = identity.privateKey();
      this.certificate = identity.certificate();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }
}
