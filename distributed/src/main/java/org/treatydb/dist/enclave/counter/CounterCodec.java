package org.treatydb.dist.enclave.counter;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.treatydb.dist.enclave.rpc.FailureCodec;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter.State;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * The counters' messages, and what members hold.
 *
 * <p>Request, format 1: format, node (varint), the node's boot (16 bytes), its clock (8 bytes), kind, then what the kind has: boots as 16
 * bytes, flags as one, epochs as varints, stores as 16 bytes; a state is store, epoch, number of heads, and for each the log's code,
 * counter (varint) and digest; what is held is state, epoch of the heads, owner. Reply, format 1: format, 0 and a failure; or 1, the
 * member's boot, flags, what is held, what is remembered.
 */
final class CounterCodec {

  private static final int FORMAT = 1;
  private static final int NODE_MAX = 0xffff;

  private static final int ASK = 1;
  private static final int STORE = 2;
  private static final int CONFIRM = 3;
  private static final int BIND = 4;
  private static final int VERIFY = 5;
  private static final int REGISTER = 8;
  private static final int ADOPT = 7;

  private static final int FAILED = 0;
  private static final int ANSWERED = 1;

  private static final int ACCEPTED = 1;
  private static final int HELD = 2;
  private static final int REMEMBERED = 4;

  private CounterCodec() {}

  static byte[] encode(CounterRequest request) {
    ByteWriter out = new ByteWriter(256).u8(FORMAT).varint(request.node()).raw(request.boot().bytes()).i64(request.clock());
    switch (request.body()) {
      case CounterRequest.Ask _ -> out.u8(ASK);
      case CounterRequest.Store(BootNonce member, boolean establishes, State state) ->
          state(state, out.u8(STORE).raw(member.bytes()).u8(establishes ? 1 : 0));
      case CounterRequest.Confirm(BootNonce member, State state) -> state(state, out.u8(CONFIRM).raw(member.bytes()));
      case CounterRequest.Bind(Held base) -> held(base, out.u8(BIND));
      case CounterRequest.Verify(BootNonce member, long epoch) -> out.u8(VERIFY).raw(member.bytes()).varint(epoch);
      case CounterRequest.Register(BootNonce member, boolean isNew, StoreId store, long epoch) ->
          out.u8(REGISTER).raw(member.bytes()).u8(isNew ? 1 : 0).raw(store.bytes()).varint(epoch);
      case CounterRequest.Adopt(BootNonce member, State found, long epoch) ->
          state(found, out.u8(ADOPT).raw(member.bytes())).varint(epoch);
    }
    return out.toByteArray();
  }

  /**
   * Reads a request.
   *
   * @throws MalformedBytesException if there is none
   */
  static CounterRequest decodeRequest(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    int node = in.varint(NODE_MAX);
    BootNonce boot = nonce(in);
    long clock = in.i64();
    int kind = in.u8();
    CounterRequest.Body body = switch (kind) {
      case ASK -> new CounterRequest.Ask();
      case STORE -> new CounterRequest.Store(nonce(in), flag(in), state(in));
      case CONFIRM -> new CounterRequest.Confirm(nonce(in), state(in));
      case BIND -> new CounterRequest.Bind(held(in));
      case VERIFY -> new CounterRequest.Verify(nonce(in), number(in));
      case REGISTER -> new CounterRequest.Register(nonce(in), flag(in), new StoreId(in.raw(StoreId.BYTES)), number(in));
      case ADOPT -> new CounterRequest.Adopt(nonce(in), state(in), number(in));
      default -> throw new MalformedBytesException("unknown kind of request");
    };
    in.expectEnd();
    return new CounterRequest(node, boot, clock, body);
  }

  static byte[] encode(CounterReply reply) {
    int flags =
        (reply.accepted() ? ACCEPTED : 0) | (reply.held().isPresent() ? HELD : 0) | (reply.remembered().isPresent() ? REMEMBERED : 0);
    ByteWriter out = new ByteWriter(512).u8(FORMAT).u8(ANSWERED).raw(reply.member().bytes()).u8(flags);
    reply.held().ifPresent(held -> held(held, out));
    reply.remembered().ifPresent(held -> held(held, out));
    return out.toByteArray();
  }

