package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableMap;
import java.util.Collection;
import java.util.HashMap;
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
  private final ImmutableMap<TableName, TableDescriptor> tables;

  private record TableName(int schemaId, String name) {}

  Catalog(long version, Collection<SchemaDescriptor> schemas, Collection<TableDescriptor> tables) {
    this.version = version;
    this.schemas = schemas.stream().collect(ImmutableMap.toImmutableMap(SchemaDescriptor::name, schema -> schema));
    this.tables = tables.stream().collect(
        ImmutableMap.toImmutableMap(table -> new TableName(table.schemaId(), table.name()), table -> table));
  }

  private Catalog(long version, ImmutableMap<String, SchemaDescriptor> schemas, Map<TableName, TableDescriptor> tables) {
    this.version = version;
    this.schemas = schemas;
    this.tables = ImmutableMap.copyOf(tables);
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

  /** The name of the schema that {@code table} is in. */
  public String schemaName(TableDescriptor table) {
    return schemas.values().stream().filter(schema -> schema.id() == table.schemaId()).findFirst().orElseThrow().name();
  }

  /** The table of this name; null if there is none. */
  public TableDescriptor table(int schemaId, String name) {
    return tables.get(new TableName(schemaId, name));
  }

  /** The table that has the index of this name; null if there is none. */
  public TableDescriptor tableOfIndex(int schemaId, String index) {
    return tables.values().stream().filter(table -> table.schemaId() == schemaId && table.index(index) != null).findFirst().orElse(null);
  }

  /** The table with this id; null if there is none. */
  public TableDescriptor table(int id) {
    return tables.values().stream().filter(table -> table.id() == id).findFirst().orElse(null);
  }

  Catalog with(TableDescriptor table) {
    Map<TableName, TableDescriptor> changed = new HashMap<>(tables);
    changed.put(new TableName(table.schemaId(), table.name()), table);
    return new Catalog(version + 1, schemas, changed);
  }

  Catalog without(TableDescriptor table) {
    Map<TableName, TableDescriptor> changed = new HashMap<>(tables);
    changed.remove(new TableName(table.schemaId(), table.name()));
    return new Catalog(version + 1, schemas, changed);
  }
}
