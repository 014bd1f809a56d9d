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