  static byte[] encode(KvException failure) {
    ByteWriter out = new ByteWriter(256).u8(FORMAT).u8(FAILED);
    FailureCodec.encode(failure, out);
    return out.toByteArray();
  }

  /**
   * Reads a reply.
   *
   * @throws KvException if the reply is that the member failed so
   * @throws MalformedBytesException if there is none
   */
  static CounterReply decodeReply(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    int kind = in.u8();
    if (kind == FAILED) {
      KvException failure = FailureCodec.decode(in);
      in.expectEnd();
      throw failure;
    }
    if (kind != ANSWERED) {
      throw new MalformedBytesException("unknown kind of reply");
    }
    BootNonce member = nonce(in);
    int flags = in.u8();
    if ((flags & ~(ACCEPTED | HELD | REMEMBERED)) != 0) {
      throw new MalformedBytesException("unknown flags");
    }
    Optional<Held> held = (flags & HELD) == 0 ? Optional.empty() : Optional.of(held(in));
    Optional<Held> remembered = (flags & REMEMBERED) == 0 ? Optional.empty() : Optional.of(held(in));
    CounterReply reply = new CounterReply(member, (flags & ACCEPTED) != 0, held, remembered);
    in.expectEnd();
    return reply;
  }

  /** What a member holds of each node: number, and for each the node (varint) and what is held. */
  static byte[] encode(Map<Integer, Held> nodes) {
    ByteWriter out = new ByteWriter(256).u8(FORMAT).varint(nodes.size());
    nodes.keySet().stream().sorted().forEach(node -> held(nodes.get(node), out.varint(node)));
    return out.toByteArray();
  }

  static Map<Integer, Held> decodeNodes(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(FORMAT);
    Map<Integer, Held> nodes = new HashMap<>();
    for (int left = in.varint(NODE_MAX); left > 0; left--) {
      nodes.put(in.varint(NODE_MAX), held(in));
    }
    in.expectEnd();
    return nodes;
  }

  private static ByteWriter held(Held held, ByteWriter out) {
    return state(held.state(), out).varint(held.headsEpoch()).raw(held.owner().bytes());
  }

  private static Held held(ByteReader in) {
    return new Held(state(in), number(in), nonce(in));
  }

  private static ByteWriter state(State state, ByteWriter out) {
    out.raw(state.store().bytes()).varint(state.bootEpoch()).varint(state.heads().size());
    for (LogName log : LogName.values()) {
      LogHead head = state.heads().get(log);
      if (head != null) {
        out.u8(log.code()).varint(head.counter()).raw(head.digest());
      }
    }
    return out;
  }

  private static State state(ByteReader in) {
    StoreId store = new StoreId(in.raw(StoreId.BYTES));
    long epoch = number(in);
    Map<LogName, LogHead> heads = new EnumMap<>(LogName.class);
    for (int left = in.varint(LogName.values().length); left > 0; left--) {
      heads.put(log(in.u8()), new LogHead(number(in), in.raw(LogHead.DIGEST_BYTES)));
    }
    return new State(store, epoch, heads);
  }

  private static LogName log(int code) {
    for (LogName log : LogName.values()) {
      if (log.code() == code) {
        return log;
      }
    }
    throw new MalformedBytesException("unknown log");
  }

  private static long number(ByteReader in) {
    long value = in.varint();
    if (value < 0) {
      throw new MalformedBytesException("a negative number");
    }
    return value;
  }

  private static BootNonce nonce(ByteReader in) {
    return new BootNonce(in.raw(BootNonce.BYTES));
  }

  private static boolean flag(ByteReader in) {
    int value = in.u8();
    if (value > 1) {
      throw new MalformedBytesException("neither yes nor no");
    }
    return value == 1;
  }
}
