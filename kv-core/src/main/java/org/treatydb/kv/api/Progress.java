package org.treatydb.kv.api;

/** Is told how far a long piece of work has come, by the thread that does it, often: it must return at once. */
public interface Progress {

  /** Tells nobody. */
  Progress NONE = (work, done, total) -> { };

  /**
   * {@code done} of {@code total} pieces are done.
   *
   * @param work what is being worked on, in a word or two
   */
  void report(String work, long done, long total);
}
