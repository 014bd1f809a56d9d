package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.CatalogStore;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.Constraints.Check;
import org.treatydb.sql.catalog.Constraints.ForeignKey;
import org.treatydb.sql.catalog.SecuredObject;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.QueryRows;
import org.treatydb.sql.exec.RowRules;
import org.treatydb.sql.parser.AlterTable;
import org.treatydb.sql.parser.AlterTable.Action;
import org.treatydb.sql.parser.CheckDefinition;
import org.treatydb.sql.parser.ColumnDefinition;
import org.treatydb.sql.parser.ForeignKeyDefinition;
import org.treatydb.sql.parser.TreatyParser;
import org.treatydb.sql.parser.UniqueConstraint;
import org.treatydb.sql.parser.UniqueDefinition;
import org.treatydb.sql.system.SystemViews;

/** ALTER TABLE. */
final class AlterDefinition {

  private final Definition.Work work;
  private final SystemViews views;
  private final int tableId;
  /** Whether the statement has one action only, so that nothing that follows needs what it does. */
  private final boolean single;

  private AlterDefinition(Definition.Work work, SystemViews views, int tableId, boolean single) {
    this.single = single;
    this.work = work;
    this.views = views;
    this.tableId = tableId;
  }

  static Definition plan(AlterTable alter, SystemViews views) {
    return work -> {
      TableDescriptor table = NamedTables.tableOrNull(work.catalog(), alter.name());
      if (table == null && !alter.ifExists()) {
        throw NamedTables.noTable(alter.name());
      } else if (table != null) {
        work.rights().owns(SecuredObject.relation(table.id()));
        AlterDefinition altering = new AlterDefinition(work, views, table.id(), alter.actions().size() == 1);
        for (Action action : alter.actions()) {
          altering.run(action);
        }
      }
    };
  }

  private TableDescriptor table() {
    return work.catalog().table(tableId);
  }

  private void put(TableDescriptor changed) {
    work.change((transaction, before) -> CatalogStore.alterTable(transaction, before, changed));
  }

  private QueryPlanner queries() {
    Catalog catalog = work.catalog();
    AccessRecorder ofTheOwner = new AccessRecorder(catalog.authorization());
    return new QueryPlanner(CatalogSchema.root(catalog, views, ofTheOwner), catalog, ofTheOwner);
  }

  private void run(Action action) throws SQLException {
    switch (action.kind()) {
      case ADD_COLUMN -> addColumn((ColumnDefinition) action.node(), action.isConditional());
      case ADD_CONSTRAINT -> addConstraint(action.node());
      case DROP_COLUMN -> new ColumnRemoval(work, table()).drop(action.name(), action.isConditional(), action.cascade());
      case DROP_CONSTRAINT -> dropConstraint(action);
      case RENAME_COLUMN -> new Renaming(work, table()).column(action.name(), ((SqlIdentifier) action.node()).getSimple());
      case RENAME_TABLE -> new Renaming(work, table()).table(((SqlIdentifier) action.node()).getSimple());
      case SET_DEFAULT -> {
        ColumnDescriptor column = withoutGenerated(action.name());
        put(table().withColumn(column.withSource(ColumnPlanner.defaultOf(action.node(), column, queries()))));
      }
      case DROP_DEFAULT -> put(table().withColumn(withoutGenerated(action.name()).withSource(ColumnSource.NONE)));
      case SET_NOT_NULL -> setNotNull(column(action.name()));
      case DROP_NOT_NULL -> dropNotNull(column(action.name()));
    }
  }

  private ColumnDescriptor column(String name) {
    return table().columns().get(NamedTables.column(table(), name));
  }

  private ColumnDescriptor withoutGenerated(String name) {
    ColumnDescriptor column = column(name);
    if (column.generatedSql() != null || column.source().isIdentity()) {
      throw new SqlFailure(SqlState.SYNTAX_ERROR, "Column \"" + name + "\" is a generated or an identity column, and has no DEFAULT.");
    }
    return column;
  }

