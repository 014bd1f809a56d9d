package org.treatydb.dist.enclave.counter;

import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.clock.NodeClock;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** Calls to members in the name of one boot of a node. Each carries the node's clock, and each reply the member's. Thread-safe. */
final class MemberCalls {

  private final int node;
  private final BootNonce boot;
  private final Transport transport;
  private final NodeClock clock;
  private final long timeoutNanos;

  MemberCalls(int node, BootNonce boot, Transport transport, NodeClock clock, long timeoutNanos) {
    this.node = node;
    this.boot = boot;
    this.transport = transport;
    this.clock = clock;
    this.timeoutNanos = timeoutNanos;
  }

  /**
   * Asks a member.
   *
   * @throws KvException as the member fails, or with NODE_UNREACHABLE
   */
  CounterReply call(int member, CounterRequest.Body body) {
    byte[] request = CounterCodec.encode(new CounterRequest(node, boot, clock.now(), body));
    try {
      return CounterCodec.decodeReply(Service.COUNTER.call(transport, member, request, timeoutNanos));
    } catch (MalformedBytesException e) {
      throw new KvException.Retryable(ErrorCode.NODE_UNREACHABLE, "it answers in a format of another build: " + e.getMessage());
    }
  }
}
