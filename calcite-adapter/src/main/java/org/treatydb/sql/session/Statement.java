package org.treatydb.sql.session;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.sql.access.Actor;
import org.treatydb.sql.access.Rights;
import org.treatydb.sql.api.SqlColumn;
import org.treatydb.sql.api.SqlResult;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.api.SqlStatement;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.error.SqlErrors;
import org.treatydb.sql.plan.ParameterType;
import org.treatydb.sql.plan.Plan;
import org.treatydb.sql.plan.Planned;
import org.treatydb.sql.plan.ResultColumn;

/** A prepared statement: its text, and the plan for the catalog it was last run against. */
final class Statement implements SqlStatement {

  private final Session session;
  private final String sql;
  private final Kind kind;
  private final Control control;
  private boolean keys;
  private Planned planned;
  private long plannedFor;
  /** The identity of the catalog by which it was allowed to {@link #allowedTo}. */
  private long allowedFor;
  private Actor allowedTo;

  private Statement(Session session, String sql, Kind kind, Control control) {
    this.session = session;
    this.sql = sql;
    this.kind = kind;
    this.control = control;
  }

  static Statement control(Session session, String sql, Control control) {
    return new Statement(session, sql, Kind.CONTROL, control);
  }

  static Statement planned(Session session, String sql, Planned planned, Catalog catalog) {
    Kind kind = switch (planned.plan()) {
      case Plan.Query _, Plan.Explanation _, Plan.Measurement _ -> Kind.QUERY;
      case Plan.Modify _ -> Kind.MODIFY;
      case Plan.Define _, Plan.CreateIndex _, Plan.DropIndex _, Plan.Analyze _ -> Kind.DEFINE;
    };
    Statement statement = new Statement(session, sql, kind, null);
    statement.planned = planned;
    statement.plannedFor = catalog.identity();
    return statement;
  }

  /** This statement, whose rows are keys. */
  Statement givingKeys() {
    keys = true;
    return this;
  }

  @Override
  public boolean givesKeys() {
    return keys;
  }

  /** What a transaction control statement does; null for others. */
  Control control() {
    return control;
  }

  /** Whether the statement only reads, and locks nothing. */
  boolean isPlainQuery() {
    return plan() instanceof Plan.Explanation || plan() instanceof Plan.Measurement
        || plan() instanceof Plan.Query query && !query.forUpdate();
  }

  /** The plan for {@code catalog}: made anew if the schema has changed. */
  Planned plan(Catalog catalog) throws SQLException {
    if (plannedFor != catalog.identity()) {
      planned = session.database().plans().plan(sql, catalog);
      plannedFor = catalog.identity();
    }
    return planned;
  }

  /** What it was last planned as. */
  Planned planned() {
    return planned;
  }

  private Plan plan() {
    return planned == null ? null : planned.plan();
  }

  /** Fails with 42501 if {@code actor} may not do what the plan does; looks only once for a catalog. */
  void authorize(Catalog catalog, Actor actor) {
    if (allowedFor != catalog.identity() || !actor.equals(allowedTo)) {
      Rights.of(catalog, actor).check(planned.accesses());
      allowedFor = catalog.identity();
      allowedTo = actor;
    }
  }

  /** The run-time values of what a caller passed for the parameters. */
  static Object[] convert(List<ParameterType> types, List<Object> parameters) throws SQLException {
    if (types.size() != parameters.size()) {
      throw SqlErrors.of(SqlState.WRONG_PARAMETER_COUNT,
          "The statement has " + types.size() + " parameters, but " + parameters.size() + " values were given.");
    }
    Object[] values = new Object[types.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = types.get(i).convert(parameters.get(i), i + 1);
    }
    return values;
  }

  @Override
  public String sql() {
    return sql;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public List<SqlColumn> parameters() {
    List<SqlColumn> parameters = new ArrayList<>();
    if (planned != null) {
      for (ParameterType type : plan().parameters()) {
        parameters.add(Plan.describe("?" + (parameters.size() + 1), type.type(), true));
      }
    }
    return parameters;
  }

  @Override
  public List<SqlColumn> columns() {
    return planned == null ? List.of() : plan().columns().stream().map(ResultColumn::description).toList();
  }

  @Override
  public SqlResult execute(List<Object> parameters) throws SQLException {
    return session.execute(this, parameters);
  }
}
