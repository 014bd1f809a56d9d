package org.treatydb.dist.enclave.cas;

import java.util.Arrays;
import java.util.Optional;
import org.treatydb.dist.enclave.attest.ProviderName;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.SecretKey;

/**
 * The bytes of the service's messages: version byte, kind, fields. Texts are UTF-8 behind their length. Stateless.
 *
 * <p>Methods that decode fail with {@link MalformedBytesException} if the bytes are no such message.
 */
final class CasCodec {

  static final int EVIDENCE_BYTES_MAX = 64 << 10;
  static final int REASON_BYTES_MAX = 4096;

  private static final int VERSION = 1;
  private static final int CERTIFICATE_BYTES_MAX = 16 << 10;
  private static final int CONFIGURATION_BYTES_MAX = 1 << 20;
  private static final int SHARD_MAP_BYTES_MAX = ConfigurationCodec.SHARD_MAP_BYTES_MAX;

  private static final int CHALLENGE = 1;
  private static final int JOIN = 2;
  private static final int NEWS = 3;
  private static final int PUBLISH = 4;
  private static final int HAS_STORE = 5;

  private static final int NONCE = 1;
  private static final int JOINED = 2;
  private static final int NEWER = 3;
  private static final int PUBLISHED = 4;
  private static final int REFUSED = 5;
  private static final int NOTED = 6;

  private CasCodec() {}

  static byte[] encode(CasRequest request) {
    ByteWriter out = new ByteWriter(1024).u8(VERSION);
    switch (request) {
      case CasRequest.Challenge _ -> out.u8(CHALLENGE);
      case CasRequest.Join join -> {
        out.u8(JOIN).raw(join.nonce());
        ConfigurationCodec.text(join.statement().node(), out).bytes(join.statement().request()).raw(join.statement().bootNonce());
        ProviderName.encode(join.provider(), out).bytes(join.evidence());
      }
      case CasRequest.News news -> out.u8(NEWS).i64(news.configurationVersion()).i64(news.shardMapVersion());
      case CasRequest.Publish publish -> out.u8(PUBLISH).bytes(ConfigurationCodec.encode(publish.shardMap()));
      case CasRequest.HasStore _ -> out.u8(HAS_STORE);
    }
    return out.toByteArray();
  }

  static CasRequest decodeRequest(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    CasRequest request = switch (in.u8()) {
      case CHALLENGE -> new CasRequest.Challenge();
      case JOIN -> new CasRequest.Join(
          in.raw(Challenges.NONCE_BYTES), statement(in), ProviderName.decode(in), in.bytes(EVIDENCE_BYTES_MAX));
      case NEWS -> new CasRequest.News(in.i64(), in.i64());
      case PUBLISH -> new CasRequest.Publish(ConfigurationCodec.decodeShardMap(in.bytes(SHARD_MAP_BYTES_MAX)));
      case HAS_STORE -> new CasRequest.HasStore();
      default -> throw new MalformedBytesException("no kind of request");
    };
    in.expectEnd();
    return request;
  }

  private static JoinStatement statement(ByteReader in) {
    String node = ConfigurationCodec.text(in, Member.NAME_CHARS_MAX);
    if (!Member.isName(node)) {
      throw new MalformedBytesException("no name of a node");
    }
    return new JoinStatement(node, in.bytes(JoinStatement.REQUEST_BYTES_MAX), in.raw(JoinStatement.BOOT_NONCE_BYTES));
  }

  static byte[] encode(CasReply reply) {
    ByteWriter out = new ByteWriter(1024).u8(VERSION);
    switch (reply) {
      case CasReply.Nonce nonce -> out.u8(NONCE).raw(nonce.nonce());
      case CasReply.Joined joined -> {
        return joined(joined);
      }
      case CasReply.News news -> {
        out.u8(NEWER);
        out.bytes(news.configuration().map(ConfigurationCodec::encode).orElse(new byte[0]));
        out.bytes(news.shardMap().map(ConfigurationCodec::encode).orElse(new byte[0]));
      }
      case CasReply.Published published ->
          out.u8(PUBLISHED).u8(published.replaced() ? 1 : 0).bytes(ConfigurationCodec.encode(published.shardMap()));
      case CasReply.Noted _ -> out.u8(NOTED);
      case CasReply.Refused refused -> ConfigurationCodec.text(refused.reason(), out.u8(REFUSED));
    }
    return out.toByteArray();
  }

  /** The secret goes in last, so that no array it was written to is left behind as the message grows. */
  private static byte[] joined(CasReply.Joined joined) {
    ByteWriter out = new ByteWriter(1024).u8(VERSION).u8(JOINED).bytes(joined.certificate())
        .bytes(ConfigurationCodec.encode(joined.configuration())).bytes(ConfigurationCodec.encode(joined.shardMap()))
        .u8(joined.hasStore() ? 1 : 0);
    int before = out.size();
    byte[] message = Arrays.copyOf(out.array(), before + SecretKey.BYTES);
    byte[] root = joined.root().copyBytes();
    System.arraycopy(root, 0, message, before, SecretKey.BYTES);
    Arrays.fill(root, (byte) 0);
    return message;
  }

  static CasReply decodeReply(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    CasReply reply = switch (in.u8()) {
      case NONCE -> new CasReply.Nonce(in.raw(Challenges.NONCE_BYTES));
      case JOINED -> decodeJoined(in);
      case NEWER -> new CasReply.News(
          optional(in.bytes(CONFIGURATION_BYTES_MAX)).map(ConfigurationCodec::decode),
          optional(in.bytes(SHARD_MAP_BYTES_MAX)).map(ConfigurationCodec::decodeShardMap));
      case PUBLISHED -> new CasReply.Published(in.u8() == 1, ConfigurationCodec.decodeShardMap(in.bytes(SHARD_MAP_BYTES_MAX)));
      case REFUSED -> new CasReply.Refused(ConfigurationCodec.text(in, REASON_BYTES_MAX));
      case NOTED -> new CasReply.Noted();
      default -> throw new MalformedBytesException("no kind of reply");
    };
    in.expectEnd();
    return reply;
  }

  private static CasReply decodeJoined(ByteReader in) {
    byte[] certificate = in.bytes(CERTIFICATE_BYTES_MAX);
    ClusterConfiguration configuration = ConfigurationCodec.decode(in.bytes(CONFIGURATION_BYTES_MAX));
    ShardMap shardMap = ConfigurationCodec.decodeShardMap(in.bytes(SHARD_MAP_BYTES_MAX));
    boolean hasStore = in.u8() == 1;
    return new CasReply.Joined(certificate, SecretKey.takeOver(in.raw(SecretKey.BYTES)), configuration, shardMap, hasStore);
  }

  private static Optional<byte[]> optional(byte[] bytes) {
    return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
  }
}
