package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.Constraints;
import org.treatydb.sql.catalog.Constraints.Check;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.CheckDefinition;
import org.treatydb.sql.parser.TreatyParser;

/** Checks the definitions of constraints, and names those that have no name as PostgreSQL does. */
final class ConstraintPlanner {

  private ConstraintPlanner() {}

  /** {@code table} with one more CHECK constraint. */
  static TableDescriptor withCheck(TableDescriptor table, CheckDefinition definition, QueryPlanner queries) throws SQLException {
    new RulesPlanner(table, queries).validateCheck(definition.condition());
    List<String> columns = table.columns().stream()
        .map(ColumnDescriptor::name).filter(column -> Trees.mentions(definition.condition(), column)).toList();
    String described = columns.size() == 1 ? table.name() + "_" + columns.getFirst() : table.name();
    Constraints before = table.constraints();
    List<Check> checks = new ArrayList<>(before.checks());
    checks.add(new Check(name(table, definition.name(), described + "_check"), TreatyParser.toSql(definition.condition())));
    return table.withConstraints(before.withChecks(checks));
  }

  /** The name of a new constraint: the one given, or one made of {@code base}. */
  static String name(TableDescriptor table, String given, String base) {
    if (given != null) {
      if (isTaken(table, given)) {
        throw new SqlFailure(SqlState.DUPLICATE_OBJECT, "Table \"" + table.name() + "\" has a constraint \"" + given + "\" already.");
      }
      return given;
    }
    String name = base;
    for (int i = 1; isTaken(table, name); i++) {
      name = base + i;
    }
    return name;
  }

  private static boolean isTaken(TableDescriptor table, String name) {
    return !table.hasRowId() && table.primaryKeyName().equals(name)
        || table.index(name) != null && table.index(name).constraint()
        || table.constraints().checks().stream().anyMatch(check -> check.name().equals(name))
        || table.constraints().foreignKeys().stream().anyMatch(key -> key.name().equals(name));
  }
}
