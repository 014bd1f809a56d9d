package org.treatydb.sql.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.kv.api.TransactionOptions;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/**
 * Reads and changes the catalog's rows, always within a transaction of the caller. Who reads the version in a read-write transaction holds
 * it locked shared to the end, so no schema changes under the statements of that transaction; who changes the schema locks it exclusively.
 * Stateless.
 */
public final class CatalogStore {

  private static final long VERSION_FIRST = 1;

  private CatalogStore() {}

  /** Writes an empty catalog if the store has none. */
  public static void initialize(KvStore store) {
    try (KvTransaction reader = store.begin(TransactionOptions.READ_ONLY)) {
      if (reader.get(KeyLayout.versionKey()) != null) {
        return;
      }
    }
    store.run(transaction -> {
      if (transaction.getForUpdate(KeyLayout.versionKey()) == null) {
        transaction.put(KeyLayout.versionKey(), DescriptorCodec.encodeNumber(VERSION_FIRST));
        transaction.put(KeyLayout.schemaKey(SchemaDescriptor.PUBLIC.id()), DescriptorCodec.encode(SchemaDescriptor.PUBLIC));
        transaction.put(KeyLayout.counterKey(KeyLayout.COUNTER_TABLE_ID), DescriptorCodec.encodeNumber(KeyLayout.FIRST_USER_TABLE));
        transaction.put(
            KeyLayout.counterKey(KeyLayout.COUNTER_SCHEMA_ID), DescriptorCodec.encodeNumber(SchemaDescriptor.PUBLIC.id() + 1L));
      }
      return null;
    });
  }

  /** The catalog's version as {@code transaction} sees it; locked shared in a read-write transaction. */
  public static long version(KvTransaction transaction) {
    return number(transaction.get(KeyLayout.versionKey()));
  }

  /** As {@link #version}, but locked exclusively: for a statement that will change the schema. */
  public static long versionForUpdate(KvTransaction transaction) {
    return number(transaction.getForUpdate(KeyLayout.versionKey()));
  }

  private static long number(byte[] encoded) {
    if (encoded == null) {
      throw new IllegalStateException("The store has lost its catalog");
    }
    return DescriptorCodec.number(encoded);
  }

  /** The table with this id as it is now; null if there is none. Locked shared in a read-write transaction. */
  public static TableDescriptor table(KvTransaction transaction, int tableId) {
    byte[] encoded = transaction.get(KeyLayout.tableKey(tableId));
    return encoded == null ? null : DescriptorCodec.table(encoded);
  }

  /** Reads the whole catalog. */
  public static Catalog load(KvTransaction transaction) {
    long version = version(transaction);
    List<SchemaDescriptor> schemas = read(transaction, KeyLayout.SCHEMAS, DescriptorCodec::schema);
    List<TableDescriptor> tables = read(transaction, KeyLayout.TABLES, DescriptorCodec::table);
    List<ViewDescriptor> views = read(transaction, KeyLayout.VIEWS, DescriptorCodec::view);
    List<SequenceDescriptor> sequences = read(transaction, KeyLayout.SEQUENCES, DescriptorCodec::sequence);
    Map<Integer, TableStatistics> statistics = new HashMap<>();
    try (KvCursor cursor = transaction.scan(KeyLayout.systemRange(KeyLayout.STATISTICS))) {
      while (cursor.next()) {
        statistics.put(KeyLayout.systemId(cursor.key()), StatisticsCodec.decode(cursor.value()));
      }
    }
    return new Catalog(version, schemas, tables, views, sequences, statistics, AuthorizationStore.load(transaction));
  }

  static <T> List<T> read(KvTransaction transaction, int systemTable, Function<byte[], T> decoder) {
    List<T> descriptors = new ArrayList<>();
    try (KvCursor cursor = transaction.scan(KeyLayout.systemRange(systemTable))) {
      while (cursor.next()) {
        descriptors.add(decoder.apply(cursor.value()));
      }
    }
    return descriptors;
  }

  /** Adds a table, with an id of its own, to the catalog; gives the changed catalog. The caller has seen that the name is free. */
  public static Catalog createTable(KvTransaction transaction, Catalog catalog, TableDescriptor draft) {
    return changed(transaction, catalog, draft.withId(nextId(transaction, KeyLayout.COUNTER_TABLE_ID)));
  }

  private static int nextId(KvTransaction transaction, int counterId) {
    return nextId(transaction, counterId, 1);
  }

  static int nextId(KvTransaction transaction, int counterId, int first) {
    byte[] counter = KeyLayout.counterKey(counterId);
    byte[] next = transaction.getForUpdate(counter);
    long id = next == null ? first : DescriptorCodec.number(next);
    transaction.put(counter, DescriptorCodec.encodeNumber(id + 1));
    return Math.toIntExact(id);
  }

