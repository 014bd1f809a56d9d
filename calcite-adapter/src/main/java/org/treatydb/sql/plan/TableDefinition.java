package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.Constraints;
import org.treatydb.sql.catalog.Partitioning;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.CheckDefinition;
import org.treatydb.sql.parser.ColumnDefinition;
import org.treatydb.sql.parser.CreateTable;
import org.treatydb.sql.parser.ForeignKeyDefinition;
import org.treatydb.sql.parser.HashPartition;
import org.treatydb.sql.parser.SequenceOptions;

/** Checks a CREATE TABLE and makes the descriptor it asks for. */
final class TableDefinition {

  private TableDefinition() {}

  static Definition plan(CreateTable create, Catalog catalog, QueryPlanner queries, int defaultBuckets) throws SQLException {
    String table = NamedTables.name(create.name());
    List<String> key = create.primaryKey();
    List<ColumnDescriptor> columns = new ArrayList<>();
    List<SequenceOptions> identities = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ColumnDefinition definition : create.columns()) {
      if (!names.add(definition.name())) {
        throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + definition.name() + "\" is declared twice.");
      }
      ColumnDescriptor column = new ColumnPlanner(definition, queries).column(columns.size() + 1);
      columns.add(key.contains(definition.name()) ? column.withNullable(false) : column);
      identities.add(column.source().isIdentity() ? definition.generated().identity() : null);
    }
    checkCount(columns.size());
    List<KeyPart> parts = new ArrayList<>();
    for (String column : key) {
      parts.add(new KeyPart(keyColumn(columns, column, parts).id(), false));
    }
    int schemaId = NamedTables.schema(catalog, create.name()).id();
    TableDescriptor bare = new TableDescriptor(0, schemaId, table, columns, parts, columns.size() + 1,
        partitioning(create.partition(), columns, parts, defaultBuckets));
    TableDescriptor draft = constrained(bare, create, queries);
    return work -> define(work, draft, identities, create);
  }

  private static TableDescriptor constrained(TableDescriptor bare, CreateTable create, QueryPlanner queries) throws SQLException {
    TableDescriptor table = bare.withConstraints(new Constraints(create.primaryKeyName(), List.of(), List.of()));
    for (ColumnDefinition definition : create.columns()) {
      ColumnDescriptor column = table.columns().get(table.positionOf(definition.name()));
      if (column.generatedSql() != null) {
        if (table.keyPositions().contains(table.positionOf(column.name()))) {
          throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "A generated column cannot be in the primary key.");
        }
        new RulesPlanner(table, queries).validateGenerated(definition.generated().expression(), column);
      }
    }
    for (CheckDefinition check : create.checks()) {
      table = ConstraintPlanner.withCheck(table, check, queries);
    }
    return table;
  }

  private static void define(Definition.Work work, TableDescriptor draft, List<SequenceOptions> identities, CreateTable create) {
    work.rights().creates(draft.schemaId());
    if (create.ifNotExists() && work.catalog().hasRelation(draft.schemaId(), draft.name())) {
      return;
    }
    NamedTables.checkFree(work.catalog(), draft.schemaId(), draft.name());
    TableDescriptor table = IndexDefinition.withUnique(draft, create.uniqueConstraints(), work.catalog());
    for (ForeignKeyDefinition key : create.foreignKeys()) {
      table = ForeignKeyConstraints.with(table, key, work.catalog(), work.rights());
    }
    for (int i = 0; i < identities.size(); i++) {
      if (identities.get(i) != null) {
        table = withSequence(work, table, draft.columns().get(i), identities.get(i));
      }
    }
    TableDescriptor complete = table;
    work.change((transaction, before) -> CatalogStore.createTable(transaction, before, complete));
    work.own(SecuredObject.relation(work.catalog().table(complete.schemaId(), complete.name()).id()));
  }

  /** Creates the sequence of an identity column; gives the table that knows it. */
  static TableDescriptor withSequence(Definition.Work work, TableDescriptor table, ColumnDescriptor column, SequenceOptions options) {
    String base = table.name() + "_" + column.name() + "_seq";
    String name = base;
    for (int i = 1; work.catalog().hasRelation(table.schemaId(), name); i++) {
      name = base + i;
    }
    boolean always = column.source().kind() == ColumnSource.Kind.IDENTITY_ALWAYS;
    int id = SequenceDefinition.create(
        work, SequenceDefinition.draft(table.schemaId(), name, options, true, ColumnPlanner.largest(column.type())));
    return table.withColumn(column.withSource(ColumnSource.identity(always, id)));
  }

  private static Partitioning partitioning(
      HashPartition declared, List<ColumnDescriptor> columns, List<KeyPart> key, int defaultBuckets) {
    int buckets = declared == null || declared.buckets() == null ? defaultBuckets : declared.buckets();
    if (buckets < 1 || buckets > Partitioning.BUCKETS_MAX) {
      throw new SqlFailure(
          SqlState.INVALID_TABLE_DEFINITION, "A table has 1 to " + Partitioning.BUCKETS_MAX + " buckets.");
    }
    List<Integer> ids = new ArrayList<>();
    if (declared == null || declared.columns() == null) {
      key.forEach(part -> ids.add(part.columnId()));
    } else {
      for (String name : declared.columns()) {
        ids.add(partitionColumn(name, columns, key, ids));
      }
    }
    return buckets == 1 ? Partitioning.NONE : new Partitioning(buckets, ids);
  }

  private static int partitionColumn(String name, List<ColumnDescriptor> columns, List<KeyPart> key, List<Integer> before) {
    ColumnDescriptor column = columns.stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElse(null);
    if (column == null) {
      throw new SqlFailure(SqlState.UNDEFINED_COLUMN, "There is no column \"" + name + "\" to partition by.");
    }
    if (key.stream().noneMatch(part -> part.columnId() == column.id())) {
      throw new SqlFailure(SqlState.INVALID_TABLE_DEFINITION,
          "A table is partitioned by columns of its primary key; \"" + name + "\" is not one.");
    }
    if (before.contains(column.id())) {
      throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + name + "\" occurs twice among those to partition by.");
    }
    return column.id();
  }

  static void checkCount(int columns) {
    if (columns == 0) {
      throw new SqlFailure(SqlState.INVALID_TABLE_DEFINITION, "A table needs at least one column.");
    }
    if (columns > TableDescriptor.COLUMNS_MAX) {
      throw new SqlFailure(
          SqlState.TOO_MANY_COLUMNS, "A table has at most " + TableDescriptor.COLUMNS_MAX + " columns, not " + columns + ".");
    }
  }

  private static ColumnDescriptor keyColumn(List<ColumnDescriptor> columns, String name, List<KeyPart> before) {
    ColumnDescriptor column = columns.stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElse(null);
    if (column == null) {
      throw new SqlFailure(SqlState.UNDEFINED_COLUMN, "There is no column \"" + name + "\" for the primary key.");
    }
    if (before.stream().anyMatch(part -> part.columnId() == column.id())) {
      throw new SqlFailure(SqlState.DUPLICATE_COLUMN, "Column \"" + name + "\" occurs twice in the primary key.");
    }
    return column;
  }
}
