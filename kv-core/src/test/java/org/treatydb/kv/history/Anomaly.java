package org.treatydb.kv.history;

import java.util.List;

/**
 * One thing that strict serializability forbids.
 *
 * @param transactions the positions of those involved, in the order of the cycle if it is one
 * @param explanation for people: what each of them did, and why that cannot be
 */
public record Anomaly(Kind kind, List<Integer> transactions, String explanation) {

  /**
   * The kinds, with the names of Adya (1999) and Elle where they have one. A cycle's kind says which dependencies it is made of: ww, the
   * other's version comes next; wr, read what the other wrote; rw, did not see what the other wrote; real time, the one had ended before
   * the other began.
   */
  public enum Kind {
    G0("G0", "a cycle of ww"),
    G1A("G1a", "read what an aborted transaction wrote"),
    G1B("G1b", "read a state in the middle of another transaction"),
    G1C("G1c", "a cycle of ww and wr"),
    LOST_UPDATE("lost update", "both read the same version, and both wrote the next"),
    G_SINGLE("G-single", "a cycle with one rw: read skew"),
    G2_ITEM("G2-item", "a cycle with several rw: write skew"),
    G2("G2", "a cycle with rw of scans: phantoms"),
    G0_REALTIME("G0-realtime", "a cycle of ww and real time"),
    G1C_REALTIME("G1c-realtime", "a cycle of ww, wr and real time: read the future"),
    G_SINGLE_REALTIME("G-single-realtime", "a cycle with one rw and real time: a stale read"),
    G2_REALTIME("G2-realtime", "a cycle with several rw and real time"),
    LOST_APPEND("lost append", "had happened, is missing in a later read, and is never seen"),
    DUPLICATE("duplicate", "a value is there twice"),
    INCOMPATIBLE_ORDER("incompatible order", "two reads agree on no order of the versions"),
    GARBAGE("garbage read", "read what nobody wrote"),
    INTERNAL("internal", "a read disagrees with what its own transaction did or read before");

    private final String title;
    private final String meaning;

    Kind(String title, String meaning) {
      this.title = title;
      this.meaning = meaning;
    }

    public String title() {
      return title;
    }
  }

  public Anomaly {
    transactions = List.copyOf(transactions);
  }

  @Override
  public String toString() {
    return kind.title + " (" + kind.meaning + ")\n" + explanation;
  }
}