  /** Puts a table in place of the one with its id, whose rows it keeps; gives the changed catalog. */
  public static Catalog alterTable(KvTransaction transaction, Catalog catalog, TableDescriptor table) {
    return changed(transaction, catalog.without(catalog.table(table.id())), table);
  }

  /** Puts a table without rows in place of {@code table}, but for its id, to which foreign keys then refer; gives the changed catalog. */
  public static Catalog truncateTable(KvTransaction transaction, Catalog catalog, TableDescriptor table) {
    Catalog changed = createTable(transaction, dropTable(transaction, catalog, table), table);
    int id = changed.table(table.schemaId(), table.name()).id();
    changed = AuthorizationStore.inherit(transaction, changed, catalog, SecuredObject.relation(table.id()), SecuredObject.relation(id));
    for (TableDescriptor child : changed.referringTo(table.id())) {
      changed = alterTable(transaction, changed, child.withConstraints(child.constraints().withParentId(table.id(), id)));
    }
    return changed;
  }

  /** Adds a schema; gives the changed catalog. The caller has seen that the name is free. */
  public static Catalog createSchema(KvTransaction transaction, Catalog catalog, String name) {
    SchemaDescriptor schema = new SchemaDescriptor(nextId(transaction, KeyLayout.COUNTER_SCHEMA_ID), name);
    transaction.put(KeyLayout.schemaKey(schema.id()), DescriptorCodec.encode(schema));
    return published(transaction, catalog.with(schema));
  }

  /** Takes a schema, which is empty, out of the catalog; gives the changed catalog. */
  public static Catalog dropSchema(KvTransaction transaction, Catalog catalog, SchemaDescriptor schema) {
    transaction.delete(KeyLayout.schemaKey(schema.id()));
    return gone(transaction, catalog.without(schema), SecuredObject.schema(schema.id()));
  }

  /**
   * The id of a sequence to be created; for a transaction of its own.
   *
   * @param last the number after which it goes on; null for it to begin with its first
   */
  public static int nextSequenceId(KvTransaction transaction, Long last) {
    int id = nextId(transaction, KeyLayout.COUNTER_SEQUENCE_ID);
    if (last != null) {
      transaction.put(KeyLayout.sequenceNumberKey(id), DescriptorCodec.encodeNumber(last));
    }
    return id;
  }

  /** Adds a sequence, which has got its id; gives the changed catalog. The caller has seen that the name is free. */
  public static Catalog createSequence(KvTransaction transaction, Catalog catalog, SequenceDescriptor sequence) {
    transaction.put(KeyLayout.sequenceKey(sequence.id()), DescriptorCodec.encode(sequence));
    return published(transaction, catalog.with(sequence));
  }

  /** Puts a sequence in place of the one with its id and name; gives the changed catalog. */
  public static Catalog alterSequence(KvTransaction transaction, Catalog catalog, SequenceDescriptor sequence) {
    return createSequence(transaction, catalog, sequence);
  }

  /** Takes a sequence out of the catalog; gives the changed catalog. */
  public static Catalog dropSequence(KvTransaction transaction, Catalog catalog, SequenceDescriptor sequence) {
    transaction.delete(KeyLayout.sequenceKey(sequence.id()));
    return gone(transaction, catalog.without(sequence), SecuredObject.sequence(sequence.id()));
  }

  /** Puts a sequence with another id in place of {@code before}, whose owner and grants it gets; gives the changed catalog. */
  public static Catalog replaceSequence(KvTransaction transaction, Catalog catalog, SequenceDescriptor before, SequenceDescriptor after) {
    Catalog changed = createSequence(transaction, dropSequence(transaction, catalog, before), after);
    return AuthorizationStore.inherit(
        transaction, changed, catalog, SecuredObject.sequence(before.id()), SecuredObject.sequence(after.id()));
  }

  /**
   * Takes the next numbers of a sequence; for a transaction of its own.
   *
   * @return one number at least, and {@code countMax} at most
   * @throws SqlFailure 2200H if there are none left
   */
  public static NumberBlock takeNumbers(KvTransaction transaction, SequenceDescriptor sequence, int countMax) {
    byte[] key = KeyLayout.sequenceNumberKey(sequence.id());
    byte[] stored = transaction.getForUpdate(key);
    long first = stored == null ? sequence.start() : after(sequence, DescriptorCodec.number(stored));
    long last = first;
    int count = 1;
    while (count < countMax && hasAfter(sequence, last)) {
      last += sequence.increment();
      count++;
    }
    transaction.put(key, DescriptorCodec.encodeNumber(last));
    return new NumberBlock(first, count);
  }

