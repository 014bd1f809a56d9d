package org.treatydb.sql.api;

/**
 * The SQLStates that SQL callers can meet: the standard's (SQL:2016 part 2, table 38) where it has one, otherwise PostgreSQL's
 * (appendix A of its manual). The first two characters are the class; callers who do not know a code may go by its class.
 */
public enum SqlState {
  /** The number of parameters given is not the number of {@code ?} marks. */
  WRONG_PARAMETER_COUNT("07001"),

  /** The server or the client lost, or never had, the connection. */
  CONNECTION_EXCEPTION("08000"),
  UNABLE_TO_CONNECT("08001"),
  CONNECTION_CLOSED("08003"),
  CONNECTION_REJECTED("08004"),
  CONNECTION_FAILURE("08006"),
  /** A commit whose outcome could not be learned: it may or may not have happened. */
  OUTCOME_UNKNOWN("08007"),

  FEATURE_NOT_SUPPORTED("0A000"),

  /** A subquery that stands for one value gave more than one row. */
  CARDINALITY_VIOLATION("21000"),

  DATA_EXCEPTION("22000"),
  STRING_TOO_LONG("22001"),
  NUMERIC_OUT_OF_RANGE("22003"),
  NULL_NOT_ALLOWED_HERE("22004"),
  INVALID_DATETIME_FORMAT("22007"),
  DATETIME_OUT_OF_RANGE("22008"),
  SUBSTRING_ERROR("22011"),
  DIVISION_BY_ZERO("22012"),
  INVALID_CHARACTER_VALUE("22018"),
  INVALID_ESCAPE_CHARACTER("22019"),
  INVALID_PARAMETER_VALUE("22023"),
  INVALID_ESCAPE_SEQUENCE("22025"),
  /** The logarithm of what is not positive. */
  INVALID_LOGARITHM_ARGUMENT("2201E"),
  INVALID_REGULAR_EXPRESSION("2201B"),
  INVALID_JSON_TEXT("22032"),
  NO_JSON_ITEM("22035"),

  /** A sequence has no more numbers. */
  SEQUENCE_EXHAUSTED("2200H"),

  INTEGRITY_CONSTRAINT_VIOLATION("23000"),
  RESTRICT_VIOLATION("23001"),
  NOT_NULL_VIOLATION("23502"),
  FOREIGN_KEY_VIOLATION("23503"),
  UNIQUE_VIOLATION("23505"),
  CHECK_VIOLATION("23514"),

  INVALID_CURSOR_STATE("24000"),

  INVALID_TRANSACTION_STATE("25000"),
  TRANSACTION_ACTIVE("25001"),
  READ_ONLY_TRANSACTION("25006"),
  NO_ACTIVE_TRANSACTION("25P01"),
  TRANSACTION_FAILED("25P02"),
  /** The transaction lay idle for too long and has been rolled back. */
  IDLE_IN_TRANSACTION_TIMEOUT("25P03"),
  /** The transaction took too long and has been rolled back. */
  TRANSACTION_TIMEOUT("25P04"),

  /** A privilege that there is none of for that kind of object; a role that would be a member of itself. */
  INVALID_GRANT_OPERATION("0LP01"),

  INVALID_AUTHORIZATION("28000"),
  INVALID_PASSWORD("28P01"),

  DEPENDENT_OBJECTS_EXIST("2BP01"),
  INVALID_SAVEPOINT("3B001"),
  INVALID_SCHEMA_NAME("3F000"),

  /** Deadlock, lock time-out, failed validation: nothing was committed, run the transaction again. */
  SERIALIZATION_FAILURE("40001"),

  SYNTAX_ERROR_OR_ACCESS_VIOLATION("42000"),
  INSUFFICIENT_PRIVILEGE("42501"),
  SYNTAX_ERROR("42601"),
  INVALID_NAME("42602"),
  NAME_TOO_LONG("42622"),
  DUPLICATE_COLUMN("42701"),
  AMBIGUOUS_COLUMN("42702"),
  UNDEFINED_COLUMN("42703"),
  UNDEFINED_OBJECT("42704"),
  DUPLICATE_OBJECT("42710"),
  GROUPING_ERROR("42803"),
  TYPE_MISMATCH("42804"),
  CANNOT_COERCE("42846"),
  UNDEFINED_FUNCTION("42883"),
  UNDEFINED_TABLE("42P01"),
  DUPLICATE_SCHEMA("42P06"),
  DUPLICATE_TABLE("42P07"),
  INVALID_COLUMN_DEFINITION("42611"),
  INVALID_TABLE_DEFINITION("42P16"),
  INVALID_OBJECT_DEFINITION("42P17"),
  /** A view where a table is wanted, or the other way round. */
  WRONG_OBJECT_TYPE("42809"),
  /** ON CONFLICT names what no unique constraint is over. */
  INVALID_COLUMN_REFERENCE("42P10"),
  INDETERMINATE_TYPE("42P18"),
  /** A value for a column whose values are always generated. */
  GENERATED_ALWAYS("428C9"),
  /** A foreign key that refers to columns which are no key. */
  INVALID_FOREIGN_KEY("42830"),

  INSUFFICIENT_RESOURCES("53000"),
  DISK_FULL("53100"),
  OUT_OF_MEMORY("53200"),
  TOO_MANY_CONNECTIONS("53300"),

  PROGRAM_LIMIT_EXCEEDED("54000"),
  STATEMENT_TOO_COMPLEX("54001"),
  TOO_MANY_COLUMNS("54011"),

  OBJECT_NOT_IN_PREREQUISITE_STATE("55000"),
  OBJECT_IN_USE("55006"),
  LOCK_NOT_AVAILABLE("55P03"),

  QUERY_CANCELED("57014"),
  ADMIN_SHUTDOWN("57P01"),
  CANNOT_CONNECT_NOW("57P03"),

  SYSTEM_ERROR("58000"),
  IO_ERROR("58030"),
  UNDEFINED_FILE("58P01"),

  /** Versions that the transaction's snapshot would have to read are gone; it has been rolled back. */
  SNAPSHOT_TOO_OLD("72000"),

  INTERNAL_ERROR("XX000"),
  /** What the store returned is not what was written to it: an attack, or a broken disk. */
  INTEGRITY_VIOLATION("XX001");

  private final String code;

  SqlState(String code) {
    this.code = code;
  }

  /** The five characters, as {@link java.sql.SQLException#getSQLState} gives them. */
  public String code() {
    return code;
  }
}
