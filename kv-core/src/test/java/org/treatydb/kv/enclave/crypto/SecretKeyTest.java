package org.treatydb.kv.enclave.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SecretKeyTest {

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  @Test
  void whatIsTakenOverIsWipedAndADestroyedKeyIsGone() {
    byte[] given = bytes(SecretKey.BYTES);
    SecretKey key = SecretKey.takeOver(given);
    assertArrayEquals(new byte[SecretKey.BYTES], given);
    assertArrayEquals(bytes(SecretKey.BYTES), key.copyBytes());
    byte[] secret = key.reveal();
    key.destroy();
    assertArrayEquals(new byte[SecretKey.BYTES], secret);
    assertThrows(IllegalStateException.class, key::copyBytes);
    assertEquals("SecretKey(not shown)", key.toString());
  }

  @Test
  void aKeyOfAnotherLengthIsRefused() {
    for (int length : new int[] {0, SecretKey.BYTES - 1, SecretKey.BYTES + 1}) {
      assertThrows(IllegalArgumentException.class, () -> SecretKey.takeOver(bytes(length)));
    }
  }
}
