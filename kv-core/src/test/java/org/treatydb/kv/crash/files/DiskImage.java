package org.treatydb.kv.crash.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What of the files made through a {@link CrashingDisk} is synced, and what else was done. Names are made durable by
 * syncing their directory, and reach the disk in order; bytes by syncing their file, and reach it in any order, by sectors.
 * Not thread-safe.
 */
final class DiskImage {

  private static final int SECTOR_BYTES = 512;

  /** A file, or a directory, under whatever name. */
  static final class Node {
    private final boolean directory;
    private byte[] synced = new byte[0];
    private final List<Change> changes = new ArrayList<>();

    Node(boolean directory) {
      this.directory = directory;
    }

    void write(long position, byte[] bytes) {
      changes.add(new Change(Math.toIntExact(position), bytes));
    }

    void truncate(long size) {
      changes.add(new Change(Math.toIntExact(size), null));
    }

    void sync() {
      changes.forEach(change -> synced = change.applyTo(synced));
      changes.clear();
    }

    private void crash(Random random) {
      for (Change change : changes) {
        if (change.bytes == null) {
          synced = random.nextBoolean() ? change.applyTo(synced) : synced;
        } else {
          change.sectors().stream().filter(sector -> random.nextBoolean()).forEach(sector -> synced = sector.applyTo(synced));
        }
      }
      changes.clear();
    }
  }

  /** Bytes written, or, if there are none, the file's end moved to {@code position}. */
  private record Change(int position, byte[] bytes) {

    byte[] applyTo(byte[] file) {
      if (bytes == null) {
        return Arrays.copyOf(file, Math.min(position, file.length));
      }
      byte[] changed = Arrays.copyOf(file, Math.max(file.length, position + bytes.length));
      System.arraycopy(bytes, 0, changed, position, bytes.length);
      return changed;
    }

    List<Change> sectors() {
      List<Change> sectors = new ArrayList<>();
      int from = 0;
      while (from < bytes.length) {
        int to = Math.min(bytes.length, from + SECTOR_BYTES - (position + from) % SECTOR_BYTES);
        sectors.add(new Change(position + from, Arrays.copyOfRange(bytes, from, to)));
        from = to;
      }
      return sectors;
    }
  }

  /** Names that change together; null for one that goes. */
  private record NameChange(Path directory, Map<Path, Node> names) {
    void applyTo(Map<Path, Node> all) {
      names.forEach((name, node) -> {
        if (node == null) {
          all.remove(name);
        } else {
          all.put(name, node);
        }
      });
    }
  }

  private final TreeMap<Path, Node> names = new TreeMap<>();
  private final TreeMap<Path, Node> syncedNames = new TreeMap<>();
  private final List<NameChange> changes = new ArrayList<>();

  /** The file or directory of that name; null if it was not made here. */
  Node node(Path name) {
    return names.get(name);
  }

  void create(Path name, Node node) {
    Map<Path, Node> change = new HashMap<>();
    change.put(name, node);
    change(new NameChange(name.getParent(), change));
  }

  void delete(Path name) {
    if (names.containsKey(name)) {
      create(name, null);
    }
  }

  void move(Path from, Path to) {
    Map<Path, Node> change = new LinkedHashMap<>();
    change.put(to, names.get(from));
    change.put(from, null);
    change(new NameChange(from.getParent(), change));
  }

  private void change(NameChange change) {
    change.applyTo(names);
    changes.add(change);
  }

  void syncNames(Path directory) {
    changes.stream().filter(change -> change.directory.equals(directory)).forEach(change -> change.applyTo(syncedNames));
    changes.removeIf(change -> change.directory.equals(directory));
  }

  /** Reduces everything to what the disk keeps when the power goes. */
  void crash(Random random) throws IOException {
    while (!changes.isEmpty()) {
      Path directory = changes.getFirst().directory;
      List<NameChange> inOrder = changes.stream().filter(change -> change.directory.equals(directory)).toList();
      inOrder.subList(0, random.nextInt(inOrder.size() + 1)).forEach(change -> change.applyTo(syncedNames));
      changes.removeAll(inOrder);
    }
    syncedNames.keySet().removeIf(name -> names.containsKey(name.getParent()) && !syncedNames.containsKey(name.getParent()));
    for (Path gone : List.copyOf(names.descendingKeySet())) {
      if (!syncedNames.containsKey(gone)) {
        Files.deleteIfExists(gone);
      }
    }
    for (Map.Entry<Path, Node> kept : syncedNames.entrySet()) {
      Node node = kept.getValue();
      if (node.directory) {
        Files.createDirectories(kept.getKey());
      } else {
        node.crash(random);
        Files.write(kept.getKey(), node.synced);
      }
    }
    names.clear();
    names.putAll(syncedNames);
  }
}
