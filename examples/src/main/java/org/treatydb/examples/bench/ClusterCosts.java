package org.treatydb.examples.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.treatydb.dist.boundary.Transport;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.boundary.HostEnvironment;
import org.treatydb.kv.boundary.LogName;
import org.treatydb.kv.boundary.SealedLogFile;
import org.treatydb.kv.boundary.SealedLogStorage;
import org.treatydb.kv.boundary.TrustedCounter;

/** Counts, for the nodes of one cluster together, what takes time: syncs of logs, confirmed heads, calls to other nodes. Thread-safe. */
final class ClusterCosts {

  private final Map<LogName, LongAdder> syncs = adders(LogName.class);
  private final Map<LogName, LongAdder> confirmations = adders(LogName.class);
  private final Map<Service, LongAdder> calls = adders(Service.class);

  /** What was counted so far, or between two moments. */
  record Counted(Map<LogName, Long> syncs, Map<LogName, Long> confirmations, Map<Service, Long> calls) {

    static final Counted NOTHING = new Counted(Map.of(), Map.of(), Map.of());

    Counted since(Counted before) {
      return combined(before, -1);
    }

    Counted plus(Counted more) {
      return combined(more, 1);
    }

    private Counted combined(Counted other, int sign) {
      return new Counted(
          combined(syncs, other.syncs, sign), combined(confirmations, other.confirmations, sign), combined(calls, other.calls, sign));
    }

    private static <K> Map<K, Long> combined(Map<K, Long> one, Map<K, Long> other, int sign) {
      Map<K, Long> combined = new HashMap<>(one);
      other.forEach((key, count) -> combined.merge(key, sign * count, Long::sum));
      return combined;
    }
  }

  private static <K extends Enum<K>> Map<K, LongAdder> adders(Class<K> keys) {
    Map<K, LongAdder> adders = new EnumMap<>(keys);
    for (K key : keys.getEnumConstants()) {
      adders.put(key, new LongAdder());
    }
    return adders;
  }

  Counted counted() {
    return new Counted(sums(syncs), sums(confirmations), sums(calls));
  }

  private static <K extends Enum<K>> Map<K, Long> sums(Map<K, LongAdder> adders) {
    Map<K, Long> sums = new HashMap<>();
    adders.forEach((key, adder) -> sums.put(key, adder.sum()));
    return sums;
  }

  /** The same host, its logs' syncs counted. */
  HostEnvironment counting(HostEnvironment host) {
    return new HostEnvironment(
        new CountedLog(host.wal(), syncs.get(LogName.WAL)), new CountedLog(host.manifest(), syncs.get(LogName.MANIFEST)),
        Optional.of(new CountedLog(host.clog().orElseThrow(), syncs.get(LogName.CLOG))), host.leaves(), host.counter(), host.memory(),
        host.clock(), host.entropy(), host.threads());
  }

  /** The same transport, its calls to other nodes counted. {@code node}: whose it is. */
  Transport counting(int node, Transport transport) {
    return new CountedTransport(node, transport);
  }

  /** The same counter, what it confirms counted; {@code on}: whether it confirms. */
  SwitchedCounter counting(TrustedCounter counter, boolean on) {
    return new SwitchedCounter(counter, confirmations, on);
  }

  private record CountedLog(SealedLogStorage log, LongAdder syncs) implements SealedLogStorage {

    @Override
    public List<Long> segments() throws IOException {
      return log.segments();
    }

    @Override
    public SealedLogFile create(long segment) throws IOException {
      return new CountedFile(log.create(segment), syncs);
    }

    @Override
    public SealedLogFile open(long segment) throws IOException {
      return new CountedFile(log.open(segment), syncs);
    }

    @Override
    public void delete(long segment) throws IOException {
      log.delete(segment);
    }
  }

  private record CountedFile(SealedLogFile file, LongAdder syncs) implements SealedLogFile {

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      file.append(bytes);
    }

    @Override
    public void sync() throws IOException {
      syncs.increment();
      file.sync();
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
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private final class CountedTransport implements Transport {

    private final int own;
    private final Transport transport;

    private CountedTransport(int own, Transport transport) {
      this.own = own;
      this.transport = transport;
    }

    @Override
    public byte[] call(int node, byte[] request, long timeoutNanos) {
      if (node != own) {
        calls.get(Service.of(request).orElseThrow()).increment();
      }
      return transport.call(node, request, timeoutNanos);
    }

    @Override
    public void serve(Handler handler) {
      transport.serve(handler);
    }

    @Override
    public void close() {
      transport.close();
    }
  }
}
