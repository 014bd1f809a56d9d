package org.treatydb.sql.isolation;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.treatydb.kv.api.LockView;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.session.TreatyDatabase;

/**
 * A database in memory and the actors on it. One step begins at a time, and the stage waits until it is settled: until the step is done, or
 * the store says that a transaction waits for a lock which did not wait before. So what happens depends on no clock.
 */
final class Stage implements AutoCloseable {

  private final EmbeddedStore store;
  private final SqlDatabase database;
  private final List<Actor> actors = new ArrayList<>();

  Stage() throws SQLException {
    this(1);
  }

  /** A database whose tables have so many buckets. */
  Stage(int buckets) throws SQLException {
    store = EmbeddedStore.openInMemory();
    database = TreatyDatabase.over(store, buckets);
  }

  /** A session in a read-write transaction. */
  Actor writer(String name) throws SQLException {
    return actor(name, false);
  }

  /** A session in a read-only transaction, whose snapshot is of now. */
  Actor reader(String name) throws SQLException {
    return actor(name, true);
  }

  private Actor actor(String name, boolean readOnly) throws SQLException {
    Actor actor = new Actor(name, this, database.openSession(), readOnly);
    actors.add(actor);
    return actor;
  }

  /** A session in a transaction with these modes. */
  Actor transaction(String name, String modes) throws SQLException {
    Actor actor = new Actor(name, this, database.openSession());
    actors.add(actor);
    actor.does("START TRANSACTION " + modes);
    return actor;
  }

  /** A session in autocommit mode. */
  Actor autocommit() throws SQLException {
    Actor actor = new Actor("autocommit", this, database.openSession());
    actors.add(actor);
    return actor;
  }

  Set<TransactionId> waiting() {
    return store.locks().waiters().stream().map(LockView.Waiter::transaction).collect(Collectors.toSet());
  }

  /** Waits until {@code step} is done, false, or waits for a lock, true. */
  boolean waits(Actor.Step step, Set<TransactionId> waitedBefore) {
    while (true) {
      if (step.isDone()) {
        return false;
      }
      if (!waitedBefore.containsAll(waiting())) {
        return true;
      }
      Thread.yield();
    }
  }

  @Override
  public void close() throws SQLException {
    actors.forEach(Actor::close);
    database.close();
    store.close();
  }
}
