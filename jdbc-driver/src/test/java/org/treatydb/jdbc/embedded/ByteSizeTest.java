package org.treatydb.jdbc.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "7B, 7", "2KB, 2048", "512MB, 536870912", "3GB, 3221225472"})
  void aSizeIsANumberWithOrWithoutItsUnit(String text, long bytes) {
    assertEquals(bytes, ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MB", "-1", "1.5MB", "1 MB", "1mb", "1TB", "9999999999GB", "99999999999999999999", "1MB "})
  void anythingElseIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
  }
}