  /** Gives back numbers that were taken and not used, if none were taken since; for a transaction of its own. */
  public static void giveBack(KvTransaction transaction, int sequenceId, long lastTaken, long lastUsed) {
    byte[] key = KeyLayout.sequenceNumberKey(sequenceId);
    byte[] stored = transaction.getForUpdate(key);
    if (stored != null && DescriptorCodec.number(stored) == lastTaken) {
      transaction.put(key, DescriptorCodec.encodeNumber(lastUsed));
    }
  }

  private static boolean hasAfter(SequenceDescriptor sequence, long number) {
    return sequence.increment() > 0
        ? number <= sequence.maximum() && Long.compareUnsigned(sequence.maximum() - number, sequence.increment()) >= 0
        : number >= sequence.minimum() && Long.compareUnsigned(number - sequence.minimum(), -sequence.increment()) >= 0;
  }

  private static long after(SequenceDescriptor sequence, long number) {
    if (hasAfter(sequence, number)) {
      return number + sequence.increment();
    }
    if (!sequence.cycle()) {
      throw new SqlFailure(SqlState.SEQUENCE_EXHAUSTED, "Sequence \"" + sequence.name() + "\" has given its last number, " + number + ".");
    }
    return sequence.increment() > 0 ? sequence.minimum() : sequence.maximum();
  }

  /** Adds a view with an id of its own; gives the changed catalog. The caller has seen that the name is free. */
  public static Catalog createView(KvTransaction transaction, Catalog catalog, ViewDescriptor draft) {
    return alterView(transaction, catalog, draft.withId(nextId(transaction, KeyLayout.COUNTER_TABLE_ID)));
  }

  /** Puts a view in place of the one with its id; gives the changed catalog. */
  public static Catalog alterView(KvTransaction transaction, Catalog catalog, ViewDescriptor view) {
    transaction.put(KeyLayout.viewKey(view.id()), DescriptorCodec.encode(view));
    return published(transaction, catalog.with(view));
  }

  /** Takes a view out of the catalog; gives the changed catalog. */
  public static Catalog dropView(KvTransaction transaction, Catalog catalog, ViewDescriptor view) {
    transaction.delete(KeyLayout.viewKey(view.id()));
    return gone(transaction, catalog.without(view), SecuredObject.relation(view.id()));
  }

  /** Takes a table out of the catalog and leaves its rows to {@link DroppedRows}; gives the changed catalog. */
  public static Catalog dropTable(KvTransaction transaction, Catalog catalog, TableDescriptor table) {
    transaction.delete(KeyLayout.tableKey(table.id()));
    transaction.delete(KeyLayout.statisticsKey(table.id()));
    putDropped(transaction, table, KeyLayout.PRIMARY_INDEX);
    table.indexes().forEach(index -> putDropped(transaction, table, index.id()));
    return gone(transaction, catalog.without(table), SecuredObject.relation(table.id()));
  }

  private static void putDropped(KvTransaction transaction, TableDescriptor table, int indexId) {
    transaction.put(KeyLayout.droppedKey(table.id(), indexId), DescriptorCodec.encodeNumber(table.partitioning().buckets()));
  }

  /** Adds an index, with an id of its own, to a table; gives the changed catalog. Its entries are the caller's to write. */
  public static Catalog createIndex(KvTransaction transaction, Catalog catalog, TableDescriptor table, IndexDescriptor draft) {
    return changed(transaction, catalog, table.withIndex(draft));
  }

  /** Says that an index has all rows; gives the changed catalog. */
  public static Catalog indexReady(KvTransaction transaction, Catalog catalog, TableDescriptor table, int indexId) {
    return changed(transaction, catalog, table.withIndexState(indexId, IndexDescriptor.State.READY));
  }

  /** Takes an index away from a table of {@code catalog} and leaves its entries to {@link DroppedRows}; gives the changed catalog. */
  public static Catalog dropIndex(KvTransaction transaction, Catalog catalog, TableDescriptor table, int indexId) {
    putDropped(transaction, table, indexId);
    return changed(transaction, catalog, table.withoutIndex(indexId));
  }

  /** Keeps what ANALYZE has found in a table; gives the changed catalog. */
  public static Catalog putStatistics(KvTransaction transaction, Catalog catalog, TableDescriptor table, TableStatistics found) {
    transaction.put(KeyLayout.statisticsKey(table.id()), StatisticsCodec.encode(found));
    return published(transaction, catalog.with(table, found));
  }

  private static Catalog changed(KvTransaction transaction, Catalog catalog, TableDescriptor table) {
    transaction.put(KeyLayout.tableKey(table.id()), DescriptorCodec.encode(table));
    return published(transaction, catalog.with(table));
  }

  private static Catalog gone(KvTransaction transaction, Catalog changed, SecuredObject object) {
    return published(transaction, AuthorizationStore.forget(transaction, changed, object));
  }

  static Catalog published(KvTransaction transaction, Catalog changed) {
    transaction.put(KeyLayout.versionKey(), DescriptorCodec.encodeNumber(changed.version()));
    return changed;
  }
}
