package org.treatydb.dist.cluster;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.treatydb.dist.enclave.shard.Shard;
import org.treatydb.dist.enclave.shard.ShardMap;

/** Cuts the workloads' keys into small ranges, so that most transactions and most scans have to do with several nodes. */
public final class WorkloadShards {

  private static final int NUMBERS = 200;

  private WorkloadShards() {}

  public static ShardMap over(int nodes) {
    return over(nodes, NUMBERS);
  }

  /** {@code numbers}: keys of larger ones are not cut apart. */
  public static ShardMap over(int nodes, int numbers) {
    TreeSet<byte[]> starts = new TreeSet<>(Arrays::compareUnsigned);
    for (String word : List.of("bank", "list", "name", "receipt", "register", "row", "set")) {
      for (int i = 0; i < numbers; i++) {
        starts.add(key(word, i));
        starts.add(key(word, i, 2));
      }
    }
    for (int place = 0; place < 2; place++) {
      for (int account = 1; account < 8; account++) {
        starts.add(key("bank", place, account));
      }
    }
    for (String word : List.of("changed", "rewired", "ring", "table")) {
      for (int i = 0; i < Math.min(numbers, 99); i++) {
        starts.add(key(word, i));
      }
    }
    List<Shard> shards = new ArrayList<>();
    shards.add(new Shard(new byte[0], 1));
    int node = 0;
    for (byte[] start : starts) {
      shards.add(new Shard(start, 1 + node++ % nodes));
    }
    return new ShardMap(1, shards);
  }

  private static byte[] key(String word, int... numbers) {
    byte[] letters = (word + "/").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer key = ByteBuffer.allocate(letters.length + Integer.BYTES * numbers.length).put(letters);
    for (int number : numbers) {
      key.putInt(number);
    }
    return key.array();
  }
}
