package org.treatydb.dist.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.treatydb.dist.boundary.Peer;

/** For controls: what would happen without TLS. */
final class NoProtection implements Security {

  @Override
  public void protect(Channel channel, ChannelPipeline pipeline) {
    pipeline.addLast(new ChannelInboundHandlerAdapter() {
      @Override
      public void channelActive(ChannelHandlerContext context) {
        context.fireChannelActive();
        context.fireUserEventTriggered(SslHandshakeCompletionEvent.SUCCESS);
      }
    });
  }

  @Override
  public Peer peer(Channel channel) {
    return new Peer(1);
  }
}