  /** Rows that are there get a constant without being written; others are updated. */
  private void addColumn(ColumnDefinition definition, boolean ifNotExists) throws SQLException {
    TableDescriptor before = table();
    if (before.positionOf(definition.name()) >= 0) {
      if (ifNotExists) {
        return;
      }
      throw new SqlFailure(SqlState.DUPLICATE_COLUMN,
          "Table \"" + before.name() + "\" has a column \"" + definition.name() + "\" already.");
    }
    if (definition.isPrimaryKey()) {
      throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "A primary key cannot be added to a table; create another table.");
    }
    TableDefinition.checkCount(before.columns().size() + 1);
    QueryPlanner queries = queries();
    ColumnDescriptor column = new ColumnPlanner(definition, queries).column(before.nextColumnId());
    boolean constant = column.source().kind() == ColumnSource.Kind.NONE
        || column.source().kind() == ColumnSource.Kind.DEFAULT && !SequenceCalls.isIn(Trees.defaultValue(column));
    if (constant) {
      Object value = column.defaultSql() == null ? null : ColumnPlanner.value(column.withNullable(true), queries);
      put(with(before, column.withNullable(true).withWhenAbsent(value)));
    } else {
      put(with(before, column.withNullable(true)));
      if (column.source().isIdentity()) {
        put(TableDefinition.withSequence(work, table(), table().columns().getLast(), definition.generated().identity()));
      } else if (column.generatedSql() != null) {
        new RulesPlanner(table(), queries()).validateGenerated(definition.generated().expression(), table().columns().getLast());
      }
      update("SET " + quoted(column.name()) + " = DEFAULT");
    }
    if (!column.nullable()) {
      setNotNull(table().columns().getLast());
    }
    if (definition.isUnique()) {
      addUnique(definition.unique(), false);
    }
  }

  private static TableDescriptor with(TableDescriptor table, ColumnDescriptor column) {
    List<ColumnDescriptor> columns = new ArrayList<>(table.columns());
    columns.add(column);
    return table.withColumns(columns);
  }

  private void addConstraint(SqlNode constraint) throws SQLException {
    switch (constraint) {
      case CheckDefinition check -> addCheck(check);
      case ForeignKeyDefinition key -> addForeignKey(key);
      case UniqueDefinition unique -> addUnique(unique.constraint(), single);
      default -> throw new SqlFailure(
          SqlState.FEATURE_NOT_SUPPORTED, "A primary key cannot be added to a table; create another table.");
    }
  }

  private void addUnique(UniqueConstraint constraint, boolean online) {
    work.addIndex(table(), IndexDefinition.unique(table(), constraint, work.catalog()), online);
  }

  private void addForeignKey(ForeignKeyDefinition definition) {
    TableDescriptor changed = ForeignKeyConstraints.with(table(), definition, work.catalog(), work.rights());
    put(changed);
    ForeignKeyPlanner.reference(changed.constraints().foreignKeys().getLast(), changed, work.catalog()).checkAll(work.input());
  }

  private void addCheck(CheckDefinition definition) throws SQLException {
    TableDescriptor changed = ConstraintPlanner.withCheck(table(), definition, queries());
    Check check = changed.constraints().checks().getLast();
    if (exists("WHERE NOT (" + check.sql() + ")")) {
      throw RowRules.violation(check.name(), changed.name());
    }
    put(changed);
  }

  private void dropConstraint(Action action) {
    TableDescriptor table = table();
    String name = action.name();
    List<ForeignKey> keys = table.constraints().foreignKeys().stream().filter(key -> key.name().equals(name)).toList();
    List<Check> checks = table.constraints().checks().stream().filter(check -> !check.name().equals(name)).toList();
    if (checks.size() < table.constraints().checks().size()) {
      put(table.withConstraints(table.constraints().withChecks(checks)));
    } else if (!keys.isEmpty()) {
      ForeignKeyConstraints.drop(work, table, keys);
    } else if (table.index(name) != null && table.index(name).constraint()) {
      dropUnique(table.index(name).id(), action);
    } else if (!table.hasRowId() && table.primaryKeyName().equals(name)) {
      throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "The primary key of a table cannot be dropped; create another table.");
    } else if (!action.isConditional()) {
      throw new SqlFailure(SqlState.UNDEFINED_OBJECT, "Table \"" + table.name() + "\" has no constraint \"" + name + "\".");
    }
  }

  private void dropUnique(int indexId, Action action) {
    TableDescriptor left = table().withoutIndex(indexId);
    ForeignKeyConstraints.dropReferring(work, table(), List.of(),
        key -> !left.isPrimaryKey(key.parentColumnIds()) && left.uniqueConstraint(key.parentColumnIds()) == null,
        "Constraint \"" + action.name() + "\"", action.cascade());
    work.change((transaction, before) -> CatalogStore.dropIndex(transaction, before, before.table(tableId), indexId));
  }

  private void setNotNull(ColumnDescriptor column) throws SQLException {
    if (column.nullable() && exists("WHERE " + quoted(column.name()) + " IS NULL")) {
      throw new SqlFailure(SqlState.NOT_NULL_VIOLATION,
          "Column \"" + column.name() + "\" of table \"" + table().name() + "\" has rows with NULL.");
    }
    put(table().withColumn(column.withNullable(false)));
  }

  private void dropNotNull(ColumnDescriptor column) {
    if (table().primaryKey().stream().anyMatch(part -> part.columnId() == column.id()) || column.source().isIdentity()) {
      throw new SqlFailure(SqlState.INVALID_TABLE_DEFINITION,
          "Column \"" + column.name() + "\" is in the primary key or an identity column, and cannot be NULL.");
    }
    put(table().withColumn(column.withNullable(true)));
  }

  private static String quoted(String name) {
    return TreatyParser.toSql(NamedTables.identifier(name));
  }

  private String quotedTable() {
    return TreatyParser.toSql(NamedTables.identifier(work.catalog().schemaName(table()), table().name()));
  }

  /** Whether the table has such rows. */
  private boolean exists(String condition) throws SQLException {
    QueryPlanner queries = queries();
    SqlNode query = TreatyParser.parseStatement("SELECT 1 FROM " + quotedTable() + " " + condition + " LIMIT 1");
    CompiledQuery compiled = QueryPlanner.compile(queries.convert(query), false);
    try (QueryRows rows = compiled.open(work.input())) {
      return rows.next();
    }
  }

  private void update(String assignments) throws SQLException {
    SqlUpdate update = (SqlUpdate) TreatyParser.parseStatement("UPDATE " + quotedTable() + " " + assignments);
    if (new ChangePlanner(work.catalog(), queries()).plan(update, null, null) instanceof Plan.Modify modify) {
      modify.modification().run(work.input());
    }
  }
}
