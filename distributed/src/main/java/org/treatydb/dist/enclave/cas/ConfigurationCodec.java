package org.treatydb.dist.enclave.cas;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.dist.enclave.shard.ShardMapCodec;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/**
 * The bytes of configurations and shard maps, in the service's store and in its messages. Format 1 of a configuration: version byte,
 * cluster (16 bytes), version (8), members (id, name, two addresses), revocations (node, serial number). A shard map has its own
 * format. Stateless.
 */
final class ConfigurationCodec {

  /** The longest shard map that the service keeps and its messages carry, in bytes. */
  static final int SHARD_MAP_BYTES_MAX = 1 << 20;

  private static final int VERSION = 1;
  private static final int HOST_BYTES_MAX = 253;

  private ConfigurationCodec() {}

  static byte[] encode(ClusterConfiguration configuration) {
    ByteWriter out = new ByteWriter(512).u8(VERSION);
    UUID cluster = configuration.cluster();
    out.i64(cluster.getMostSignificantBits()).i64(cluster.getLeastSignificantBits()).i64(configuration.version());
    out.varint(configuration.members().size());
    for (Member member : configuration.members()) {
      text(member.name(), out.varint(member.id()));
      endpoint(member.peers(), out);
      endpoint(member.jdbc(), out);
    }
    Map<Integer, Long> revoked = new TreeMap<>(configuration.revokedThrough());
    out.varint(revoked.size());
    revoked.forEach((node, serial) -> out.varint(node).i64(serial));
    return out.toByteArray();
  }

  /** Fails with {@link MalformedBytesException} if these bytes are no configuration. */
  static ClusterConfiguration decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version(VERSION);
    UUID cluster = new UUID(in.i64(), in.i64());
    long version = in.i64();
    try {
      List<Member> members = new ArrayList<>();
      for (int left = in.varint(ClusterConfiguration.MEMBERS_MAX); left > 0; left--) {
        members.add(new Member(in.varint(Member.ID_MAX), text(in, Member.NAME_CHARS_MAX), endpoint(in), endpoint(in)));
      }
      Map<Integer, Long> revoked = new TreeMap<>();
      for (int left = in.varint(ClusterConfiguration.MEMBERS_MAX); left > 0; left--) {
        revoked.put(in.varint(Member.ID_MAX), in.i64());
      }
      in.expectEnd();
      return new ClusterConfiguration(cluster, version, members, revoked);
    } catch (KvException.InvalidRequest e) {
      throw new MalformedBytesException(e.getMessage());
    }
  }

  static byte[] encode(ShardMap map) {
    ByteWriter out = new ByteWriter(1024);
    ShardMapCodec.encode(map, out);
    return out.toByteArray();
  }

  /** Fails with {@link MalformedBytesException} if these bytes are no shard map. */
  static ShardMap decodeShardMap(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    ShardMap map = ShardMapCodec.decode(in);
    in.expectEnd();
    return map;
  }

  private static void endpoint(Endpoint endpoint, ByteWriter out) {
    text(endpoint.host(), out).varint(endpoint.port());
  }

  private static Endpoint endpoint(ByteReader in) {
    return new Endpoint(text(in, HOST_BYTES_MAX), in.varint(0xffff));
  }

  static ByteWriter text(String text, ByteWriter out) {
    return out.bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(ByteReader in, int bytesMax) {
    return new String(in.bytes(bytesMax), StandardCharsets.UTF_8);
  }
}
