package org.treatydb.sql.exec;

/** In which order a scan gives its rows. */
public enum ScanOrder {
  /** As they come: bucket by bucket. */
  ANY,
  /** By key. */
  FORWARD,
  /** By key, the last first. */
  REVERSE
}
