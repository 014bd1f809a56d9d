package org.treatydb.kv.boundary;

/** The logs of a node, each with a trusted counter of its own. The code is part of the formats on disk. */
public enum LogName {
  WAL((byte) 1),
  CLOG((byte) 2),
  MANIFEST((byte) 3);

  private final byte code;

  LogName(byte code) {
    this.code = code;
  }

  public byte code() {
    return code;
  }
}
