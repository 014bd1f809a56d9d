package org.treatydb.kv.api;

/**
 * How a scan walks.
 *
 * @param reverse from the end of the range to its start
 * @param forUpdate lock exclusively instead of shared; the same in an optimistic transaction, which does not lock as it reads
 */
public record ScanOptions(boolean reverse, boolean forUpdate) {

  public static final ScanOptions FORWARD = new ScanOptions(false, false);
  public static final ScanOptions REVERSE = new ScanOptions(true, false);

  public ScanOptions withForUpdate() {
    return new ScanOptions(reverse, true);
  }
}
