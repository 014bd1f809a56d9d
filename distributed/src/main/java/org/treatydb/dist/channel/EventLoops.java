package org.treatydb.dist.channel;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The few threads that do all reading, writing and encrypting: with Linux's epoll and BoringSSL where they are there, else with the JDK's
 * sockets and TLS.
 */
public final class EventLoops implements AutoCloseable {

  private static final int KEEP_ALIVE_PROBES = 3;

  private final EventLoopGroup group;
  private final boolean epoll;
  private final SslProvider tls;

  public EventLoops(int threadCount, ThreadFactory threads) {
    this(threadCount, threads, true);
  }

  /**
   * Event loops that may be kept to the JDK.
   *
   * @param nativeCode whether native code is used where it is there
   */
  EventLoops(int threadCount, ThreadFactory threads, boolean nativeCode) {
    this.epoll = nativeCode && Epoll.isAvailable();
    this.tls = nativeCode && OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    this.group = new MultiThreadIoEventLoopGroup(threadCount, threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  SslProvider tls() {
    return tls;
  }

  Bootstrap client(ChannelLimits limits) {
    Bootstrap bootstrap = new Bootstrap().group(group)
        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limits.handshakeMillis());
    if (epoll) {
      bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, limits.silenceMillis())
          .option(EpollChannelOption.TCP_KEEPIDLE, seconds(limits))
          .option(EpollChannelOption.TCP_KEEPINTVL, seconds(limits))
          .option(EpollChannelOption.TCP_KEEPCNT, KEEP_ALIVE_PROBES);
    }
    return bootstrap;
  }

  ServerBootstrap server(ChannelLimits limits) {
    ServerBootstrap bootstrap = new ServerBootstrap().group(group)
        .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true);
    if (epoll) {
      bootstrap.childOption(EpollChannelOption.TCP_USER_TIMEOUT, limits.silenceMillis())
          .childOption(EpollChannelOption.TCP_KEEPIDLE, seconds(limits))
          .childOption(EpollChannelOption.TCP_KEEPINTVL, seconds(limits))
          .childOption(EpollChannelOption.TCP_KEEPCNT, KEEP_ALIVE_PROBES);
    }
    return bootstrap;
  }

  private static int seconds(ChannelLimits limits) {
    return (int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(limits.silenceMillis()));
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
