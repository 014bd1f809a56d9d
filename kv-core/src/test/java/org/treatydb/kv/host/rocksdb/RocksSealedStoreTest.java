package org.treatydb.kv.host.rocksdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.boundary.SealedStore;
import org.treatydb.kv.embedded.MemoryDirectory;

class RocksSealedStoreTest {

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private static byte[] bytes(long id) {
    return new byte[] {(byte) id, 1};
  }

  private static void put(SealedStore store, long... ids) {
    List<SealedStore.Edit> edits = new ArrayList<>();
    for (long id : ids) {
      edits.add(new SealedStore.Edit.Put(id, bytes(id)));
    }
    store.apply(edits);
  }

  private RocksSealedStore open(boolean create) {
    return new RocksSealedStore(directory, create, new RocksSealedStore.Memory(1 << 20, 1 << 20));
  }

  @Test
  void aRangeOfLeavesIsDeletedAndNewOnesCanTakeTheirPlace() {
    try (RocksSealedStore store = open(true)) {
      put(store, 1, 2, 300, Long.MAX_VALUE - 1);
      store.sync();
      put(store, 4, 301);
      store.apply(List.of(new SealedStore.Edit.DeleteRange(3, Long.MAX_VALUE)));
      put(store, 5, 300, 302);
      store.apply(List.of(new SealedStore.Edit.DeleteRange(4, 300), new SealedStore.Edit.DeleteRange(303, 400)));
    }
    try (RocksSealedStore store = open(false); SealedStore.Snapshot snapshot = store.snapshot()) {
      for (long kept : new long[] {1, 2, 300, 302}) {
        assertArrayEquals(bytes(kept), snapshot.get(kept));
      }
      List<byte[]> gone = snapshot.get(List.of(4L, 5L, 301L, Long.MAX_VALUE - 1));
      assertEquals(4, gone.size());
      gone.forEach(leaf -> assertNull(leaf));
    }
  }

  @Test
  void damageToWhatHoldsNoLeafAnyMoreIsFoundByCheckingTheFiles() throws IOException {
    try (RocksSealedStore store = open(true)) {
      put(store, 1);
      store.sync();
      Path damaged = tables().getFirst();
      store.apply(List.of(new SealedStore.Edit.Delete(1)));
      put(store, 2);
      store.sync();
      store.checkFiles();
      byte[] table = Files.readAllBytes(damaged);
      table[2] ^= 1;
      Files.write(damaged, table);
    }
    try (RocksSealedStore store = RocksSealedStore.openToRead(directory); SealedStore.Snapshot snapshot = store.snapshot()) {
      assertArrayEquals(bytes(2), snapshot.get(2));
      assertThrows(KvException.IntegrityViolation.class, store::checkFiles);
    }
  }

  private List<Path> tables() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".sst")).toList();
    }
  }
}
