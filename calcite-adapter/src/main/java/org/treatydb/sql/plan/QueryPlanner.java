package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.util.ImmutableIntList;
import org.treatydb.sql.access.AccessRecorder;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Catalog;
import org.treatydb.sql.catalog.ColumnDescriptor;
import org.treatydb.sql.catalog.ColumnSource;
import org.treatydb.sql.catalog.Privilege;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.Modification;
import org.treatydb.sql.exec.Returning;
import org.treatydb.sql.parser.TreatyParser;

/**
 * Plans the queries of one statement (most have one), and gathers the types of its parameters. Not thread-safe, used once.
 */
final class QueryPlanner {

  private final CalciteSchema schema;
  private final SequenceCalls sequences;
  private final AccessRecorder recorder;
  private final Map<Integer, RelDataType> assignedParameters = new HashMap<>();
  private final TreeMap<Integer, ParameterType> parameters = new TreeMap<>();
  private final Set<List<String>> tables = new LinkedHashSet<>();
  private final JavaTypeFactory typeFactory = Dialect.typeFactory();

  /** {@code recorder}: as the schema has it. */
  QueryPlanner(CalciteSchema schema, Catalog catalog, AccessRecorder recorder) {
    this.schema = schema;
    this.sequences = new SequenceCalls(catalog, recorder);
    this.recorder = recorder;
  }

  /**
   * A query between validation and code.
   *
   * @param rel the rows, also with columns that only the order needs
   * @param order what ORDER BY asks for
   * @param output which columns of {@code rel} are the result, in order
   * @param validated the query with every name in full
   */
  record Converted(RelNode rel, RelCollation order, ImmutableIntList output, RelDataType rowType, List<List<String>> origins,
      SqlNode validated) {}

  /** Says that the parameter with this index stands alone as the source of {@code column}. */
  void assignParameter(int index, ColumnDescriptor column) {
    assignedParameters.put(index, column.type().toRelDataType(typeFactory, true));
    parameters.put(index, new ParameterType(column.type(), true));
  }

  /** {@code expression} as it stands in a query whose result goes to {@code column}. */
  SqlNode assigned(SqlNode expression, ColumnDescriptor column) throws SQLException {
    if (expression.getKind() == SqlKind.DEFAULT) {
      return Trees.defaultValue(column);
    }
    refuseGenerated(column);
    if (expression instanceof SqlDynamicParam parameter) {
      assignParameter(parameter.getIndex(), column);
    }
    return expression;
  }

  /** Fails if no statement can give {@code column} a value. */
  static void refuseGenerated(ColumnDescriptor column) {
    if (column.generatedSql() != null || column.source().kind() == ColumnSource.Kind.IDENTITY_ALWAYS) {
      throw new SqlFailure(SqlState.GENERATED_ALWAYS,
          "Column \"" + column.name() + "\" is always generated: a statement can give it nothing but DEFAULT.");
    }
  }

  /** Takes down what the statement accesses. */
  AccessRecorder recorder() {
    return recorder;
  }

  /** Lets the statement's queries read {@code rows}, by the name that is given back. */
  SqlIdentifier give(TableDescriptor table, GivenTable rows) {
    return CatalogSchema.give(schema, table, rows);
  }

  /** A plan that makes this change. */
  Plan modify(Modification modification, TableDescriptor table, String alias, SqlNodeList returning) {
    if (returning == null) {
      return new Plan.Modify(modification, null, ImmutableList.of(), parameters());
    }
    recorder.access(table, Privilege.SELECT);
    GivenTable changed = new GivenTable(table, false);
    Converted query = convert(Trees.select(returning, Trees.as(give(table, changed), alias), null));
    if (aggregates(query.rel)) {
      throw new SqlFailure(SqlState.GROUPING_ERROR, "RETURNING cannot have aggregate functions.");
    }
    return new Plan.Modify(modification, new Returning(compile(query, false), changed.source()), columns(query), parameters());
  }

  static boolean aggregates(RelNode rel) {
    return rel instanceof Aggregate || rel.getInputs().stream().anyMatch(QueryPlanner::aggregates);
  }

  /** The parameters seen so far, in order. */
  ImmutableList<ParameterType> parameters() {
    return ImmutableList.copyOf(parameters.values());
  }

