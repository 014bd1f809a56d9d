package org.treatydb.jdbc.hibernate;

import jakarta.persistence.TemporalType;
import java.sql.DatabaseMetaData;
import org.hibernate.ScrollMode;
import org.hibernate.boot.model.FunctionContributions;
import org.hibernate.boot.model.TypeContributions;
import org.hibernate.dialect.DatabaseVersion;
import org.hibernate.dialect.Dialect;
import org.hibernate.dialect.NationalizationSupport;
import org.hibernate.dialect.function.CommonFunctionFactory;
import org.hibernate.dialect.identity.IdentityColumnSupport;
import org.hibernate.dialect.pagination.LimitHandler;
import org.hibernate.dialect.pagination.OffsetFetchLimitHandler;
import org.hibernate.dialect.sequence.SequenceSupport;
import org.hibernate.engine.jdbc.dialect.spi.DialectResolutionInfo;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.spi.SQLExceptionConversionDelegate;
import org.hibernate.exception.spi.TemplatedViolatedConstraintNameExtractor;
import org.hibernate.exception.spi.ViolatedConstraintNameExtractor;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.hibernate.metamodel.spi.RuntimeModelCreationContext;
import org.hibernate.query.common.FetchClauseType;
import org.hibernate.query.common.TemporalUnit;
import org.hibernate.query.sqm.IntervalType;
import org.hibernate.query.sqm.mutation.internal.inline.InlineMutationStrategy;
import org.hibernate.query.sqm.mutation.spi.SqmMultiTableMutationStrategy;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.sql.ast.SqlAstTranslatorFactory;
import org.hibernate.sql.ast.spi.SqlAppender;
import org.hibernate.sql.ast.spi.StandardSqlAstTranslatorFactory;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.jdbc.UUIDJdbcType;
import org.hibernate.type.descriptor.sql.internal.DdlTypeImpl;

/** Treaty's SQL, for Hibernate ORM 7: types, keys, paging, locks, errors. */
public final class TreatyDialect extends Dialect {

  private static final DatabaseVersion OLDEST = DatabaseVersion.make(0, 1);
  private static final int IDENTIFIER_LENGTH_MAX = 128;
  private static final int TEXT_LENGTH_MAX = 16 << 20;
  private static final int DECIMAL_PRECISION = 38;
  private static final int FRACTION_DIGITS = 3;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private static final ViolatedConstraintNameExtractor CONSTRAINT_NAMES = new TemplatedViolatedConstraintNameExtractor(e -> {
    String name = TemplatedViolatedConstraintNameExtractor.extractUsingTemplate("constraint \"", "\"", e.getMessage());
    return name == null ? TemplatedViolatedConstraintNameExtractor.extractUsingTemplate("index \"", "\"", e.getMessage()) : name;
  });

  /** For the oldest version there is: used where no connection tells which it is. */
  public TreatyDialect() {
    super(OLDEST);
  }

  public TreatyDialect(DialectResolutionInfo info) {
    super(info);
  }

  @Override
  protected DatabaseVersion getMinimumSupportedVersion() {
    return OLDEST;
  }

  @Override
  protected String columnType(int sqlTypeCode) {
    switch (sqlTypeCode) {
      case SqlTypes.TINYINT:
        return "smallint";
      case SqlTypes.NCHAR:
        return "char($l)";
      case SqlTypes.NVARCHAR:
        return "varchar($l)";
      case SqlTypes.CLOB:
      case SqlTypes.NCLOB:
        return "varchar";
      case SqlTypes.BLOB:
        return "varbinary";
      case SqlTypes.TIME_WITH_TIMEZONE:
        return columnType(SqlTypes.TIME);
      case SqlTypes.TIMESTAMP_WITH_TIMEZONE:
        return columnType(SqlTypes.TIMESTAMP);
      default:
        return super.columnType(sqlTypeCode);
    }
  }

  @Override
  protected void registerColumnTypes(TypeContributions contributions, ServiceRegistry services) {
    super.registerColumnTypes(contributions, services);
    contributions.getTypeConfiguration().getDdlTypeRegistry().addDescriptor(new DdlTypeImpl(SqlTypes.UUID, "uuid", this));
  }

  @Override
  public void contributeTypes(TypeContributions contributions, ServiceRegistry services) {
    super.contributeTypes(contributions, services);
    contributions.getTypeConfiguration().getJdbcTypeRegistry().addDescriptorIfAbsent(UUIDJdbcType.INSTANCE);
  }

  @Override
  public void initializeFunctionRegistry(FunctionContributions contributions) {
    super.initializeFunctionRegistry(contributions);
    CommonFunctionFactory functions = new CommonFunctionFactory(contributions);
    functions.ascii();
    functions.degrees();
    functions.locate_positionSubstring();
    functions.octetLength();
    functions.position();
    functions.radians();
    functions.repeat();
    functions.stddevPopSamp();
    functions.varPopSamp();
    functions.windowFunctions();
  }

  @Override
  public int getMaxVarcharLength() {
    return TEXT_LENGTH_MAX;
  }

  @Override
  public int getMaxVarbinaryLength() {
    return TEXT_LENGTH_MAX;
  }

  @Override
  public int getMaxIdentifierLength() {
    return IDENTIFIER_LENGTH_MAX;
  }

  @Override
  public int getDefaultDecimalPrecision() {
    return DECIMAL_PRECISION;
  }

