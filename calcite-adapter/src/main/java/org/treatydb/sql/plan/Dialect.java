package org.treatydb.sql.plan;

import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlNameMatchers;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.treatydb.sql.parser.TreatyConformance;
import org.treatydb.sql.type.TreatyTypeSystem;

/**
 * The SQL we speak, as settings of Calcite: PostgreSQL's rules where the standard leaves a choice. Unquoted names fold to lower case, NULLs
 * sort last, functions of the standard and of PostgreSQL exist, strings are Unicode.
 */
final class Dialect {

  static final SqlValidator.Config VALIDATOR = SqlValidator.Config.DEFAULT
      .withConformance(TreatyConformance.INSTANCE)
      .withDefaultNullCollation(NullCollation.HIGH)
      .withIdentifierExpansion(true)
      .withTypeCoercionFactory(UuidCoercion::new)
      .withTypeCoercionEnabled(true);

  /** IN lists up to this length become conditions, which keys can answer; longer ones a join with a list of values. */
  private static final int IN_LIST_MAX = 1_000;

  static final SqlToRelConverter.Config CONVERTER = SqlToRelConverter.config()
      .withExpand(false)
      .withTrimUnusedFields(true)
      .withInSubQueryThreshold(IN_LIST_MAX);

  /** Calcite's conversion of calls, but for variances within OVER, which {@link AggregateExpansion} takes. */
  static final SqlRexConvertletTable CONVERTLETS = call -> AggregateExpansion.isVariance(call.getKind())
      ? StandardConvertletTable.INSTANCE::convertCall : StandardConvertletTable.INSTANCE.get(call);

  /** Functions of PostgreSQL that Calcite has for other databases only. */
  private static final SqlOperatorTable MORE = SqlOperatorTables.of(
      SqlLibraryOperators.ARRAY_APPEND, SqlLibraryOperators.ARRAY_LENGTH, SqlLibraryOperators.ARRAY_POSITION,
      SqlLibraryOperators.ARRAY_PREPEND, SqlLibraryOperators.ARRAY_REMOVE, SqlLibraryOperators.ARRAY_TO_STRING,
      SqlLibraryOperators.BIT_LENGTH, SqlLibraryOperators.FACTORIAL, SqlLibraryOperators.REVERSE, RuntimeFunctions.SERIES);

  static final SqlOperatorTable OPERATORS = ignoringCase(SqlOperatorTables.chain(
      SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL), MORE));

  static final CalciteConnectionConfig CONNECTION = CalciteConnectionConfig.DEFAULT instanceof CalciteConnectionConfigImpl config
      ? config.set(CalciteConnectionProperty.CASE_SENSITIVE, "true")
      : CalciteConnectionConfig.DEFAULT;

  private Dialect() {}

  /** Function names are folded to lower case like all names, but the tables have them in upper case. */
  private static SqlOperatorTable ignoringCase(SqlOperatorTable operators) {
    SqlNameMatcher ignoringCase = SqlNameMatchers.withCaseSensitive(false);
    return new SqlOperatorTable() {
      @Override
      public void lookupOperatorOverloads(SqlIdentifier name, SqlFunctionCategory category, SqlSyntax syntax, List<SqlOperator> found,
          SqlNameMatcher matcher) {
        operators.lookupOperatorOverloads(name, category, syntax, found, ignoringCase);
      }

      @Override
      public List<SqlOperator> getOperatorList() {
        return operators.getOperatorList();
      }
    };
  }

  /** A factory of our types. Not thread-safe: one for each statement that is planned. */
  static JavaTypeFactory typeFactory() {
    return new JavaTypeFactoryImpl(TreatyTypeSystem.INSTANCE) {
      @Override
      public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
      }

      @Override
      public Type getJavaClass(RelDataType type) {
        return type.getSqlTypeName() == SqlTypeName.UUID ? UUID.class : super.getJavaClass(type);
      }
    };
  }
}
