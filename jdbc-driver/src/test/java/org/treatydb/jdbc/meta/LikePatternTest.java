package org.treatydb.jdbc.meta;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LikePatternTest {

  @Test
  void patternsMatchAsJdbcSays() {
    assertTrue(LikePattern.of(null).test("anything"));
    assertTrue(LikePattern.of("A_C%").test("ABCD"));
    assertFalse(LikePattern.of("A_C").test("ABCD"));
    assertTrue(LikePattern.of("A\\_C").test("A_C"));
    assertFalse(LikePattern.of("A\\_C").test("ABC"));
    assertTrue(LikePattern.of("a.*b").test("a.*b"));
    assertFalse(LikePattern.of("a.*b").test("axxb"));
  }
}
