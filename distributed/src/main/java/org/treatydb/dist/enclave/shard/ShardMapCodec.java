package org.treatydb.dist.enclave.shard;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

/** A shard map, format 1: the format's version, the map's version (8 bytes), number of shards, then of each the start and the node (4). */
public final class ShardMapCodec {

  private static final int FORMAT = 1;

  private ShardMapCodec() {}

  public static void encode(ShardMap map, ByteWriter out) {
    out.u8(FORMAT).i64(map.version()).varint(map.shards().size());
    map.shards().forEach(shard -> out.bytes(shard.start()).i32(shard.node()));
  }

  /**
   * Reads a map.
   *
   * @throws MalformedBytesException if there is none
   */
  public static ShardMap decode(ByteReader in) {
    in.version(FORMAT);
    long version = in.i64();
    int count = in.varint(ShardMap.SHARDS_MAX);
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shards.add(new Shard(in.bytes(KvStore.KEY_BYTES_MAX), in.i32()));
    }
    try {
      return new ShardMap(version, shards);
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException("no shard map: " + e.getMessage());
    }
  }
}
