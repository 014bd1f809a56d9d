package org.treatydb.kv.crash;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * One boot's power. Every effect on disk and counter and every reading of them passes here, one at a time; at the crash
 * point the power goes, and from then on nothing succeeds. Thread-safe.
 */
public class Machine {

  /** Something that is done to the disk or read from it. */
  public interface Step<T> {
    T run() throws IOException;
  }

  private final CrashPoint crash;
  private final Survival survival;
  private final ReentrantLock lock = new ReentrantLock();
  private long effects;
  private Effect last;
  private boolean off;

  public Machine(CrashPoint crash, Survival survival) {
    this.crash = crash;
    this.survival = survival;
  }

  /**
   * Does {@code step}. At the crash point it is done or not, as the rest that was not synced stays or not, but nobody
   * hears of it.
   */
  public void effect(Effect kind, Step<?> step) throws IOException {
    lock.lock();
    try {
      requirePower();
      last = kind;
      if (crash.kind().isEmpty() || crash.kind().get() == kind) {
        effects++;
      }
      boolean crashes = effects == crash.number();
      off = crashes;
      if (!crashes || survival.keeps()) {
        step.run();
      }
      requirePower();
    } finally {
      lock.unlock();
    }
  }

  public <T> T read(Step<T> step) throws IOException {
    lock.lock();
    try {
      requirePower();
      return step.run();
    } finally {
      lock.unlock();
    }
  }

  private void requirePower() throws IOException {
    if (off) {
      throw new IOException("no power");
    }
  }

  /** As the boundary's unchecked interfaces tell of a failure. */
  static KvException.Unavailable unavailable(IOException cause) {
    return new KvException.Unavailable(ErrorCode.IO_FAILURE, "the host failed: " + cause.getMessage(), cause);
  }

  /** The effect at which the power went; empty if it went, or will go, between two. */
  Optional<Effect> crashedAt() {
    lock.lock();
    try {
      return effects == crash.number() ? Optional.of(last) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  boolean isOff() {
    lock.lock();
    try {
      return off;
    } finally {
      lock.unlock();
    }
  }

  public void cutPower() {
    lock.lock();
    try {
      off = true;
    } finally {
      lock.unlock();
    }
  }

  Survival survival() {
    return survival;
  }

  @Override
  public String toString() {
    return "the crash at " + crash + ", " + survival;
  }
}
