package org.treatydb.jdbc.hibernate;

import org.hibernate.dialect.sequence.SequenceSupport;

/** Sequences, as the SQL standard writes them. */
final class TreatySequenceSupport implements SequenceSupport {

  static final TreatySequenceSupport INSTANCE = new TreatySequenceSupport();

  private TreatySequenceSupport() {}

  @Override
  public String getSelectSequenceNextValString(String sequence) {
    return "next value for " + sequence;
  }

  @Override
  public String getDropSequenceString(String sequence) {
    return "drop sequence if exists " + sequence;
  }

  @Override
  public boolean sometimesNeedsStartingValue() {
    return true;
  }
}
