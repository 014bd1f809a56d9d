package org.treatydb.sql.plan;

import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.Assignment;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.HeldRows;
import org.treatydb.sql.exec.QueryMemory;
import org.treatydb.sql.exec.QueryRows;
import org.treatydb.sql.exec.Sequences;
import org.treatydb.sql.exec.StatementInput;
import org.treatydb.sql.parser.ColumnDefinition;
import org.treatydb.sql.parser.GeneratedColumn;
import org.treatydb.sql.parser.TreatyParser;
import org.treatydb.sql.type.ColumnType;

/** Checks the definition of a column and makes the descriptor it asks for. */
final class ColumnPlanner {

  private static final Sequences ANY_NUMBER = new Sequences() {
    @Override
    public long next(int sequenceId) {
      return 1;
    }

    @Override
    public long current(int sequenceId) {
      return 1;
    }
  };

  private final ColumnDefinition definition;
  private final ColumnType type;
  private final QueryPlanner queries;

  ColumnPlanner(ColumnDefinition definition, QueryPlanner queries) throws SQLException {
    this.definition = definition;
    this.type = ColumnType.of(definition.type());
    this.queries = queries;
  }

  /** The column; the sequence of an identity column is still to be made, a generated column's expression to be checked with its table. */
  ColumnDescriptor column(int id) throws SQLException {
    ColumnSource source = source();
    boolean nullable = !definition.isNotNull() && !source.isIdentity();
    return new ColumnDescriptor(id, definition.name(), type, nullable, source, null, null);
  }

  private ColumnSource source() throws SQLException {
    GeneratedColumn generated = definition.generated();
    if (generated == null) {
      return definition.defaultValue() == null ? ColumnSource.NONE : defaultOf(definition.defaultValue(), bare(), queries);
    }
    if (generated.expression() != null) {
      return ColumnSource.generated(TreatyParser.toSql(generated.expression()));
    }
    if (largest(type) == 0) {
      throw new SqlFailure(SqlState.INVALID_PARAMETER_VALUE,
          "An identity column is of type SMALLINT, INTEGER or BIGINT; \"" + definition.name() + "\" is of type " + type + ".");
    }
    return ColumnSource.identity(generated.isAlways(), 0);
  }

  private ColumnDescriptor bare() {
    return new ColumnDescriptor(1, definition.name(), type, true, null);
  }

  /** The largest number of an integral type; 0 for other types. */
  static long largest(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT -> Short.MAX_VALUE;
      case INTEGER -> Integer.MAX_VALUE;
      case BIGINT -> Long.MAX_VALUE;
      default -> 0;
    };
  }

  /** A DEFAULT expression, checked to be one that can be computed without a row and assigned to the column. */
  static ColumnSource defaultOf(SqlNode expression, ColumnDescriptor column, QueryPlanner queries) throws SQLException {
    String sql = TreatyParser.toSql(SequenceCalls.written(expression));
    expression.accept(new SqlBasicVisitor<Void>() {
      @Override
      public Void visit(SqlDynamicParam parameter) {
        throw notAllowed("parameters");
      }

      @Override
      public Void visit(SqlCall call) {
        if (call.isA(SqlKind.QUERY)) {
          throw notAllowed("subqueries");
        }
        return super.visit(call);
      }
    });
    ColumnSource source = ColumnSource.ofDefault(sql);
    value(column.withSource(source).withNullable(true), queries);
    return source;
  }

  /** What the column's DEFAULT is now, as the column stores it; a sequence gives no number for it. */
  static Object value(ColumnDescriptor column, QueryPlanner queries) throws SQLException {
    QueryPlanner.Converted converted = queries.convert(Trees.selectWithoutFrom(List.of(Trees.defaultValue(column))));
    CompiledQuery expression = QueryPlanner.compile(QueryPlanner.assigned(converted, List.of(column)), false);
    StatementInput nowhere = new StatementInput(
        null, new Object[0], System.currentTimeMillis(), null, ANY_NUMBER, null, new HeldRows(QueryMemory.ofHeap()), () -> { });
    try (QueryRows rows = expression.open(nowhere)) {
      rows.next();
      return Assignment.assign(rows.row()[0], column, "");
    }
  }

  private static SqlFailure notAllowed(String what) {
    return new SqlFailure(SqlState.FEATURE_NOT_SUPPORTED, "A DEFAULT expression cannot have " + what + ".");
  }
}
