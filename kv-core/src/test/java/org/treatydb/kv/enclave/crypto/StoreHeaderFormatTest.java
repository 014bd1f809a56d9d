package org.treatydb.kv.enclave.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.GoldenFile;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;

class StoreHeaderFormatTest {

  private static final KeyDerivation.Passphrase ARGON2 = new KeyDerivation.Passphrase(filled(16, 9), 64 * 1024, 3, 4);

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static SecretKey key(int value) {
    return SecretKey.takeOver(filled(SecretKey.BYTES, value));
  }

  private static StoreHeader header(KeyDerivation derivation) {
    return StoreHeader.wrap(new StoreId(filled(16, 1)), derivation, key(2), key(3), 4);
  }

  @Test
  void headersAreWrittenAndReadAsEver() {
    byte[] direct = GoldenFile.check("store-header-direct", header(new KeyDerivation.Direct()).encode());
    byte[] passphrase = GoldenFile.check("store-header-passphrase", header(ARGON2).encode());
    for (byte[] golden : new byte[][] {direct, passphrase}) {
      assertArrayEquals(filled(SecretKey.BYTES, 3), StoreHeader.decode(golden).unwrap(key(2)).orElseThrow().copyBytes());
      assertTrue(StoreHeader.decode(golden).unwrap(key(7)).isEmpty(), "another root key opens it");
    }
  }

  @Test
  void aChangedHeaderNeverGivesAnotherKey() {
    byte[] valid = header(ARGON2).encode();
    for (int at = 0; at < valid.length; at++) {
      byte[] changed = valid.clone();
      changed[at] ^= 1;
      try {
        assertTrue(StoreHeader.decode(changed).unwrap(key(2)).isEmpty(), "byte " + at + " does not matter");
      } catch (MalformedBytesException e) {
        assertTrue(at < 60, "byte " + at);
      }
    }
  }

  private static Stream<byte[]> headers() {
    return Stream.of(header(ARGON2).encode(), header(new KeyDerivation.Direct()).encode());
  }

  @MethodSource("headers")
  @FuzzTest
  void headers(byte[] bytes) {
    DecoderContract.of(StoreHeader::decode).writtenBy(StoreHeader::encode).check(bytes);
  }

  private static Stream<byte[]> derivations() {
    return Stream.of(ARGON2.encode(), new KeyDerivation.Direct().encode());
  }

  @MethodSource("derivations")
  @FuzzTest
  void derivations(byte[] bytes) {
    DecoderContract.of(KeyDerivation::decode).writtenBy(KeyDerivation::encode).check(bytes);
  }

  @Test
  void aHeaderCannotAskForMuchMemoryOrTime() {
    int[][] tooMuch = {{1 << 30, 3, 4}, {1 << 19, 3, 4}, {-1, 3, 4}, {7, 1, 1}, {64, 0, 1}, {64, 1000, 1}, {64, 1, 0}, {64, 1, 999}};
    for (int[] costs : tooMuch) {
      byte[] bytes = new ByteWriter(32).u8(2).raw(filled(16, 0)).i32(costs[0]).i32(costs[1]).i32(costs[2]).toByteArray();
      assertThrows(MalformedBytesException.class, () -> KeyDerivation.decode(bytes), Arrays.toString(costs));
    }
  }

  @Test
  void everyUseHasAKeyOfItsOwn() {
    StoreId store = new StoreId(filled(16, 1));
    KeySchedule keys = new KeySchedule(key(3), store);
    byte[] salt = filled(KeySchedule.SALT_BYTES, 5);
    SealContext context = new SealContext.MemoryValue(1);
    byte[] sealed = keys.leaves(salt).seal(1, context, new byte[] {42}, 0, 1);
    assertEquals(42, keys.leaves(salt).open(1, context, sealed, 0, sealed.length).orElseThrow()[0]);
    assertTrue(keys.memory(salt).open(1, context, sealed, 0, sealed.length).isEmpty());
    assertTrue(keys.leaves(filled(KeySchedule.SALT_BYTES, 6)).open(1, context, sealed, 0, sealed.length).isEmpty());
    assertTrue(keys.leaves(salt).open(2, context, sealed, 0, sealed.length).isEmpty());
    assertTrue(keys.leaves(salt).open(1, new SealContext.MemoryValue(2), sealed, 0, sealed.length).isEmpty());
    assertTrue(new KeySchedule(key(3), new StoreId(filled(16, 8))).leaves(salt).open(1, context, sealed, 0, sealed.length).isEmpty());
    assertTrue(keys.leaves(salt).open(1, context, sealed, 0, 5).isEmpty(), "shorter than a tag");
    keys.destroy();
    assertThrows(IllegalStateException.class, () -> keys.leaves(salt));
  }
}
