package org.treatydb.examples.libraries;

/** Where the database of these tests is, as a URL for JDBC. */
record ServerUrl(String text) {

  @Override
  public String toString() {
    return text;
  }
}