  /** Validates {@code query} and converts it to relational algebra. */
  Converted convert(SqlNode query) {
    CalciteCatalogReader reader = CatalogSchema.reader(schema, typeFactory);
    StatementValidator validator = new StatementValidator(reader, typeFactory, assignedParameters);
    SqlNode validated = validator.validate(query.accept(sequences).accept(new FamiliarForms()));
    RelDataType rowType = validator.getValidatedNodeType(validated);
    List<List<String>> origins = validator.getFieldOrigins(validated);
    gatherParameters(validator, validated);
    RelOptCluster cluster = QueryCompiler.cluster(new RexBuilder(typeFactory));
    RelRoot root = converter(validator, reader, cluster).convertQuery(validated, false, true);
    return new Converted(root.rel, root.collation, ImmutableIntList.copyOf(root.fields.leftList()), rowType, origins, validated);
  }

  private SqlToRelConverter converter(StatementValidator validator, CalciteCatalogReader reader, RelOptCluster cluster) {
    return new SqlToRelConverter((type, sql, schemaPath, viewPath) -> expanded(sql, cluster), validator, reader, cluster,
        Dialect.CONVERTLETS, Dialect.CONVERTER);
  }

  /** The query of a view. */
  private RelRoot expanded(String sql, RelOptCluster cluster) {
    CalciteCatalogReader reader = CatalogSchema.reader(schema, typeFactory);
    StatementValidator validator = new StatementValidator(reader, typeFactory, Map.of());
    try {
      SqlNode validated = validator.validate(TreatyParser.parseStatement(sql).accept(sequences));
      return converter(validator, reader, cluster).convertQuery(validated, false, true);
    } catch (SQLException e) {
      throw new IllegalStateException("The query of a view does not parse", e);
    }
  }

  /** The tables and views that the queries converted so far name. */
  Set<List<String>> tables() {
    return tables;
  }

  private void gatherParameters(StatementValidator validator, SqlNode validated) {
    validated.accept(new SqlShuttle() {
      @Override
      public SqlNode visit(SqlIdentifier identifier) {
        SqlValidatorNamespace namespace = validator.getNamespace(identifier);
        if (namespace != null && namespace.getTable() != null) {
          tables.add(namespace.getTable().getQualifiedName());
        }
        return identifier;
      }

      @Override
      public SqlNode visit(SqlDynamicParam parameter) {
        RelDataType type = validator.getValidatedNodeType(parameter);
        parameters.putIfAbsent(parameter.getIndex(), ParameterType.ofExpression(type));
        return parameter;
      }
    });
  }

  /** The query, with casts where a value goes into a column of another family of types. A null column is not assigned to. */
  static Converted assigned(Converted query, List<ColumnDescriptor> targets) {
    RexBuilder rexBuilder = query.rel.getCluster().getRexBuilder();
    List<RexNode> expressions = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      RexNode source = rexBuilder.makeInputRef(query.rel, query.output.get(i));
      expressions.add(targets.get(i) == null ? source : AssignmentTypes.cast(rexBuilder, source, targets.get(i)));
    }
    RelNode projected = RelFactories.LOGICAL_BUILDER.create(query.rel.getCluster(), null).push(query.rel).project(expressions).build();
    return new Converted(
        projected, RelCollations.EMPTY, ImmutableIntList.identity(targets.size()), projected.getRowType(), query.origins,
        query.validated);
  }

  static CompiledQuery compile(Converted query, boolean forUpdate) {
    return QueryCompiler.compile(physical(query, forUpdate));
  }

  /** The columns of the query's result. */
  static ImmutableList<ResultColumn> columns(Converted query) {
    ImmutableList.Builder<ResultColumn> columns = ImmutableList.builder();
    for (int i = 0; i < query.rowType.getFieldCount(); i++) {
      columns.add(ResultColumn.of(
          query.rowType.getFieldList().get(i).getName(), query.rowType.getFieldList().get(i).getType(), query.origins.get(i)));
    }
    return columns.build();
  }

  /** The physical plan in words, one operator a line. */
  static List<String> explain(Converted query, boolean forUpdate) {
    return PlanText.of(physical(query, forUpdate));
  }

  /** The query, with its operators measured. */
  static MeasuredQuery measured(Converted query, boolean forUpdate) {
    return MeasuredQuery.of(physical(query, forUpdate));
  }

  private static EnumerableRel physical(Converted query, boolean forUpdate) {
    EnumerableRel physical = QueryCompiler.optimize(query.rel, query.order, query.output);
    return forUpdate ? StoreScans.forUpdate(physical) : physical;
  }
}