  @Override
  public int getDefaultTimestampPrecision() {
    return FRACTION_DIGITS;
  }

  @Override
  public long getFractionalSecondPrecisionInNanos() {
    return NANOS_PER_MILLI;
  }

  @Override
  public void appendBooleanValueString(SqlAppender appender, boolean value) {
    appender.appendSql(value);
  }

  /** Large values are ordinary ones: there are no locators, and no type for national characters. */
  @Override
  public boolean useInputStreamToInsertBlob() {
    return false;
  }

  @Override
  public boolean useConnectionToCreateLob() {
    return false;
  }

  @Override
  public boolean supportsJdbcConnectionLobCreation(DatabaseMetaData metadata) {
    return false;
  }

  @Override
  public NationalizationSupport getNationalizationSupport() {
    return NationalizationSupport.IMPLICIT;
  }

  @Override
  public SqlAstTranslatorFactory getSqlAstTranslatorFactory() {
    return new StandardSqlAstTranslatorFactory();
  }

  @Override
  public IdentityColumnSupport getIdentityColumnSupport() {
    return TreatyIdentitySupport.INSTANCE;
  }

  @Override
  public SequenceSupport getSequenceSupport() {
    return TreatySequenceSupport.INSTANCE;
  }

  @Override
  public String getQuerySequencesString() {
    return "select cast(null as varchar(1)) as sequence_catalog, s.* from information_schema.sequences s";
  }

  @Override
  @SuppressWarnings("deprecation")
  public String getNoColumnsInsertString() {
    return "default values";
  }

  @Override
  public LimitHandler getLimitHandler() {
    return OffsetFetchLimitHandler.INSTANCE;
  }

  @Override
  public boolean supportsFetchClause(FetchClauseType type) {
    return type == FetchClauseType.ROWS_ONLY;
  }

  @Override
  public ScrollMode defaultScrollMode() {
    return ScrollMode.FORWARD_ONLY;
  }

  @Override
  public boolean supportsResultSetPositionQueryMethodsOnForwardOnlyCursor() {
    return false;
  }

  @Override
  public ViolatedConstraintNameExtractor getViolatedConstraintNameExtractor() {
    return CONSTRAINT_NAMES;
  }

  @Override
  public SQLExceptionConversionDelegate buildSQLExceptionConversionDelegate() {
    return (e, message, sql) -> {
      ConstraintViolationException.ConstraintKind kind = constraintKind(e.getSQLState());
      return kind == null ? null : new ConstraintViolationException(message, e, sql, kind, CONSTRAINT_NAMES.extractConstraintName(e));
    };
  }

  private static ConstraintViolationException.ConstraintKind constraintKind(String state) {
    switch (state == null ? "" : state) {
      case "23502":
        return ConstraintViolationException.ConstraintKind.NOT_NULL;
      case "23001":
      case "23503":
        return ConstraintViolationException.ConstraintKind.FOREIGN_KEY;
      case "23505":
        return ConstraintViolationException.ConstraintKind.UNIQUE;
      case "23514":
        return ConstraintViolationException.ConstraintKind.CHECK;
      default:
        return null;
    }
  }

  /** Bulk changes of entities that lie in several tables go by the ids that they find: there are no temporary tables. */
  @Override
  public SqmMultiTableMutationStrategy getFallbackSqmMutationStrategy(EntityMappingType entity, RuntimeModelCreationContext context) {
    return new InlineMutationStrategy(this);
  }

  @Override
  public boolean supportsIfExistsBeforeTableName() {
    return true;
  }

  @Override
  public boolean supportsIfExistsAfterAlterTable() {
    return true;
  }

  @Override
  public boolean supportsIfExistsBeforeConstraintName() {
    return true;
  }

  @Override
  public String getCascadeConstraintsString() {
    return " cascade";
  }

  @Override
  public boolean canBatchTruncate() {
    return true;
  }

  @Override
  public String getAddColumnString() {
    return "add column";
  }

  @Override
  public boolean supportsCommentOn() {
    return true;
  }

  @Override
  public boolean supportsValuesList() {
    return true;
  }

  @Override
  public boolean supportsWindowFunctions() {
    return true;
  }

  @Override
  public boolean supportsFilterClause() {
    return true;
  }

  @Override
  public boolean supportsDistinctFromPredicate() {
    return true;
  }

  @Override
  public String translateExtractField(TemporalUnit unit) {
    switch (unit) {
      case DAY_OF_MONTH:
        return "day";
      case DAY_OF_WEEK:
        return "dow";
      case DAY_OF_YEAR:
        return "doy";
      default:
        return super.translateExtractField(unit);
    }
  }

  @Override
  @SuppressWarnings({"deprecation", "removal"})
  public String timestampaddPattern(TemporalUnit unit, TemporalType type, IntervalType interval) {
    return isNative(unit) ? "timestampadd(microsecond,(?2)/1000,?3)" : "timestampadd(?1,?2,?3)";
  }

  @Override
  @SuppressWarnings("deprecation")
  public String timestampdiffPattern(TemporalUnit unit, TemporalType from, TemporalType to) {
    return isNative(unit) ? "1000*timestampdiff(microsecond,?2,?3)" : "timestampdiff(?1,?2,?3)";
  }

  private static boolean isNative(TemporalUnit unit) {
    return unit == TemporalUnit.NATIVE || unit == TemporalUnit.NANOSECOND;
  }
}
