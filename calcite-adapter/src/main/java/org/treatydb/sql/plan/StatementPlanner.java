package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.sql.SQLException;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.error.ErrorTranslator;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.parser.AlterOwner;
import org.treatydb.sql.parser.AlterRole;
import org.treatydb.sql.parser.AlterSequence;
import org.treatydb.sql.parser.AlterTable;
import org.treatydb.sql.parser.Analyze;
import org.treatydb.sql.parser.CommentStatement;
import org.treatydb.sql.parser.CreateIndex;
import org.treatydb.sql.parser.CreateRole;
import org.treatydb.sql.parser.CreateSchema;
import org.treatydb.sql.parser.CreateSequence;
import org.treatydb.sql.parser.CreateTable;
import org.treatydb.sql.parser.CreateTableAs;
import org.treatydb.sql.parser.CreateView;
import org.treatydb.sql.parser.DataChange;
import org.treatydb.sql.parser.DropIndex;
import org.treatydb.sql.parser.DropStatement;
import org.treatydb.sql.parser.DropTable;
import org.treatydb.sql.parser.ExplainStatement;
import org.treatydb.sql.parser.GrantRole;
import org.treatydb.sql.parser.GrantStatement;
import org.treatydb.sql.parser.MergeStatement;
import org.treatydb.sql.parser.SelectForUpdate;
import org.treatydb.sql.parser.TruncateTable;
import org.treatydb.sql.system.SystemViews;
import org.treatydb.sql.type.ColumnType;

/** Plans parsed statements against a catalog. Stateless, thread-safe. */
public final class StatementPlanner {

  private static final String EXPLAIN_COLUMN = "plan";

  private StatementPlanner() {}

  /**
   * The plan of {@code statement}, which is anything but transaction control; the tree is used up.
   *
   * @param defaultBuckets how many buckets a created table gets that does not say it
   * @throws SQLException if it is wrong or not supported
   */
  public static Planned plan(SqlNode statement, Catalog catalog, SystemViews views, int defaultBuckets) throws SQLException {
    AccessRecorder recorder = new AccessRecorder(catalog.authorization());
    boolean secret = statement instanceof CreateRole || statement instanceof AlterRole;
    try {
      String audited = AuditedStatement.of(statement);
      Plan plan = planned(statement, catalog, views, recorder, defaultBuckets);
      return new Planned(plan, recorder.accesses(), audited, !secret);
    } catch (RuntimeException | AssertionError e) {
      throw ErrorTranslator.translatePlanning(e);
    }
  }

