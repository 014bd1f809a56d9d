package org.treatydb.kv.enclave.leaf;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * What one flush changes in the directory: the entries at {@code removed} first keys go, the entries in {@code put}
 * come or replace those with the same first key. Both lists are ascending.
 */
public record DirectoryEdit(List<byte[]> removed, List<LeafEntry> put) {

  private static final int LEAVES_MAX = 1 << 26;

  /** This edit as several, which together are the same and of which none takes many more than {@code bytesTarget} bytes. */
  public List<DirectoryEdit> split(int bytesTarget) {
    List<DirectoryEdit> parts = new ArrayList<>();
    DirectoryEdit part = new DirectoryEdit(new ArrayList<>(), new ArrayList<>());
    long bytes = 0;
    for (int i = 0; i < removed.size() + put.size(); i++) {
      if (bytes >= bytesTarget) {
        parts.add(part);
        part = new DirectoryEdit(new ArrayList<>(), new ArrayList<>());
        bytes = 0;
      }
      if (i < removed.size()) {
        part.removed.add(removed.get(i));
        bytes += removed.get(i).length + 2;
      } else {
        LeafEntry leaf = put.get(i - removed.size());
        part.put.add(leaf);
        bytes += leaf.encodedBytes();
      }
    }
    parts.add(part);
    return parts;
  }

  /** The edit that {@code parts} came from. */
  public static DirectoryEdit join(List<DirectoryEdit> parts) {
    return new DirectoryEdit(
        parts.stream().flatMap(part -> part.removed.stream()).toList(), parts.stream().flatMap(part -> part.put.stream()).toList());
  }

  public void encode(ByteWriter out) {
    out.varint(removed.size());
    removed.forEach(out::bytes);
    encodeLeaves(put, out);
  }

  public static DirectoryEdit decode(ByteReader in) {
    int count = in.varint(Math.min(LEAVES_MAX, in.remaining()));
    List<byte[]> removed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      removed.add(in.bytes(KvStore.KEY_BYTES_MAX));
    }
    return new DirectoryEdit(removed, decodeLeaves(in));
  }

  public static void encodeLeaves(List<LeafEntry> leaves, ByteWriter out) {
    out.varint(leaves.size());
    leaves.forEach(leaf -> leaf.encode(out));
  }

  public static List<LeafEntry> decodeLeaves(ByteReader in) {
    int count = in.varint(Math.min(LEAVES_MAX, in.remaining()));
    List<LeafEntry> leaves = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      leaves.add(LeafEntry.decode(in));
    }
    return leaves;
  }
}
