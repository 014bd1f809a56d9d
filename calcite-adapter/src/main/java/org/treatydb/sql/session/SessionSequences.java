package org.treatydb.sql.session;

import java.util.Map;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.Sequences;

/**
 * The numbers of sequences for one statement of a session.
 *
 * @param last the number that the session has last got of each sequence, by the sequence's id
 */
record SessionSequences(SequenceNumbers numbers, SessionTransaction transaction, Map<Integer, Long> last) implements Sequences {

  @Override
  public long next(int sequenceId) {
    long number = numbers.next(sequence(sequenceId));
    last.put(sequenceId, number);
    return number;
  }

  @Override
  public long current(int sequenceId) {
    Long number = last.get(sequenceId);
    if (number == null) {
      throw new SqlFailure(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "Sequence \"" + sequence(sequenceId).name() + "\" has given this session no number yet.");
    }
    return number;
  }

  private SequenceDescriptor sequence(int sequenceId) {
    return transaction.catalog().sequence(sequenceId);
  }
}
