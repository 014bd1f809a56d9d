package org.treatydb.dist.enclave.counter;

import java.util.Optional;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.api.KvException;

/** Reads from answers of members whether they hold the asking node's counter. */
public final class HeldAnswers {

  private HeldAnswers() {}

  /** Whether the member that has answered {@code request} so holds the counter of who asked. */
  public static boolean saysHeld(byte[] request, byte[] reply) {
    if (!Service.of(request).equals(Optional.of(Service.COUNTER)) || reply.length == 0) {
      return false;
    }
    byte[] inner = new byte[request.length - 1];
    System.arraycopy(request, 1, inner, 0, inner.length);
    return CounterCodec.decodeRequest(inner).body() instanceof CounterRequest.Confirm && isAccepted(reply);
  }

  private static boolean isAccepted(byte[] reply) {
    try {
      return CounterCodec.decodeReply(reply).accepted();
    } catch (KvException e) {
      return false;
    }
  }
}
