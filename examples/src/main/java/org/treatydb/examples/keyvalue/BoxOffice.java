package org.treatydb.examples.keyvalue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.treatydb.kv.api.KeyRange;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvException;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.ScanOptions;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.kv.embedded.EmbeddedStoreOptions;

/**
 * A theatre's box office on the key-value API: several clerks sell seats at once, and no seat is sold twice. Keys are
 * {@code free/SEAT}, {@code sold/SEAT} and {@code order/NUMBER}. Takes the directory to work in as its argument.
 */
public final class BoxOffice {

  private static final int SEATS = 60;
  private static final int CLERKS = 4;
  private static final int ATTEMPTS_MAX = 20;

  private final KvStore store;

  private BoxOffice(KvStore store) {
    this.store = store;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args.length > 0 ? args[0] : "box-office").toAbsolutePath();
    Path keyFile = directory.resolve("root.key");
    if (!Files.exists(keyFile)) {
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      Files.createDirectories(directory);
      Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(keyFile, HexFormat.of().formatHex(key));
    }
    EmbeddedStoreOptions options =
        EmbeddedStoreOptions.defaults().withKeyFile(keyFile).withCounterDirectory(directory.resolve("counters"));
    try (KvStore store = EmbeddedStore.open(directory.resolve("data"), options)) {
      new BoxOffice(store).run();
    }
  }

  private void run() throws InterruptedException {
    openHouse();
    List<Thread> clerks = new ArrayList<>();
    for (int clerk = 1; clerk <= CLERKS; clerk++) {
      String name = "clerk " + clerk;
      clerks.add(Thread.ofVirtual().start(() -> sellSeats(name)));
    }
    for (Thread clerk : clerks) {
      clerk.join();
    }
    System.out.println(count("sold/") + " seats sold, " + count("free/") + " free");
    System.out.println(order("order/1", "seat 7 for the critic") ? "order 1 taken" : "order 1 was there already");
    System.out.println(order("order/1", "seat 7 for the critic") ? "order 1 taken twice!" : "order 1 was there already");
    System.out.println(swap("sold/001", "sold/002") ? "seats 1 and 2 swapped" : "seats 1 and 2 are not both sold");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The simplest way: {@code run} begins, commits, and runs the work again if another transaction was in its way. */
  private void openHouse() {
    store.run(transaction -> {
      for (int seat = 1; seat <= SEATS; seat++) {
        String number = "%03d".formatted(seat);
        transaction.delete(bytes("sold/" + number));
        transaction.put(bytes("free/" + number), bytes(""));
      }
      return null;
    });
  }

  private void sellSeats(String clerk) {
    while (store.run(transaction -> sellNextSeat(transaction, clerk)).isPresent()) {
      Thread.yield();
    }
  }

  /** Work that {@code run} may repeat, and so has no effect outside its transaction. */
  private static Optional<String> sellNextSeat(KvTransaction transaction, String clerk) {
    try (KvCursor free = transaction.scan(KeyRange.prefix(bytes("free/")), ScanOptions.FORWARD.withForUpdate())) {
      if (!free.next()) {
        return Optional.empty();
      }
      byte[] key = free.key();
      String seat = new String(key, StandardCharsets.UTF_8).substring("free/".length());
      transaction.delete(key);
      transaction.put(bytes("sold/" + seat), bytes(clerk));
      return Optional.of(seat);
    }
  }

  /** A read-only transaction reads one snapshot, takes no locks and holds up nobody. */
  private int count(String prefix) {
    int count = 0;
    try (KvTransaction snapshot = store.begin(TransactionOptions.READ_ONLY);
        KvCursor cursor = snapshot.scan(KeyRange.prefix(bytes(prefix)))) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  /** An optimistic transaction locks nothing until it commits; {@code run} repeats it when what it read has changed. */
  private boolean swap(String one, String other) {
    return store.run(TransactionOptions.OPTIMISTIC, transaction -> {
      byte[] first = transaction.get(bytes(one));
      byte[] second = transaction.get(bytes(other));
      if (first == null || second == null) {
        return false;
      }
      transaction.put(bytes(one), second);
      transaction.put(bytes(other), first);
      return true;
    });
  }

  /**
   * The retry loop by hand. A {@code Retryable} (SQLState 40001) has changed nothing: again. An {@code UnknownOutcome} (08007)
   * may have committed: that is why the order has a number, by which we see, once the store is open again, whether it did.
   *
   * @return false if there was such an order already
   */
  private boolean order(String number, String text) {
    for (int attempt = 1; ; attempt++) {
      try (KvTransaction transaction = store.begin()) {
        if (transaction.getForUpdate(bytes(number)) != null) {
          return false;
        }
        transaction.put(bytes(number), bytes(text));
        transaction.commit();
        return true;
      } catch (KvException.Retryable e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      } catch (KvException.UnknownOutcome e) {
        System.err.println("It is not known whether " + number + " was taken. Look for it before you take it again.");
        throw e;
      }
    }
  }
}