  private static Plan planned(SqlNode statement, Catalog catalog, SystemViews views, AccessRecorder recorder, int defaultBuckets)
      throws SQLException {
    CalciteSchema schema = CatalogSchema.root(catalog, views, recorder);
    QueryPlanner queries = new QueryPlanner(schema, catalog, recorder);
    return switch (statement) {
      case CreateTable create -> new Plan.Define(TableDefinition.plan(create, catalog, queries, defaultBuckets));
      case CreateTableAs copy -> TableCopy.plan(copy, catalog, queries, defaultBuckets);
      case CreateView create -> new Plan.Define(ViewDefinition.plan(create, catalog, queries));
      case AlterSequence alter -> new Plan.Define(SequenceDefinition.plan(alter));
      case CreateSequence create -> new Plan.Define(SequenceDefinition.plan(create, catalog));
      case CreateSchema create -> new Plan.Define(SchemaDefinition.plan(create));
      case TruncateTable truncate -> new Plan.Define(SchemaDefinition.plan(truncate));
      case CommentStatement comment -> new Plan.Define(SchemaDefinition.plan(comment));
      case AlterTable alter -> new Plan.Define(AlterDefinition.plan(alter, views));
      case DropTable drop -> new Plan.Define(DropDefinition.plan(drop));
      case DropStatement drop -> new Plan.Define(DropDefinition.plan(drop));
      case CreateRole create -> new Plan.Define(RoleDefinition.plan(create));
      case AlterRole alter -> new Plan.Define(RoleDefinition.plan(alter));
      case AlterOwner alter -> new Plan.Define(GrantDefinition.plan(alter));
      case GrantRole grant -> new Plan.Define(RoleDefinition.plan(grant));
      case GrantStatement grant -> new Plan.Define(GrantDefinition.plan(grant));
      case CreateIndex create -> IndexDefinition.plan(create, catalog);
      case DropIndex drop -> IndexDefinition.plan(drop, catalog);
      case Analyze analyze -> new Plan.Analyze(!analyze.tables().isEmpty(), analyze.tables().isEmpty()
          ? ImmutableList.copyOf(catalog.tables())
          : analyze.tables().stream().map(name -> NamedTables.table(catalog, name)).collect(ImmutableList.toImmutableList()));
      case SqlInsert insert -> new InsertPlanner(catalog, queries).plan(insert, null, null, null);
      case SqlUpdate update -> new ChangePlanner(catalog, queries).plan(update, null, null);
      case SqlDelete delete -> new ChangePlanner(catalog, queries).plan(delete, null, null);
      case MergeStatement merge -> new MergePlanner(merge, catalog, queries).plan(null);
      case DataChange change -> change(change, catalog, queries);
      case SelectForUpdate select -> query(select.query(), queries, true);
      case ExplainStatement explain -> explain(explain.statement(), explain.analyze(), queries);
      case SqlExplain explain -> explain(explain.getExplicandum(), false, queries);
      default -> {
        if (!statement.isA(SqlKind.QUERY)) {
          throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, statement.getKind().sql.replace('_', ' ') + " is not supported.");
        }
        yield query(statement, queries, false);
      }
    };
  }

  private static Plan change(DataChange change, Catalog catalog, QueryPlanner queries) throws SQLException {
    return switch (change.change()) {
      case SqlInsert insert -> new InsertPlanner(catalog, queries).plan(insert, change.conflict(), change.returning(), change.overriding());
      case SqlUpdate update -> new ChangePlanner(catalog, queries).plan(update, change.source(), change.returning());
      case SqlDelete delete -> new ChangePlanner(catalog, queries).plan(delete, change.source(), change.returning());
      case MergeStatement merge -> new MergePlanner(merge, catalog, queries).plan(change.returning());
      default -> throw new IllegalStateException(change.change().getKind() + " is no change");
    };
  }

  private static Plan query(SqlNode query, QueryPlanner queries, boolean forUpdate) {
    if (forUpdate) {
      queries.recorder().lock();
    }
    QueryPlanner.Converted converted = queries.convert(query);
    return new Plan.Query(QueryPlanner.compile(converted, forUpdate), QueryPlanner.columns(converted), queries.parameters(), forUpdate);
  }

  private static Plan explain(SqlNode statement, boolean analyze, QueryPlanner queries) {
    boolean forUpdate = statement instanceof SelectForUpdate;
    SqlNode query = statement instanceof SelectForUpdate select ? select.query() : statement;
    if (!query.isA(SqlKind.QUERY)) {
      throw new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "EXPLAIN of " + query.getKind().sql + " is not supported yet.");
    }
    if (forUpdate) {
      queries.recorder().lock();
    }
    ColumnType text = ColumnType.of(ColumnType.Kind.VARCHAR);
    ResultColumn column = new ResultColumn(Plan.describe(EXPLAIN_COLUMN, text, false), text);
    QueryPlanner.Converted converted = queries.convert(query);
    return analyze
        ? new Plan.Measurement(QueryPlanner.measured(converted, forUpdate), ImmutableList.of(column), queries.parameters())
        : new Plan.Explanation(
            ImmutableList.copyOf(QueryPlanner.explain(converted, forUpdate)), ImmutableList.of(column), queries.parameters());
  }
}
