package org.treatydb.dist.boundary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.treatydb.kv.api.KvException;

class EndpointTest {

  @Test
  void hostsAndPortsAreReadAsTheyAreWritten() {
    for (String text : new String[] {"127.0.0.1:7001", "node-1.example.org:0", "[::1]:65535"}) {
      assertEquals(text, Endpoint.parse(text).toString());
    }
    assertEquals(new Endpoint("::1", 80), Endpoint.parse("[::1]:80"));
  }

  @Test
  void whatIsNoHostAndPortIsRefused() {
    for (String text : new String[] {"", ":", "host", "host:", ":80", "host:65536", "host:-1", "host:x", "::1:80", "a b:80", "[]:80"}) {
      assertThrows(KvException.InvalidRequest.class, () -> Endpoint.parse(text), text);
    }
  }
}
