package org.treatydb.sql.plan;

import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.CreateSequence;
import org.treatydb.sql.parser.SequenceOptions;

/** CREATE SEQUENCE, and the sequences of identity columns. */
final class SequenceDefinition {

  private SequenceDefinition() {}

  static Definition plan(CreateSequence create, Catalog catalog) {
    int schemaId = NamedTables.schema(catalog, create.name()).id();
    SequenceDescriptor draft = draft(schemaId, NamedTables.name(create.name()), create.options(), false, Long.MAX_VALUE);
    return work -> {
      if (!create.ifNotExists() || !work.catalog().hasRelation(schemaId, draft.name())) {
        NamedTables.checkFree(work.catalog(), schemaId, draft.name());
        create(work, draft);
      }
    };
  }

  /** Creates a sequence; gives its id. */
  static int create(Definition.Work work, SequenceDescriptor draft) {
    SequenceDescriptor sequence = draft.withId(work.newSequenceId());
    work.change((transaction, before) -> CatalogStore.createSequence(transaction, before, sequence));
    return sequence.id();
  }

  /**
   * A sequence without id.
   *
   * @param owned whether it belongs to an identity column
   * @param limit the largest number of its type
   */
  static SequenceDescriptor draft(int schemaId, String name, SequenceOptions options, boolean owned, long limit) {
    long increment = options.increment() == null ? 1 : options.increment();
    if (increment == 0) {
      throw invalid("INCREMENT cannot be 0.");
    }
    long minimum = options.minimum() != null ? options.minimum() : increment > 0 ? 1 : -limit - 1;
    long maximum = options.maximum() != null ? options.maximum() : increment > 0 ? limit : -1;
    long start = options.start() != null ? options.start() : increment > 0 ? minimum : maximum;
    if (minimum > maximum) {
      throw invalid("MINVALUE (" + minimum + ") must not be greater than MAXVALUE (" + maximum + ").");
    }
    if (start < minimum || start > maximum) {
      throw invalid("START (" + start + ") must lie within MINVALUE (" + minimum + ") and MAXVALUE (" + maximum + ").");
    }
    return new SequenceDescriptor(0, schemaId, name, start, increment, minimum, maximum, options.cycles(), owned);
  }

  private static SqlFailure invalid(String sentence) {
    return new SqlFailure(SqlState.INVALID_PARAMETER_VALUE, sentence);
  }
}
