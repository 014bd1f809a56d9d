package org.treatydb.dist.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.treatydb.dist.simulation.SimulatedDisk.Image;
import org.treatydb.kv.boundary.LogName;

/** Changes what lies on disks, as whoever owns a node's host can. It keeps copies of what lay there before. */
final class DiskAdversary {

  private static final int BLOCK_BYTES = 512;
  private static final int COPIES_MAX = 6;
  /** Where a frame of a leaf names its flush; the length of what is sealed is the last of its header. */
  private static final int FRAME_FLUSH = 2;
  private static final int FRAME_HEADER_BYTES = FRAME_FLUSH + Long.BYTES + Long.BYTES + Integer.BYTES + Integer.BYTES;

  private final Random random;
  private final Map<Integer, List<Image>> copies = new TreeMap<>();
  private final Map<Integer, Image> otherPasts = new TreeMap<>();

  DiskAdversary(Random random) {
    this.random = random;
  }

  /** Keeps what lies there now for later. */
  void copy(int node, Image image) {
    List<Image> kept = copies.computeIfAbsent(node, _ -> new ArrayList<>());
    if (kept.size() < COPIES_MAX) {
      kept.add(image);
    } else {
      kept.set(random.nextInt(COPIES_MAX), image);
    }
  }

  /** Keeps what a copy of that node has written, which has given way. */
  void keepOtherPast(int node, Image image) {
    otherPasts.put(node, image);
  }

  boolean knowsOtherPast(int node) {
    return otherPasts.containsKey(node);
  }

  /** One file of a disk: a segment, a leaf, the counters of others. */
  private record File(LogName log, long id) {

    static final File COUNTERS = new File(null, -1);

    byte[] in(Image image) {
      if (equals(COUNTERS)) {
        return image.countersOfOthers();
      }
      return (log == null ? image.leaves() : image.logs().get(log)).get(id);
    }

    /** Null: deletes it. */
    Image with(Image image, byte[] bytes) {
      if (equals(COUNTERS)) {
        return new Image(image.logs(), image.leaves(), bytes);
      }
      Map<LogName, TreeMap<Long, byte[]>> logs = new EnumMap<>(image.logs());
      TreeMap<Long, byte[]> files = new TreeMap<>(log == null ? image.leaves() : image.logs().get(log));
      if (bytes == null) {
        files.remove(id);
      } else {
        files.put(id, bytes);
      }
      if (log == null) {
        return new Image(logs, files, image.countersOfOthers());
      }
      logs.put(log, files);
      return new Image(logs, image.leaves(), image.countersOfOthers());
    }
  }

  private File any(Image image) {
    List<File> files = new ArrayList<>();
    image.logs().forEach((log, segments) -> segments.keySet().forEach(id -> files.add(new File(log, id))));
    image.leaves().keySet().forEach(id -> files.add(new File(null, id)));
    if (image.countersOfOthers() != null) {
      files.add(File.COUNTERS);
    }
    return files.get(random.nextInt(files.size()));
  }

