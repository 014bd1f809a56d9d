package org.treatydb.jdbc.admin;

import java.nio.file.Path;
import org.treatydb.kv.api.BackupSummary;
import org.treatydb.kv.api.ErrorCode;

/** What goes over the administration socket: one request, then any number of reports or lines, then how it ended. Immutable. */
sealed interface AdminMessage {

  /** The request: copy the store into {@code to}, an absolute path. */
  record Backup(Path to) implements AdminMessage {}

  /**
   * The request: do something with the configuration service's state.
   *
   * @param argument empty if {@code verb} needs none
   */
  record Cas(String verb, String argument) implements AdminMessage {}

  /** How far the work has come. */
  record Report(String work, long done, long total) implements AdminMessage {}

  /** The copy is complete and on disk. */
  record Done(BackupSummary summary) implements AdminMessage {}

  /** A line of text to be shown. */
  record Line(String text) implements AdminMessage {}

  /** It was done, and all lines have been sent. */
  record End() implements AdminMessage {}

  /** It was not done. */
  record Failed(ErrorCode code, String message) implements AdminMessage {}
}
