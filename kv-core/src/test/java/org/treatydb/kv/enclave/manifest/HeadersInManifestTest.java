package org.treatydb.kv.enclave.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.leaf.Directory;

/** The MANIFEST names the headers that are good. */
class HeadersInManifestTest {

  private static byte[] digest(int of) {
    byte[] digest = new byte[32];
    Arrays.fill(digest, (byte) of);
    return digest;
  }

  private static ManifestState state(byte[]... headers) {
    return new ManifestState(Directory.EMPTY, Map.of(3L, new byte[32]), new LogHead(10, digest(9)), 11, 12).withHeaders(List.of(headers));
  }

  @Test
  void aCheckpointThatNamesHeadersIsWrittenAndReadAsEver() {
    byte[] golden = GoldenFile.check("manifest-checkpoint-start-headers", encode(state(digest(1), digest(2))));
    ManifestRecord.CheckpointStart read = (ManifestRecord.CheckpointStart) new ManifestCodec().decode(new ByteReader(golden));
    assertArrayEquals(golden, encode(read.withoutLeaves()));
    assertEquals(2, read.withoutLeaves().headers().size());
    assertTrue(read.withoutLeaves().accepts(digest(2)));
  }

  private static byte[] encode(ManifestState state) {
    ByteWriter out = new ByteWriter(64);
    new ManifestCodec().encode(new ManifestRecord.CheckpointStart(state, 1), out);
    return out.toByteArray();
  }

  @Test
  void onlyTheHeadersNamedAreAcceptedAndAnyWhereNoneIs() {
    assertTrue(state().accepts(digest(1)));
    assertTrue(state(digest(1)).accepts(digest(1)));
    assertFalse(state(digest(1)).accepts(digest(2)));
    assertTrue(state(digest(1)).withBoot(4, new byte[32]).accepts(digest(1)), "a boot keeps them");
    assertFalse(state(digest(1)).withBoot(4, new byte[32]).accepts(digest(2)));
  }
}
