package org.treatydb.dist.enclave.cas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.dist.enclave.shard.ShardMap;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;
import org.treatydb.kv.host.file.KeyFile;

/** The service's state in its directory. */
class CasOnDiskTest {

  @TempDir
  Path directory;

  private Path data;
  private Path counters;
  private Path key;

  @BeforeEach
  void makeKey() throws IOException {
    data = directory.resolve("cas");
    counters = directory.resolve("counters");
    key = directory.resolve("key");
    KeyFile.write(key, Cas.filled(32, 5));
  }

  private EmbeddedStore open() {
    return EmbeddedStore.open(data, EmbeddedStoreOptions.defaults().withKeyFile(key).withCounterDirectory(counters));
  }

  @Test
  void aRestartKeepsEverything() {
    byte[] authority;
    JoinedCluster before;
    CasAdministration.Summary told;
    try (EmbeddedStore store = open()) {
      Cas cas = new Cas(store);
      authority = cas.authority();
      before = cas.join("alpha");
      cas.client(1).publish(before.shardMap().moved(KeyRange.ALL, 5));
      cas.administration.revoke("gamma");
      cas.administration.allow(Cas.FORBIDDEN);
      told = cas.administration.summary();
    }
    try (EmbeddedStore store = open()) {
      Cas cas = new Cas(store);
      assertArrayEquals(authority, cas.authority());
      CasAdministration.Summary now = cas.administration.summary();
      assertEquals(told.configuration(), now.configuration());
      assertEquals(told.policy().measurements(), now.policy().measurements());
      assertEquals(told.issued(), now.issued());
      assertThrows(KvException.Unavailable.class, () -> cas.join("gamma"));
      JoinedCluster after = cas.join("alpha");
      assertArrayEquals(before.root().copyBytes(), after.root().copyBytes());
      assertEquals(2, after.shardMap().version());
      assertEquals(Set.of(5), after.shardMap().nodes());
      assertEquals(2, after.identity().certificate().getSerialNumber().intValueExact());
    }
  }

  @Test
  void aStateThatWasRolledBackIsNotServed() throws IOException {
    Path countersBefore = shutOutAlphaAfterACopy();
    KvException.IntegrityViolation refused = assertThrows(KvException.IntegrityViolation.class, this::open);
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());

    // The control: whoever can roll back the counter, too, lets alpha in again.
    replace(counters, countersBefore);
    try (EmbeddedStore store = open()) {
      new Cas(store).join("alpha");
    }
  }

  /** Puts the state from before a revocation back; returns the counters of that time. */
  private Path shutOutAlphaAfterACopy() throws IOException {
    try (EmbeddedStore store = open()) {
      new Cas(store).join("alpha");
    }
    Path dataBefore = copy(data, directory.resolve("cas-before"));
    Path countersBefore = copy(counters, directory.resolve("counters-before"));
    try (EmbeddedStore store = open()) {
      new Cas(store).administration.revoke("alpha");
    }
    replace(data, dataBefore);
    return countersBefore;
  }

  private static void replace(Path present, Path by) throws IOException {
    try (Stream<Path> walk = Files.walk(present)) {
      for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    copy(by, present);
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path each : walk.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
    return to;
  }

  @Test
  void nothingOfTheStateIsReadableInTheFiles() throws IOException {
    try (EmbeddedStore store = open()) {
      Cas cas = new Cas(store);
      ShardMap map = cas.join("alpha").shardMap();
      cas.client(1).publish(map.moved(KeyRange.prefix("plain shard map".getBytes(StandardCharsets.UTF_8)), 5));
    }
    List<byte[]> secrets = List.of(
        "alpha".getBytes(StandardCharsets.UTF_8), "plain shard map".getBytes(StandardCharsets.UTF_8), Cas.ALLOWED.bytes());
    int files = 0;
    try (Stream<Path> walk = Files.walk(data)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files++;
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (byte[] secret : secrets) {
          assertFalse(content.contains(new String(secret, StandardCharsets.ISO_8859_1)), file.toString());
        }
      }
    }
    assertTrue(files > 3, "looked at " + files + " files");
  }
}
