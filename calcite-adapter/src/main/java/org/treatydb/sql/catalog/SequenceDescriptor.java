package org.treatydb.sql.catalog;

import java.util.Objects;

/**
 * A sequence of numbers. Immutable.
 *
 * @param id never used for another sequence, not even after a rollback: the numbers are handed out outside transactions
 * @param schemaId the schema it is in
 * @param name its name, unique among tables, views, sequences and indexes of its schema
 * @param start the first number
 * @param increment what is added for the next; not 0
 * @param minimum the smallest number
 * @param maximum the largest number
 * @param cycle whether it begins again at the other end
 * @param owned whether it belongs to an identity column, and goes with it
 */
public record SequenceDescriptor(
    int id, int schemaId, String name, long start, long increment, long minimum, long maximum, boolean cycle, boolean owned) {

  public SequenceDescriptor {
    Objects.requireNonNull(name, "name");
    if (increment == 0 || minimum > maximum || start < minimum || start > maximum) {
      throw new IllegalArgumentException("a sequence from " + start + " by " + increment + " within " + minimum + " to " + maximum);
    }
  }

  public SequenceDescriptor withId(int newId) {
    return new SequenceDescriptor(newId, schemaId, name, start, increment, minimum, maximum, cycle, owned);
  }
}
