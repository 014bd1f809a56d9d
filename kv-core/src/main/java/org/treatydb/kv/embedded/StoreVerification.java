package org.treatydb.kv.embedded;

import java.nio.file.Path;
import java.util.Optional;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.StoreSummary;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.file.StateDirectory;

/**
 * Reads and checks everything a closed store holds: header, freshness, every record of MANIFEST and WAL, every leaf, the
 * order of the keys. Changes nothing, neither in the data directory nor in the counter, and binds no boot epoch; until
 * it returns nobody can open the store. What an opening or any later read would refuse, this refuses.
 */
public final class StoreVerification {

  private StoreVerification() {}

  /**
   * Verifies the store in {@code directory} against the trusted counter of its place.
   *
   * @throws KvException.IntegrityViolation with the first thing found
   * @throws KvException.Unavailable with STORE_IN_USE if somebody has it open, NOT_A_STORE, WRONG_KEY, IO_FAILURE
   */
  public static StoreSummary verify(Path directory, EmbeddedStoreOptions options, Progress progress) {
    try (StoreAtRest store = new StoreAtRest(directory, options)) {
      Path file = StateDirectory.counterFile(store.counterDirectory(options), store.path());
      Optional<CounterFile> counter = CounterFile.openToRead(file);
      try {
        Optional<TrustedCounter.State> state = counter.flatMap(CounterFile::read);
        return store.inspect(state, progress);
      } finally {
        counter.ifPresent(CounterFile::close);
      }
    }
  }

  /**
   * Verifies a copy that no counter vouches for, such as a backup: everything but freshness. That it is authentic and
   * complete up to the {@link StoreSummary#walRecord} told is certain; that it is the newest there ever was is not.
   */
  public static StoreSummary verifyCopy(Path directory, EmbeddedStoreOptions options, Progress progress) {
    try (StoreAtRest store = new StoreAtRest(directory, options)) {
      return store.inspect(Optional.of(store.scanLogs()), progress);
    }
  }
}
