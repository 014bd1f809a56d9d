package org.treatydb.kv.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.treatydb.kv.embedded.TemporaryStore.put;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.StoreSummary;

/**
 * Verifying reads everything and touches nothing. That it notices whatever an opening and a full reading would is
 * checked by every attack of the attack tests: see {@link AttackedStore#look}.
 */
class VerificationTest {

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  private static StoreSummary verify(TemporaryStore place) {
    return StoreVerification.verify(place.data, place.options(), Progress.NONE);
  }

  @Test
  void aSoundStoreIsSummedUpAndNotTouched() {
    Instant before = Instant.ofEpochMilli(System.currentTimeMillis());
    AttackedStore target = new AttackedStore(directory);
    FileImage image = FileImage.of(directory);
    List<String> steps = new ArrayList<>();
    StoreSummary summary = StoreVerification.verify(
        target.place.data, target.place.options(), (work, done, total) -> steps.add(work + " " + done + "/" + total));
    assertEquals(image, FileImage.of(directory), "verifying changes nothing, counter included");
    assertEquals(500 + 400 + 60 + 20 + 5 + 1, summary.walRecord(), "one record a commit, one for the bulk load");
    assertEquals(25, summary.walWrites(), "what the crash image has in its WAL only");
    assertTrue(summary.leaves() > 5 && summary.versions() > 300 && summary.leafBytes() > 10_000, summary.toString());
    assertFalse(summary.oldest().orElseThrow().isBefore(before), summary.toString());
    assertFalse(summary.newest().orElseThrow().isBefore(summary.oldest().orElseThrow()), summary.toString());
    assertEquals("logs 0/2", steps.getFirst());
    assertTrue(steps.getLast().matches("leaves (\\d+)/\\1"), steps.getLast());
    assertEquals(summary, verify(target.place), "and it can be done again");
    assertEquals(AttackedStore.Outcome.CORRECT, target.look());
  }

  @Test
  void anEmptyStoreIsSound() {
    TemporaryStore place = new TemporaryStore(directory);
    place.open().close();
    assertEquals(0, verify(place).versions());
    assertTrue(verify(place).newest().isEmpty());
  }

  @Test
  void aStoreInUseAndWhatIsNoStoreAreRefused() throws Exception {
    TemporaryStore place = new TemporaryStore(directory);
    try (EmbeddedStore store = place.open()) {
      KvException refused = assertThrows(KvException.Unavailable.class, () -> verify(place));
      assertEquals(ErrorCode.STORE_IN_USE, refused.code());
      put(store, "still", "serving");
    }
    try (ChildJvm child = new ChildJvm(KilledWriter.class, directory.toString(), "1")) {
      child.await("open");
      KvException refused = assertThrows(KvException.Unavailable.class, () -> verify(place));
      assertEquals(ErrorCode.STORE_IN_USE, refused.code());
      child.kill();
    }
    verify(place);
    TemporaryStore nowhere = new TemporaryStore(directory.resolve("nowhere"));
    assertEquals(ErrorCode.NOT_A_STORE, assertThrows(KvException.class, () -> verify(nowhere)).code());
    assertFalse(Files.exists(nowhere.data));
  }

  @Test
  void aCopyIsRefusedAsAStoreAndSoundAsACopy() {
    TemporaryStore place = new TemporaryStore(directory);
    try (EmbeddedStore store = place.open()) {
      put(store, "a", "b");
    }
    Path copy = DirectoryCopy.of(place.data, directory.resolve("copy"));
    KvException refused =
        assertThrows(KvException.class, () -> StoreVerification.verify(copy, place.options(), Progress.NONE));
    assertEquals(ErrorCode.ROLLBACK_DETECTED, refused.code());
    assertEquals(verify(place), StoreVerification.verifyCopy(copy, place.options(), Progress.NONE));
  }
}
