package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
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
  private final Authorization authorization;
  /** Where objects are found by their ids, and schemas by theirs. */
  private final Catalog whole;

  private record RelationName(int schemaId, String name) {}

  Catalog(long version, Collection<SchemaDescriptor> schemas, Collection<TableDescriptor> tables, Collection<ViewDescriptor> views,
      Collection<SequenceDescriptor> sequences, Map<Integer, TableStatistics> statistics, Authorization authorization) {
    this(version, schemas.stream().collect(ImmutableMap.toImmutableMap(SchemaDescriptor::name, schema -> schema)),
        tables.stream().collect(ImmutableMap.toImmutableMap(table -> new RelationName(table.schemaId(), table.name()), table -> table)),
        views.stream().collect(ImmutableMap.toImmutableMap(view -> new RelationName(view.schemaId(), view.name()), view -> view)),
        sequences.stream().collect(ImmutableMap.toImmutableMap(
            sequence -> new RelationName(sequence.schemaId(), sequence.name()), sequence -> sequence)), statistics, authorization, null);
  }

  private Catalog(long version, Map<String, SchemaDescriptor> schemas, Map<RelationName, TableDescriptor> tables,
      Map<RelationName, ViewDescriptor> views, Map<RelationName, SequenceDescriptor> sequences,
      Map<Integer, TableStatistics> statistics, Authorization authorization, Catalog whole) {
    this.version = version;
    this.authorization = authorization;
    this.whole = whole == null ? this : whole;
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
    return whole.schemas.values().stream().filter(schema -> schema.id() == schemaId).findFirst().orElseThrow().name();
  }

  /** The roles, and who may do what. */
  public Authorization authorization() {
    return authorization;
  }

  /**
   * The catalog with only those objects that {@code role} owns or has a privilege on, to be listed. By their ids, which the others mention,
   * all can still be found.
   */
  public Catalog visibleTo(int role) {
    if (authorization.isSuperuser(role)) {
      return this;
    }
    return new Catalog(version, Maps.filterValues(schemas, schema -> authorization.holdsAny(role, SecuredObject.schema(schema.id()))),
        Maps.filterValues(tables, table -> authorization.holdsAny(role, SecuredObject.relation(table.id()))),
        Maps.filterValues(views, view -> authorization.holdsAny(role, SecuredObject.relation(view.id()))),
        Maps.filterValues(sequences, sequence -> authorization.holdsAny(role, SecuredObject.sequence(sequence.id()))),
        statistics, authorization, this);
  }

  /** The view with this id; null if there is none. */
  public ViewDescriptor view(int id) {
    return whole.views.values().stream().filter(view -> view.id() == id).findFirst().orElse(null);
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
    return whole.sequences.values().stream().filter(sequence -> sequence.id() == id).findFirst().orElse(null);
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
    return whole.tables.values().stream().filter(table -> table.id() == id).findFirst().orElse(null);
  }

  /** The tables that have a foreign key to the table with this id, itself perhaps among them, by id. */
  public List<TableDescriptor> referringTo(int parentId) {
    return tables.values().stream().filter(table -> table.refersTo(parentId)).sorted(Comparator.comparing(TableDescriptor::id)).toList();
  }

  Catalog with(Authorization changed) {
    return new Catalog(version + 1, schemas, tables, views, sequences, statistics, changed, null);
  }

  Catalog with(SchemaDescriptor schema) {
    return next(put(schemas, schema.name(), schema), tables, views, sequences, statistics);
  }

  Catalog without(SchemaDescriptor schema) {
    return next(removed(schemas, schema.name()), tables, views, sequences, statistics);
  }

  Catalog with(TableDescriptor table) {
    return next(schemas, put(tables, new RelationName(table.schemaId(), table.name()), table), views, sequences, statistics);
  }

  Catalog with(TableDescriptor table, TableStatistics found) {
    return next(schemas, tables, views, sequences, put(statistics, table.id(), found));
  }

  Catalog without(TableDescriptor table) {
    return next(schemas, removed(tables, new RelationName(table.schemaId(), table.name())), views, sequences, statistics);
  }

  Catalog with(ViewDescriptor view) {
    return next(schemas, tables, put(views, new RelationName(view.schemaId(), view.name()), view), sequences, statistics);
  }

  Catalog without(ViewDescriptor view) {
    return next(schemas, tables, removed(views, new RelationName(view.schemaId(), view.name())), sequences, statistics);
  }

  Catalog with(SequenceDescriptor sequence) {
    return next(
        schemas, tables, views, put(sequences, new RelationName(sequence.schemaId(), sequence.name()), sequence), statistics);
  }

  Catalog without(SequenceDescriptor sequence) {
    return next(schemas, tables, views, removed(sequences, new RelationName(sequence.schemaId(), sequence.name())), statistics);
  }

  private Catalog next(Map<String, SchemaDescriptor> newSchemas, Map<RelationName, TableDescriptor> newTables,
      Map<RelationName, ViewDescriptor> newViews, Map<RelationName, SequenceDescriptor> newSequences,
      Map<Integer, TableStatistics> newStatistics) {
    return new Catalog(version + 1, newSchemas, newTables, newViews, newSequences, newStatistics, authorization, null);
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
