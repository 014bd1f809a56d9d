package org.treatydb.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.protobuf.ByteString;
import org.apache.calcite.avatica.proto.Common.WireMessage;
import org.apache.calcite.avatica.proto.Requests;
import org.junit.jupiter.api.Test;

class MessageNamesTest {

  private static final String PACKAGE = "org.apache.calcite.avatica.proto";

  private static byte[] message(String name) {
    return WireMessage.newBuilder().setName(name).setWrappedMessage(ByteString.copyFrom(new byte[] {1, 2, 3})).build().toByteArray();
  }

  @Test
  void aMessageKeepsAllButItsPackage() throws Exception {
    String name = Requests.CommitRequest.class.getName();
    byte[] renamed = MessageNames.renamed(message(name), PACKAGE, "a.b");
    assertEquals("a.b.Requests$CommitRequest", WireMessage.parseFrom(renamed).getName());
    assertArrayEquals(new byte[] {1, 2, 3}, WireMessage.parseFrom(renamed).getWrappedMessage().toByteArray());
    assertArrayEquals(message(name), MessageNames.renamed(renamed, "a.b", PACKAGE));
  }

  @Test
  void withTheOriginalClassesNothingIsRenamed() {
    byte[] message = message(Requests.CommitRequest.class.getName());
    assertSame(message, MessageNames.toWire(message));
    assertSame(message, MessageNames.fromWire(message));
  }

  @Test
  void whatIsNoMessageOfThatPackageStaysAsItIs() {
    byte[][] others = {new byte[0], {0x0A}, {0x0A, 5, 'a'}, {0x0A, -1, 'a'}, {0x0B, 1, 'a'}, message("a.b.C"), message(PACKAGE + "x.C")};
    for (byte[] other : others) {
      assertSame(other, MessageNames.renamed(other, PACKAGE, "x"));
    }
  }
}
