package org.treatydb.sql.plan;

import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.SequenceDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.AlterSequence;
import org.treatydb.sql.parser.CreateSequence;
import org.treatydb.sql.parser.SequenceOptions;

/** CREATE and ALTER SEQUENCE, and the sequences of identity columns. */
final class SequenceDefinition {

  private SequenceDefinition() {}

  static Definition plan(CreateSequence create, Catalog catalog) {
    int schemaId = NamedTables.schema(catalog, create.name()).id();
    SequenceDescriptor draft = draft(schemaId, NamedTables.name(create.name()), create.options(), false, Long.MAX_VALUE);
    return work -> {
      work.rights().creates(schemaId);
      if (!create.ifNotExists() || !work.catalog().hasRelation(schemaId, draft.name())) {
        NamedTables.checkFree(work.catalog(), schemaId, draft.name());
        create(work, draft);
      }
    };
  }

  /** Creates a sequence; gives its id. */
  static int create(Definition.Work work, SequenceDescriptor draft) {
    SequenceDescriptor sequence = draft.withId(work.newSequenceId(null));
    work.change((transaction, before) -> CatalogStore.createSequence(transaction, before, sequence));
    work.own(SecuredObject.sequence(sequence.id()));
    return sequence.id();
  }

  /** Puts one that begins again in place of a sequence; gives its id. */
  static int restart(Definition.Work work, SequenceDescriptor before) {
    SequenceDescriptor after = before.withId(work.newSequenceId(null));
    work.change((transaction, catalog) -> CatalogStore.replaceSequence(transaction, catalog, before, after));
    return after.id();
  }

  /**
   * A sequence without id.
   *
   * @param owned whether it belongs to an identity column
   * @param limit the largest number of its type
   */
  static SequenceDescriptor draft(int schemaId, String name, SequenceOptions options, boolean owned, long limit) {
    long increment = options.increment() == null ? 1 : options.increment();
    long minimum = options.minimum() != null ? options.minimum() : smallest(increment, limit);
    long maximum = options.maximum() != null ? options.maximum() : largest(increment, limit);
    long start = options.start() != null ? options.start() : increment > 0 ? minimum : maximum;
    return checked(schemaId, name, start, increment, minimum, maximum, options.cycles(), owned);
  }

  private static long smallest(long increment, long limit) {
    return increment > 0 ? 1 : -limit - 1;
  }

  private static long largest(long increment, long limit) {
    return increment > 0 ? limit : -1;
  }

  private static SequenceDescriptor checked(
      int schemaId, String name, long start, long increment, long minimum, long maximum, boolean cycle, boolean owned) {
    if (increment == 0) {
      throw invalid("INCREMENT cannot be 0.");
    }
    if (minimum > maximum) {
      throw invalid("MINVALUE (" + minimum + ") must not be greater than MAXVALUE (" + maximum + ").");
    }
    if (start < minimum || start > maximum) {
      throw invalid("START (" + start + ") must lie within MINVALUE (" + minimum + ") and MAXVALUE (" + maximum + ").");
    }
    return new SequenceDescriptor(0, schemaId, name, start, increment, minimum, maximum, cycle, owned);
  }

  /** ALTER SEQUENCE: it goes on after its last number, or, if it is to restart, gets another id, under which no number was given yet. */
  static Definition plan(AlterSequence alter) {
    return work -> {
      if (alter.ifExists() && !NamedTables.hasSequence(work.catalog(), alter.name())) {
        return;
      }
      SequenceDescriptor before = NamedTables.sequence(work.catalog(), alter.name());
      work.rights().owns(SecuredObject.sequence(before.id()));
      TableDescriptor owner = work.catalog().tables().stream().filter(table -> column(table, before) != null).findFirst().orElse(null);
      SequenceOptions options = alter.options();
      SequenceDescriptor after =
          altered(before, options, owner == null ? Long.MAX_VALUE : ColumnPlanner.largest(column(owner, before).type()));
      if (!options.restarts()) {
        SequenceDescriptor changed = after.withId(before.id());
        work.change((transaction, catalog) -> CatalogStore.alterSequence(transaction, catalog, changed));
        return;
      }
      SequenceDescriptor restarted = after.withId(work.newSequenceId(lastBefore(after, options.restart())));
      work.change((transaction, catalog) -> CatalogStore.replaceSequence(transaction, catalog, before, restarted));
      if (owner != null) {
        ColumnDescriptor column = column(owner, before);
        boolean always = column.source().kind() == ColumnSource.Kind.IDENTITY_ALWAYS;
        TableDescriptor changed = owner.withColumn(column.withSource(ColumnSource.identity(always, restarted.id())));
        work.change((transaction, catalog) -> CatalogStore.alterTable(transaction, catalog, changed));
      }
    };
  }

  /** The identity column of the table that has the sequence; null if none. */
  private static ColumnDescriptor column(TableDescriptor table, SequenceDescriptor sequence) {
    return table.columns().stream().filter(column -> column.source().isIdentity() && column.source().sequenceId() == sequence.id())
        .findFirst().orElse(null);
  }

  private static SequenceDescriptor altered(SequenceDescriptor before, SequenceOptions options, long limit) {
    long increment = options.increment() == null ? before.increment() : options.increment();
    long minimum = before.minimum();
    if (options.changesMinimum()) {
      minimum = options.minimum() == null ? smallest(increment, limit) : options.minimum();
    }
    long maximum = before.maximum();
    if (options.changesMaximum()) {
      maximum = options.maximum() == null ? largest(increment, limit) : options.maximum();
    }
    return checked(before.schemaId(), before.name(), options.start() == null ? before.start() : options.start(), increment, minimum,
        maximum, options.changesCycle() ? options.cycles() : before.cycle(), before.owned());
  }

  /** The number before {@code first}; null if that is the sequence's first one, or null. */
  private static Long lastBefore(SequenceDescriptor sequence, Long first) {
    if (first == null || first == sequence.start()) {
      return null;
    }
    if (first < sequence.minimum() || first > sequence.maximum()) {
      throw invalid("RESTART (" + first + ") must lie within MINVALUE (" + sequence.minimum() + ") and MAXVALUE (" + sequence.maximum()
          + ").");
    }
    try {
      return Math.subtractExact(first, sequence.increment());
    } catch (ArithmeticException e) {
      throw invalid("RESTART (" + first + ") is too near the end of BIGINT.");
    }
  }

  private static SqlFailure invalid(String sentence) {
    return new SqlFailure(SqlState.INVALID_PARAMETER_VALUE, sentence);
  }
}
