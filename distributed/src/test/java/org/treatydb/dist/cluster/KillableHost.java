package org.treatydb.dist.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.LogHead;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.boundary.StoreId;
import org.treatydb.kv.boundary.TrustedCounter;

/** A host at each step of whose logs and counter the process can be killed. */
record KillableHost(KillSwitch steps) {

  HostEnvironment around(HostEnvironment host) {
    return new HostEnvironment(
        new Logs(LogName.WAL, host.wal(), steps), new Logs(LogName.MANIFEST, host.manifest(), steps),
        host.clog().map(clog -> new Logs(LogName.CLOG, clog, steps)), host.leaves(), host.counter(), host.memory(), host.clock(),
        host.entropy(), host.threads());
  }

  private record Logs(LogName name, SealedLogStorage logs, KillSwitch steps) implements SealedLogStorage {

    @Override
    public List<Long> segments() throws IOException {
      return logs.segments();
    }

    @Override
    public SealedLogFile create(long segment) throws IOException {
      SealedLogFile file = logs.create(segment);
      steps.reach("after-create-" + name);
      return new LogFile(name, file, steps);
    }

    @Override
    public SealedLogFile open(long segment) throws IOException {
      return new LogFile(name, logs.open(segment), steps);
    }

    @Override
    public void delete(long segment) throws IOException {
      steps.reach("before-delete-" + name);
      logs.delete(segment);
      steps.reach("after-delete-" + name);
    }
  }

  private record LogFile(LogName name, SealedLogFile file, KillSwitch steps) implements SealedLogFile {

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      steps.reach("before-append-" + name);
      file.append(bytes);
      steps.reach("after-append-" + name);
    }

    @Override
    public void sync() throws IOException {
      steps.reach("before-sync-" + name);
      file.sync();
      steps.reach("after-sync-" + name);
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      file.read(position, target);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      steps.reach("before-truncate-" + name);
      file.truncate(size);
      steps.reach("after-truncate-" + name);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** The same for a counter. */
  record Counter(TrustedCounter counter, KillSwitch steps) implements TrustedCounter {

    @Override
    public Optional<State> read() {
      return counter.read();
    }

    @Override
    public void register(StoreId store) {
      counter.register(store);
    }

    @Override
    public long bindEpoch(long present) {
      steps.reach("before-bind");
      long epoch = counter.bindEpoch(present);
      steps.reach("after-bind");
      return epoch;
    }

    @Override
    public void confirm(long bootEpoch, LogName log, LogHead head) {
      steps.reach("before-confirm-" + log);
      counter.confirm(bootEpoch, log, head);
      steps.reach("after-confirm-" + log);
    }

    @Override
    public void close() {
      counter.close();
    }
  }
}
