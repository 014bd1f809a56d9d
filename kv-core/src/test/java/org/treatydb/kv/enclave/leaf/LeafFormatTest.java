package org.treatydb.kv.enclave.leaf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.crypto.KeySchedule;
import org.treatydb.kv.enclave.crypto.SecretKey;
import org.treatydb.kv.enclave.manifest.ManifestCodec;
import org.treatydb.kv.enclave.manifest.ManifestRecord;
import org.treatydb.kv.enclave.manifest.ManifestState;
import org.treatydb.kv.enclave.version.Entry;

class LeafFormatTest {

  private static final StoreId STORE = new StoreId(new byte[StoreId.BYTES]);
  private static final long FLUSH = FrameSealers.flushId(3, 1);

  private final FrameSealers sealers = new FrameSealers(new KeySchedule(SecretKey.takeOver(new byte[SecretKey.BYTES]), STORE));
  private final FrameCodec frames = new FrameCodec(STORE, sealers);

  @BeforeEach
  void addBoot() {
    sealers.addBoot(3, new byte[KeySchedule.SALT_BYTES]);
  }

  private static byte[] block(int entries) {
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      all.add(new Entry(new byte[] {(byte) i}, 100 - i, i % 3 == 2 ? null : new byte[i * 7]));
    }
    return EntryBlock.of(all).encode();
  }

  private static LeafEntry leaf(String firstKey, long... flushes) {
    return new LeafEntry(firstKey.getBytes(StandardCharsets.US_ASCII), 5, flushes, 60, 7, 9, 2);
  }

  @Test
  void framesAreWrittenAndReadAsEver() {
    byte[] plain = GoldenFile.check("frame-plain", frames.seal(5, FLUSH, 0, block(2)));
    byte[] compressed = GoldenFile.check("frame-lz4", frames.seal(5, FLUSH, 0, block(30)));
    assertEquals(2, frames.open(leaf("", FLUSH), plain).getFirst().count());
    assertEquals(30, frames.open(leaf("", FLUSH), compressed).getFirst().count());
    GoldenFile.check("entry-block", block(4));
  }

  @Test
  void manifestRecordsAreWrittenAndReadAsEver() {
    records().forEach((name, record) -> {
      byte[] golden = GoldenFile.check(name, encode(record));
      assertArrayEquals(golden, encode(new ManifestCodec().decode(new ByteReader(golden))));
    });
  }

  private static Map<String, ManifestRecord> records() {
    DirectoryEdit edit = new DirectoryEdit(List.of(new byte[] {1}), List.of(leaf("b", FLUSH), leaf("c", FLUSH, FLUSH + 1)));
    LogHead walHead = new LogHead(10, new byte[32]);
    ManifestState state = new ManifestState(Directory.EMPTY, new TreeMap<>(Map.of(3L, new byte[32])), walHead, 11, 12);
    return new TreeMap<>(Map.of(
        "manifest-edit-part", new ManifestRecord.EditPart(edit),
        "manifest-load", new ManifestRecord.Load(edit, FLUSH, 21, 22),
        "manifest-flush", new ManifestRecord.Flush(edit, new LogHead(20, new byte[32]), 19, 21, 22),
        "manifest-checkpoint-start", new ManifestRecord.CheckpointStart(state, 1),
        "manifest-checkpoint-leaves", new ManifestRecord.CheckpointLeaves(List.of(leaf(""), leaf("d", FLUSH)))));
  }

  private static Stream<byte[]> manifestRecords() {
    return records().values().stream().map(LeafFormatTest::encode);
  }

  @MethodSource("manifestRecords")
  @FuzzTest
  void manifestRecords(byte[] bytes) {
    DecoderContract.of(each -> new ManifestCodec().decode(new ByteReader(each))).writtenBy(LeafFormatTest::encode).check(bytes);
  }

  private static byte[] encode(ManifestRecord record) {
    ByteWriter out = new ByteWriter(64);
    new ManifestCodec().encode(record, out);
    return out.toByteArray();
  }

  /** The rows of a load carry no timestamp of their own: they have that of the flush they came with. */
  @Test
  void rowsOfALoadHaveItsTimestamp() {
    byte[] block = EntryBlock.of(List.of(new Entry(new byte[] {1}, EntryBlock.LOAD_TIME, new byte[] {2}))).encode();
    byte[] frame = frames.seal(5, FLUSH, 0, block);
    KvException refused = assertThrows(KvException.IntegrityViolation.class, () -> frames.open(leaf("", FLUSH), frame));
    assertTrue(refused.getMessage().contains("leaf 5"), refused.getMessage());
    sealers.addLoad(FLUSH, 77);
    EntryBlock opened = frames.open(leaf("", FLUSH), frame).getFirst();
    assertEquals(77, opened.timestamp(0));
    assertNull(opened.get(new byte[] {1}, 76));
    assertEquals(77, opened.get(new byte[] {1}, 77).timestamp());
    assertEquals(77, opened.entries().getFirst().timestamp());
  }

  private static Stream<byte[]> entryBlocks() {
    return Stream.of(block(0), block(3), block(20));
  }

  @MethodSource("entryBlocks")
  @FuzzTest
  void entryBlocks(byte[] bytes) {
    DecoderContract.of(EntryBlock::decode).writtenOnlyBy(block -> EntryBlock.of(block.entries()).encode()).check(bytes);
  }

  /** Frames sealed with these keys, and what an adversary makes of them. */
  private static Stream<byte[]> frames() {
    LeafFormatTest test = new LeafFormatTest();
    test.addBoot();
    return Stream.of(test.frames.seal(5, FLUSH, 0, block(30)));
  }

  @MethodSource("frames")
  @FuzzTest
  void frames(byte[] bytes) {
    DecoderContract.of(each -> frames.open(leaf("", FLUSH), each)).refusingWith(KvException.IntegrityViolation.class).check(bytes);
  }

  /** Random edits on a directory against a sorted map of the same leaves. */
  @Test
  void aDirectoryIsWhatItsEditsMakeIt() {
    Random random = new Random(11);
    Directory directory = Directory.EMPTY;
    TreeMap<String, LeafEntry> model = new TreeMap<>(Map.of("", LeafEntry.EMPTY));
    for (int i = 0; i < 300; i++) {
      TreeMap<String, LeafEntry> put = new TreeMap<>();
      TreeMap<String, byte[]> removed = new TreeMap<>();
      for (int j = random.nextInt(5); j > 0; j--) {
        String key = random.nextInt(20) == 0 ? "" : "k%02d".formatted(random.nextInt(60));
        put.put(key, leaf(key, random.nextLong()));
      }
      for (String key : model.keySet()) {
        if (!key.isEmpty() && !put.containsKey(key) && random.nextInt(10) == 0) {
          removed.put(key, model.get(key).firstKey());
        }
      }
      directory = directory.apply(new DirectoryEdit(List.copyOf(removed.values()), List.copyOf(put.values())));
      removed.keySet().forEach(model::remove);
      model.putAll(put);
      assertEquals(List.copyOf(model.values()), directory.leaves());
      String probe = "k%02d".formatted(random.nextInt(70));
      assertEquals(model.floorEntry(probe).getValue(), directory.leaf(directory.find(leaf(probe).firstKey())));
    }
    for (int i = 1; i < directory.size(); i++) {
      assertTrue(Arrays.equals(directory.range(i - 1).end(), directory.range(i).start()), "a gap between leaves");
    }
  }

  @Test
  void aDirectoryThatLeavesKeysWithoutALeafIsRefused() {
    assertThrows(MalformedBytesException.class, () -> Directory.of(List.of()));
    assertThrows(MalformedBytesException.class, () -> Directory.of(List.of(leaf("a"))));
    assertThrows(MalformedBytesException.class, () -> Directory.of(List.of(leaf(""), leaf("b"), leaf("a"))));
    assertThrows(MalformedBytesException.class, () -> Directory.of(List.of(leaf(""), leaf("b"), leaf("b"))));
    DirectoryEdit nothingThere = new DirectoryEdit(List.of(new byte[] {1}), List.of());
    assertThrows(MalformedBytesException.class, () -> Directory.EMPTY.apply(nothingThere));
  }
}
