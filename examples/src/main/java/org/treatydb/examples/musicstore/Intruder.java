package org.treatydb.examples.musicstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Someone who owns the disk: reads, copies, changes and puts back files, knowing nothing of keys. */
public final class Intruder {

  private final Path data;

  public Intruder(Path data) {
    this.data = data;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** How many bytes there are to look at. */
  public long bytes() throws IOException {
    long sum = 0;
    for (Path file : files()) {
      sum += Files.size(file);
    }
    return sum;
  }

  /** Looks for {@code secrets} in every file; returns what was found where. */
  public List<String> search(List<String> secrets) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      String content = Files.readString(file, StandardCharsets.ISO_8859_1);
      for (String secret : secrets) {
        String bytes = new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        if (content.contains(bytes)) {
          found.add(secret + " in " + data.relativize(file));
        }
      }
    }
    return found;
  }

  /** Flips one bit in the middle of the largest file of stored leaves; returns where. Doing it again undoes it. */
  String flipBit() throws IOException {
    Path leaves = files().stream()
        .filter(file -> file.toString().endsWith(".sst"))
        .max(Comparator.comparingLong(file -> file.toFile().length()))
        .orElseThrow();
    try (FileChannel channel = FileChannel.open(leaves, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = channel.size() / 2;
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), at);
      return "byte " + at + " of " + data.relativize(leaves);
    }
  }

  /** Copies everything into {@code target}, which is made. */
  public void copyTo(Path target) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path from : (Iterable<Path>) all::iterator) {
        Path to = target.resolve(data.relativize(from).toString());
        if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.copy(from, to);
        }
      }
    }
  }

  /** Puts the copy in place of the data. */
  public void putBack(Path copy) throws IOException {
    delete(data);
    new Intruder(copy).copyTo(data);
  }

  /** Deletes a directory, if it is there, with everything in it. */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
