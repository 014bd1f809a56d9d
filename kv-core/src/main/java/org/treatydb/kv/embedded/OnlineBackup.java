package org.treatydb.kv.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.Progress;
import org.treatydb.kv.enclave.crypto.StoreHeader;
import org.treatydb.kv.enclave.store.Capture;
import org.treatydb.kv.enclave.store.VersionStore;
import org.treatydb.kv.host.file.BackupDirectory;
import org.treatydb.kv.host.file.DataDirectory;
import org.treatydb.kv.host.rocksdb.RocksSealedStore;

/**
 * Copies an open store while it serves. Between two flushes it takes the stable heads of MANIFEST and WAL and a
 * checkpoint of the leaves, by hard links inside the data directory; then, beside everything else, it copies these out.
 * One backup at a time; thread-safe.
 */
final class OnlineBackup {

  private final DataDirectory data;
  private final RocksSealedStore leaves;
  private final VersionStore versions;
  private final ReentrantLock one = new ReentrantLock();

  OnlineBackup(DataDirectory data, RocksSealedStore leaves, VersionStore versions) {
    this.data = data;
    this.leaves = leaves;
    this.versions = versions;
  }

  BackupSummary run(Path to, Progress progress) {
    one.lock();
    try {
      BackupDirectory backup = new BackupDirectory(to, data.path());
      byte[] header = data.readHeader(StoreHeader.BYTES_MAX).orElseThrow(() -> new IOException("the store's header is gone"));
      Path checkpoint = data.newCheckpoint();
      try (Capture capture = versions.capture(() -> leaves.checkpointTo(checkpoint))) {
        long bytes = capture.copyTo(backup.manifest(), backup.wal());
        bytes += backup.copyLeaves(checkpoint, progress);
        backup.writeHeader(header);
        return new BackupSummary(capture.walRecord(), bytes + header.length);
      } finally {
        data.removeCheckpoint();
      }
    } catch (IOException | UncheckedIOException e) {
      throw new KvException.Unavailable(ErrorCode.IO_FAILURE, "cannot make a backup in " + to + ": " + e.getMessage(), e);
    } finally {
      one.unlock();
    }
  }
}
