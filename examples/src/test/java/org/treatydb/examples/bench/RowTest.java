package org.treatydb.examples.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** The benchmarks' data. */
class RowTest {

  @Test
  void keysAreInTheOrderOfTheirNumbers() {
    assertArrayEquals("key0000000000042".getBytes(StandardCharsets.US_ASCII), Row.key(42));
    assertArrayEquals("key9999999999999".getBytes(StandardCharsets.US_ASCII), Row.key(9_999_999_999_999L));
  }

  @Test
  void aRowHas116BytesAndTellsItsNumber() {
    Row row = Row.of(123_456, new Random(1));
    assertEquals(116, row.key().length + row.value().length);
    assertEquals(123_456, Row.number(row.value()));
  }

  @Test
  void halfOfAValueCompresses() {
    Random random = new Random(1);
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      values.writeBytes(Row.value(i, random));
    }
    Deflater deflater = new Deflater();
    deflater.setInput(values.toByteArray());
    deflater.finish();
    double share = (double) deflater.deflate(new byte[values.size()]) / values.size();
    deflater.end();
    assertTrue(share > 0.4 && share < 0.65, "compressed to " + share);
  }
}
