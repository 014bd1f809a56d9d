package org.treatydb.kv.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.api.StoreSummary;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.TrustedCounter;
import org.treatydb.kv.host.file.CounterFile;
import org.treatydb.kv.host.file.StateDirectory;

/**
 * Takes a store that was moved, or restored from a backup, as the newest there is at its place: for the operator who
 * did so on purpose, and never to be called by a program on its own. Whoever can put old files where this is used rolls
 * the store back; all that remains certain is that the files are this store's, unchanged, and belong together.
 *
 * <p>Two steps: the constructor reads and checks everything and changes nothing; {@link #register} makes it so. Until
 * closed nobody else can open the store. Not thread-safe.
 */
public final class StoreAdoption implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoreAdoption.class);

  private final StoreAtRest files;
  private final Path counterFile;
  private final Optional<TrustedCounter.State> before;
  private final List<TrustedCounter.State> known = new ArrayList<>();
  private final TrustedCounter.State found;
  private final StoreSummary summary;

  /**
   * Reads and checks the store in {@code directory}.
   *
   * @throws KvException.IntegrityViolation if a byte that matters was changed, or files of different moments were mixed
   * @throws KvException.Unavailable with STORE_IN_USE, NOT_A_STORE, WRONG_KEY or IO_FAILURE
   */
  public StoreAdoption(Path directory, EmbeddedStoreOptions options, Progress progress) {
    files = new StoreAtRest(directory, options);
    try {
      Path counters = files.counterDirectory(options);
      counterFile = StateDirectory.counterFile(counters, files.path());
      before = readCounter();
      Optional<TrustedCounter.State> ofThisStore = before.filter(state -> state.store().equals(files.store()));
      ofThisStore.ifPresent(known::add);
      known.addAll(CounterFile.statesOf(files.store(), counters, counterFile));
      Optional<StoreSummary> asConfirmed = ofThisStore.flatMap(state -> inspect(state, progress));
      TrustedCounter.State logs = asConfirmed.isPresent() ? ofThisStore.orElseThrow() : files.scanLogs();
      long epoch = known.stream().mapToLong(TrustedCounter.State::bootEpoch).reduce(logs.bootEpoch(), Math::max);
      found = new TrustedCounter.State(files.store(), Math.addExact(epoch, 1), logs.heads(), logs.tails());
      summary = asConfirmed.isPresent() ? asConfirmed.get() : files.inspect(Optional.of(found), progress);
    } catch (IOException e) {
      files.close();
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot read the trusted counters: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  /** What the store holds if it is as the counter says, with the ends of logs that the counter keeps; else empty. */
  private Optional<StoreSummary> inspect(TrustedCounter.State confirmed, Progress progress) {
    try {
      return Optional.of(files.inspect(Optional.of(confirmed), progress));
    } catch (KvException.IntegrityViolation e) {
      LOG.info("the store at {} is not as its trusted counter says: {}", files.path(), e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<TrustedCounter.State> readCounter() {
    Optional<CounterFile> counter = CounterFile.openToRead(counterFile);
    try {
      return counter.flatMap(CounterFile::read);
    } finally {
      counter.ifPresent(CounterFile::close);
    }
  }

  /** What the store holds. */
  public StoreSummary summary() {
    return summary;
  }

  /** The newest WAL record that a counter in the counter directory has confirmed for this store; empty if none knows it. */
  public Optional<Long> walRecordConfirmed() {
    return known.stream().map(state -> walRecord(state.heads())).max(Long::compare);
  }

  /** The id of another store that the counter of this place remembers, and would forget. */
  public Optional<String> otherStoreRemembered() {
    return before
        .filter(state -> !state.isUnused() && !state.store().equals(files.store()))
        .map(state -> state.store().toString());
  }

  /** Whether the counter of this place already vouches for exactly this state, so that there is nothing to adopt. */
  public boolean isNeedless() {
    return before.filter(state -> state.store().equals(found.store()) && stands(state.heads()).equals(stands(found.heads()))).isPresent();
  }

  /** The heads of logs that have begun. */
  private static Map<LogName, LogHead> stands(Map<LogName, LogHead> heads) {
    return heads.entrySet().stream()
        .filter(head -> head.getValue().counter() > 0)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static long walRecord(Map<LogName, LogHead> heads) {
    LogHead wal = heads.get(LogName.WAL);
    return wal == null ? 0 : wal.counter();
  }

  /**
   * Registers the store at this place, as it was read. Afterwards it opens like any other.
   *
   * @throws KvException.IntegrityViolation with FENCED if the counter has changed since it was read
   * @throws KvException.Unavailable if the counter is in use, or cannot be written
   */
  public void register() {
    try (CounterFile counter = new CounterFile(counterFile)) {
      if (!counter.read().equals(before)) {
        throw new KvException.IntegrityViolation(ErrorCode.FENCED, "the trusted counter was changed meanwhile", null);
      }
      LOG.warn("adopting store {} at {}: the trusted counter {} said {}, and now says {}",
          files.store(), files.path(), counterFile, before.map(StoreAdoption::describe).orElse("nothing"), describe(found));
      counter.adopt(found);
    }
  }

  private static String describe(TrustedCounter.State state) {
    return "store %s, boot epoch %d, WAL %s, MANIFEST %s".formatted(
        state.store(), state.bootEpoch(), state.heads().get(LogName.WAL), state.heads().get(LogName.MANIFEST));
  }

  @Override
  public void close() {
    files.close();
  }
}
