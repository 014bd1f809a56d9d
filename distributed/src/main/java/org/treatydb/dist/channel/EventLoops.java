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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The few threads that do all reading, writing and encrypting: on Linux's epoll where it is there, else on the JDK's sockets. */
public final class EventLoops implements AutoCloseable {

  private static final int KEEP_ALIVE_PROBES = 3;

  private final EventLoopGroup group;
  private final boolean epoll;

  public EventLoops(int threadCount, ThreadFactory threads) {
    this(threadCount, threads, Epoll.isAvailable());
  }

  EventLoops(int threadCount, ThreadFactory threads, boolean epoll) {
    this.epoll = epoll;
    this.group = new MultiThreadIoEventLoopGroup(threadCount, threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
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
