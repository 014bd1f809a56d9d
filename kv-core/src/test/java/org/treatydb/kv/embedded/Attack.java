package org.treatydb.kv.embedded;

/**
 * Something that whoever has the disk does to the files of a store that is closed.
 *
 * @param name what is done, as a phrase
 */
record Attack(String name, Action action) {

  /** What is done to the store's directories. */
  interface Action {
    void on(AttackedStore target) throws Exception;
  }

  @Override
  public String toString() {
    return name;
  }
}