  /** What lies on the disk of {@code node} after that attack; {@code other}: what lies on another's. The same if it cannot be made. */
  Image attack(Fault attack, int node, Image image, Image other) {
    File file = any(image);
    byte[] bytes = file.in(image);
    List<Image> kept = copies.getOrDefault(node, List.of());
    Image old = kept.isEmpty() ? image : kept.get(random.nextInt(kept.size()));
    byte[] oldBytes = file.in(old);
    return switch (attack) {
      case BIT_FLIP -> bytes.length == 0 ? image : file.with(image, flipped(bytes));
      case TRUNCATE -> file.with(image, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
      case DELETE -> file.with(image, null);
      case REPLAY_BLOCK -> oldBytes == null ? image : file.with(image, overwritten(bytes, oldBytes, false));
      case REPLAY_FILE -> file.with(image, oldBytes);
      case ROLLBACK -> old;
      case SWAP_BLOCKS -> file.with(image, overwritten(bytes, any(image).in(image), true));
      case SWAP_FILES_OF_NODES -> file.in(other) == null ? image : file.with(image, file.in(other));
      case APPEND_OLD -> file.with(image, appended(bytes, any(old).in(old)));
      case SWAP_LEAVES -> withLeavesSwapped(image);
      case OLD_LEAVES -> new Image(image.logs(), old.leaves(), image.countersOfOthers());
      case OTHER_PAST -> otherPast(image, otherPasts.getOrDefault(node, old));
      default -> throw new IllegalArgumentException(attack + " changes no disk");
    };
  }

  /** Two leaves that the very same flushes wrote, if there are such: what the directory knows of one fits the other. */
  private Image withLeavesSwapped(Image image) {
    List<List<Long>> alike = new ArrayList<>(likeLeaves(image));
    if (alike.isEmpty()) {
      return image;
    }
    List<Long> two = new ArrayList<>(alike.get(random.nextInt(alike.size())));
    Collections.shuffle(two, random);
    TreeMap<Long, byte[]> leaves = new TreeMap<>(image.leaves());
    leaves.put(two.get(0), image.leaves().get(two.get(1)));
    leaves.put(two.get(1), image.leaves().get(two.get(0)));
    return new Image(image.logs(), leaves, image.countersOfOthers());
  }

  /** Leaves, two or more each, that the very same flushes wrote. */
  static List<List<Long>> likeLeaves(Image image) {
    Map<List<Long>, List<Long>> byFlushes = new LinkedHashMap<>();
    image.leaves().forEach((id, leaf) -> byFlushes.computeIfAbsent(flushes(leaf), _ -> new ArrayList<>()).add(id));
    return byFlushes.values().stream().filter(each -> each.size() > 1).toList();
  }

  /** Frames say in the open which flush wrote them, and how long they are. */
  private static List<Long> flushes(byte[] leaf) {
    List<Long> ids = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(leaf);
    int at = 0;
    while (at + FRAME_HEADER_BYTES <= leaf.length) {
      ids.add(bytes.getLong(at + FRAME_FLUSH));
      at += FRAME_HEADER_BYTES + Math.max(0, bytes.getInt(at + FRAME_HEADER_BYTES - Integer.BYTES));
    }
    return ids;
  }

  /** Some logs, or all, as another copy of the node has written them; with its leaves, or without. */
  private Image otherPast(Image image, Image past) {
    Map<LogName, TreeMap<Long, byte[]>> logs = new EnumMap<>(image.logs());
    boolean all = random.nextBoolean();
    for (LogName each : LogName.values()) {
      if (all || random.nextBoolean()) {
        logs.put(each, past.logs().get(each));
      }
    }
    TreeMap<Long, byte[]> leaves = new TreeMap<>(image.leaves());
    if (all || random.nextBoolean()) {
      leaves.putAll(past.leaves());
    }
    return new Image(logs, leaves, image.countersOfOthers());
  }

  private byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    return changed;
  }

  /** A block replaced by that of another file, at the same place or any. */
  private byte[] overwritten(byte[] bytes, byte[] by, boolean anywhere) {
    int blocks = Math.min(bytes.length, by.length) / BLOCK_BYTES;
    int to = blocks == 0 ? 0 : random.nextInt(blocks) * BLOCK_BYTES;
    int from = anywhere && blocks > 0 ? random.nextInt(blocks) * BLOCK_BYTES : to;
    byte[] changed = bytes.clone();
    System.arraycopy(by, from, changed, to, Math.min(BLOCK_BYTES, Math.min(bytes.length - to, by.length - from)));
    return changed;
  }

  private byte[] appended(byte[] bytes, byte[] old) {
    int from = random.nextInt(old.length + 1);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + old.length - from);
    System.arraycopy(old, from, longer, bytes.length, old.length - from);
    return longer;
  }
}
