package org.treatydb.kv.crash.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A directory on a disk whose power can go. What is done below it passes to the real file system, and is noted; at the
 * chosen effect the power goes, and from then on nothing succeeds, until {@link #restart} has made the directory what the
 * disk kept: all that was synced, and a random part of the rest. What others do there, past this file system, stays.
 * Thread-safe.
 */
public final class CrashingDisk {

  /** What the disk does wrong, so that what runs on it must fail. */
  public enum Weakness {
    NONE,
    /** Syncing a file has no effect. */
    BYTES_ARE_NOT_SYNCED,
    /** Syncing a directory has no effect. */
    NAMES_ARE_NOT_SYNCED
  }

  /** Something that is done to the disk. */
  interface Step<T> {
    T run() throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Random random;
  private final Weakness weakness;
  private final CrashingFileSystem fileSystem = new CrashingFileSystem(this);
  private final Path root;
  private final DiskImage image;
  private long effectsLeft = Long.MAX_VALUE;
  private long effects;
  private String last = "none";
  private boolean off;

  /** {@code root}: a directory of the real file system. */
  public CrashingDisk(Path root, Random random, Weakness weakness) throws IOException {
    this.weakness = weakness;
    this.random = random;
    this.root = root.toRealPath();
    this.image = new DiskImage();
  }

  /** The directory, on this disk. */
  public Path root() {
    return fileSystem.of(root);
  }

  /** Lets the power go at the {@code number}-th effect from now on. */
  public void stopAt(long number) {
    lock.lock();
    try {
      effectsLeft = number;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the power has gone. */
  public boolean isOff() {
    lock.lock();
    try {
      return off;
    } finally {
      lock.unlock();
    }
  }

  /** Cuts the power, if it is not off yet, and gives it back: nobody may have a file open. */
  public void restart() throws IOException {
    lock.lock();
    try {
      image.crash(random);
      off = false;
      effectsLeft = Long.MAX_VALUE;
    } finally {
      lock.unlock();
    }
  }

  /** Does {@code step}. At the effect where the power goes it is done or not, but nobody hears of it. */
  <T> T effect(String what, Step<T> step) throws IOException {
    lock.lock();
    try {
      requirePower();
      effects++;
      last = what;
      off = --effectsLeft == 0;
      T result = !off || random.nextBoolean() ? step.run() : null;
      requirePower();
      return result;
    } finally {
      lock.unlock();
    }
  }

  <T> T read(Step<T> step) throws IOException {
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

  DiskImage image() {
    return image;
  }

  /** Syncs a file, or the names in a directory. {@code node}: null for what was not made here, and for directories. */
  void sync(Path path, DiskImage.Node node) throws IOException {
    effect("sync " + path, () -> {
      if (node == null && weakness != Weakness.NAMES_ARE_NOT_SYNCED) {
        image.syncNames(path);
      } else if (node != null && weakness != Weakness.BYTES_ARE_NOT_SYNCED) {
        node.sync();
      }
      return null;
    });
  }

  @Override
  public String toString() {
    return off ? "a crash at effect " + effects + ", " + last : "no crash";
  }
}
