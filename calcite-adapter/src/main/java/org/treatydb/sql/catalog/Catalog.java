package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableMap;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The catalog as one version has it. Immutable, thread-safe. Each instance has an {@link #identity} of its own, by which plans made against
 * it are cached: two instances of the same version (one of a transaction that was rolled back, say) never share plans.
 */
public final class Catalog {

  private static final AtomicLong IDENTITIES = new AtomicLong();

  private final long identity = IDENTITIES.incrementAndGet();
  private final long version;
  private final ImmutableMap<String, SchemaDescriptor> schemas;
  private final ImmutableMap<RelationName, TableDescriptor> tables;
  private final ImmutableMap<RelationName, ViewDescriptor> views;
  private final ImmutableMap<RelationName, SequenceDescriptor> sequences;
  private final ImmutableMap<Integer, TableStatistics> statistics;

  private record RelationName(int schemaId, String name) {}

  Catalog(long version, Collection<SchemaDescriptor> schemas, Collection<TableDescriptor> tables, Collection<ViewDescriptor> views,
      Collection<SequenceDescriptor> sequences, Map<Integer, TableStatistics> statistics) {
    this(version, schemas.stream().collect(ImmutableMap.toImmutableMap(SchemaDescriptor::name, schema -> schema)),
        tables.stream().collect(ImmutableMap.toImmutableMap(table -> new RelationName(table.schemaId(), table.name()), table -> table)),
        views.stream().collect(ImmutableMap.toImmutableMap(view -> new RelationName(view.schemaId(), view.name()), view -> view)),
        sequences.stream().collect(ImmutableMap.toImmutableMap(
            sequence -> new RelationName(sequence.schemaId(), sequence.name()), sequence -> sequence)), statistics);
  }

  private Catalog(long version, Map<String, SchemaDescriptor> schemas, Map<RelationName, TableDescriptor> tables,
      Map<RelationName, ViewDescriptor> views, Map<RelationName, SequenceDescriptor> sequences,
      Map<Integer, TableStatistics> statistics) {
    this.version = version;
    this.statistics = ImmutableMap.copyOf(statistics);
    this.schemas = ImmutableMap.copyOf(schemas);
    this.tables = ImmutableMap.copyOf(tables);
    this.views = ImmutableMap.copyOf(views);
    this.sequences = ImmutableMap.copyOf(sequences);
  }

  /** Unique among all instances in this process. */
  public long identity() {
    return identity;
  }

  public long version() {
    return version;
  }

  public Collection<SchemaDescriptor> schemas() {
    return schemas.values();
  }

  public Collection<TableDescriptor> tables() {
    return tables.values();
  }

  /** The schema of this name; null if there is none. */
  public SchemaDescriptor schema(String name) {
    return schemas.get(name);
  }

  public Collection<ViewDescriptor> views() {
    return views.values();
  }

  public Collection<SequenceDescriptor> sequences() {
    return sequences.values();
  }

  /** The name of the schema that {@code table} is in. */
  public String schemaName(TableDescriptor table) {
    return schemaName(table.schemaId());
  }

  /** The name of the schema with this id. */
  public String schemaName(int schemaId) {
    return schemas.values().stream().filter(schema -> schema.id() == schemaId).findFirst().orElseThrow().name();
  }

  /** The view of this name; null if there is none. */
  public ViewDescriptor view(int schemaId, String name) {
    return views.get(new RelationName(schemaId, name));
  }

  /** The sequence of this name; null if there is none. */
  public SequenceDescriptor sequence(int schemaId, String name) {
    return sequences.get(new RelationName(schemaId, name));
  }

  /** The sequence with this id; null if there is none. */
  public SequenceDescriptor sequence(int id) {
    return sequences.values().stream().filter(sequence -> sequence.id() == id).findFirst().orElse(null);
  }

  /** The views that name the table or view of this name. */
  public List<ViewDescriptor> viewsOf(int schemaId, String name) {
    ViewDescriptor.Dependency relation = new ViewDescriptor.Dependency(schemaId, name);
    return views.values().stream().filter(view -> view.dependencies().contains(relation)).toList();
  }

  /** The table of this name; null if there is none. */
  public TableDescriptor table(int schemaId, String name) {
    return tables.get(new RelationName(schemaId, name));
  }

  /** Whether there is a table, view, sequence or index of this name: they share one name space. */
  public boolean hasRelation(int schemaId, String name) {
    RelationName relation = new RelationName(schemaId, name);
    return tables.containsKey(relation) || views.containsKey(relation) || sequences.containsKey(relation)
        || tableOfIndex(schemaId, name) != null;
  }

  /** What ANALYZE has found in {@code table}; null if it has not run. */
  public TableStatistics statistics(TableDescriptor table) {
    return statistics.get(table.id());
  }

  /** The table that has the index of this name; null if there is none. */
  public TableDescriptor tableOfIndex(int schemaId, String index) {
    return tables.values().stream().filter(table -> table.schemaId() == schemaId && table.index(index) != null).findFirst().orElse(null);
  }

  /** The table with this id; null if there is none. */
  public TableDescriptor table(int id) {
    return tables.values().stream().filter(table -> table.id() == id).findFirst().orElse(null);
  }

  /** The tables that have a foreign key to the table with this id, itself perhaps among them, by id. */
  public List<TableDescriptor> referringTo(int parentId) {
    return tables.values().stream().filter(table -> table.refersTo(parentId)).sorted(Comparator.comparing(TableDescriptor::id)).toList();
  }

  Catalog with(SchemaDescriptor schema) {
    return new Catalog(version + 1, put(schemas, schema.name(), schema), tables, views, sequences, statistics);
  }

  Catalog without(SchemaDescriptor schema) {
    return new Catalog(version + 1, removed(schemas, schema.name()), tables, views, sequences, statistics);
  }

  Catalog with(TableDescriptor table) {
    return new Catalog(
        version + 1, schemas, put(tables, new RelationName(table.schemaId(), table.name()), table), views, sequences, statistics);
  }

  Catalog with(TableDescriptor table, TableStatistics found) {
    return new Catalog(version + 1, schemas, tables, views, sequences, put(statistics, table.id(), found));
  }

  Catalog without(TableDescriptor table) {
    return new Catalog(
        version + 1, schemas, removed(tables, new RelationName(table.schemaId(), table.name())), views, sequences, statistics);
  }

  Catalog with(ViewDescriptor view) {
    return new Catalog(
        version + 1, schemas, tables, put(views, new RelationName(view.schemaId(), view.name()), view), sequences, statistics);
  }

  Catalog without(ViewDescriptor view) {
    return new Catalog(
        version + 1, schemas, tables, removed(views, new RelationName(view.schemaId(), view.name())), sequences, statistics);
  }

  Catalog with(SequenceDescriptor sequence) {
    return new Catalog(
        version + 1, schemas, tables, views, put(sequences, new RelationName(sequence.schemaId(), sequence.name()), sequence), statistics);
  }

  Catalog without(SequenceDescriptor sequence) {
    return new Catalog(
        version + 1, schemas, tables, views, removed(sequences, new RelationName(sequence.schemaId(), sequence.name())), statistics);
  }

  private static <K, V> Map<K, V> put(Map<K, V> map, K key, V value) {
    Map<K, V> changed = new HashMap<>(map);
    changed.put(key, value);
    return changed;
  }

  private static <K, V> Map<K, V> removed(Map<K, V> map, K key) {
    Map<K, V> changed = new HashMap<>(map);
    changed.remove(key);
    return changed;
  }
}
