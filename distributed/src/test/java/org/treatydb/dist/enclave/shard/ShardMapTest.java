package org.treatydb.dist.enclave.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/** Which node has which keys. */
class ShardMapTest {

  private static final byte[] FIRST = {};
  private static final ShardMap MAP = new ShardMap(
      4, List.of(new Shard(FIRST, 1), new Shard(new byte[] {10}, 2), new Shard(new byte[] {20}, 2), new Shard(new byte[] {30}, 3)));

  private static byte[] encoded(ShardMap map) {
    ByteWriter out = new ByteWriter(64);
    ShardMapCodec.encode(map, out);
    return out.toByteArray();
  }

  @Test
  void mapsAreWrittenAndReadAsEver() {
    byte[] golden = GoldenFile.check("shard-map", encoded(MAP));
    assertArrayEquals(golden, encoded(ShardMapCodec.decode(new ByteReader(golden))));
  }

  private static Stream<byte[]> maps() {
    return Stream.of(encoded(MAP));
  }

  @MethodSource("maps")
  @FuzzTest
  void maps(byte[] bytes) {
    DecoderContract.of(each -> ShardMapCodec.decode(new ByteReader(each))).writtenBy(ShardMapTest::encoded).check(bytes);
  }

  @Test
  void everyKeyHasOneNode() {
    assertEquals(1, MAP.nodeOf(FIRST));
    assertEquals(1, MAP.nodeOf(new byte[] {9, 9}));
    assertEquals(2, MAP.nodeOf(new byte[] {10}));
    assertEquals(2, MAP.nodeOf(new byte[] {29, (byte) 0xff}));
    assertEquals(3, MAP.nodeOf(new byte[] {(byte) 0xff}));
  }

  @Test
  void aRangeIsCutWhereItsNodeChanges() {
    List<ShardMap.Piece> all = MAP.pieces(new KeyRange(FIRST, null));
    assertEquals(List.of(1, 2, 3), all.stream().map(ShardMap.Piece::node).toList());
    assertEquals(
        List.of(new KeyRange(FIRST, new byte[] {10}), new KeyRange(new byte[] {10}, new byte[] {30}), new KeyRange(new byte[] {30}, null)),
        all.stream().map(ShardMap.Piece::range).toList());
    KeyRange inside = new KeyRange(new byte[] {12}, new byte[] {30});
    assertEquals(List.of(new ShardMap.Piece(inside, 2)), MAP.pieces(inside));
    assertTrue(MAP.isOn(2, inside));
    assertFalse(MAP.isOn(2, new KeyRange(new byte[] {12}, new byte[] {30, 0})));
    assertEquals(List.of(), MAP.pieces(new KeyRange(new byte[] {12}, new byte[] {12})));
  }

  @Test
  void aRangeThatMovesChangesNothingElse() {
    ShardMap moved = MAP.moved(new KeyRange(new byte[] {5}, new byte[] {15}), 3);
    assertEquals(5, moved.version());
    assertEquals(1, moved.nodeOf(new byte[] {4}));
    assertEquals(3, moved.nodeOf(new byte[] {5}));
    assertEquals(3, moved.nodeOf(new byte[] {14, 9}));
    assertEquals(2, moved.nodeOf(new byte[] {15}));
    assertEquals(3, moved.nodeOf(new byte[] {30}));
    assertEquals(2, MAP.moved(new KeyRange(new byte[] {30}, null), 2).nodeOf(new byte[] {99}));
  }

  @Test
  void aMapBeginsAtTheFirstKeyAndAscends() {
    Shard late = new Shard(new byte[] {1}, 1);
    assertThrows(IllegalArgumentException.class, () -> new ShardMap(1, List.of(late)));
    assertThrows(IllegalArgumentException.class, () -> new ShardMap(1, List.of(new Shard(FIRST, 1), late, late)));
    assertThrows(IllegalArgumentException.class, () -> new ShardMap(1, List.of()));
  }

  @Test
  void theFirstMapGivesEveryNodeAsMuch() {
    ShardMap dealt = ShardMap.dealtOut(List.of(1, 2, 3), 16);
    assertEquals(48, dealt.shards().size());
    for (int node = 1; node <= 3; node++) {
      int wanted = node;
      assertEquals(16, dealt.shards().stream().filter(shard -> shard.node() == wanted).count());
    }
  }

  @Test
  void aMapThatLeavesKeysWithoutANodeOrHasTooManyShardsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ShardMap(1, List.of()));
    assertThrows(IllegalArgumentException.class, () -> new ShardMap(1, List.of(new Shard(new byte[] {1}, 1))));
    List<Shard> tooMany = Collections.nCopies(ShardMap.SHARDS_MAX + 1, new Shard(new byte[0], 1));
    assertThrows(IllegalArgumentException.class, () -> new ShardMap(1, tooMany));
  }
}
