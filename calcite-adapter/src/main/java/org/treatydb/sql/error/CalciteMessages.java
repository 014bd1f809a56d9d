package org.treatydb.sql.error;

import static org.treatydb.sql.api.SqlState.AMBIGUOUS_COLUMN;
import static org.treatydb.sql.api.SqlState.CANNOT_COERCE;
import static org.treatydb.sql.api.SqlState.DATETIME_OUT_OF_RANGE;
import static org.treatydb.sql.api.SqlState.DIVISION_BY_ZERO;
import static org.treatydb.sql.api.SqlState.DUPLICATE_COLUMN;
import static org.treatydb.sql.api.SqlState.FEATURE_NOT_SUPPORTED;
import static org.treatydb.sql.api.SqlState.GROUPING_ERROR;
import static org.treatydb.sql.api.SqlState.INDETERMINATE_TYPE;
import static org.treatydb.sql.api.SqlState.INVALID_CHARACTER_VALUE;
import static org.treatydb.sql.api.SqlState.INVALID_DATETIME_FORMAT;
import static org.treatydb.sql.api.SqlState.INVALID_SCHEMA_NAME;
import static org.treatydb.sql.api.SqlState.NUMERIC_OUT_OF_RANGE;
import static org.treatydb.sql.api.SqlState.SYNTAX_ERROR;
import static org.treatydb.sql.api.SqlState.TYPE_MISMATCH;
import static org.treatydb.sql.api.SqlState.UNDEFINED_COLUMN;
import static org.treatydb.sql.api.SqlState.UNDEFINED_FUNCTION;
import static org.treatydb.sql.api.SqlState.UNDEFINED_OBJECT;
import static org.treatydb.sql.api.SqlState.UNDEFINED_TABLE;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.treatydb.sql.api.SqlState;

/**
 * What Calcite's messages mean. Calcite throws text without codes, so its English message patterns are matched here, in one table, each
 * with its SQLState and the sentence we say instead ({@code $1} and so on are the pattern's groups; null keeps Calcite's own).
 */
final class CalciteMessages {

  /** One row of the table. */
  private record Entry(Pattern pattern, SqlState state, String sentence) {}

  /** A matched message. */
  record Meaning(SqlState state, String sentence) {}

  private static final List<Entry> VALIDATION = List.of(
      entry("(?:Table|Object) '([^']*)' not found.*", UNDEFINED_TABLE, "There is no table \"$1\"."),
      entry("Column '([^']*)' not found in any table.*", UNDEFINED_COLUMN, "There is no column \"$1\"."),
      entry("Column '([^']*)' not found in table '([^']*)'.*", UNDEFINED_COLUMN, "There is no column \"$1\" in table \"$2\"."),
      entry("Column '([^']*)' is ambiguous.*", AMBIGUOUS_COLUMN, "Column \"$1\" is ambiguous: several tables have one of that name."),
      entry("Duplicate relation name '([^']*)' in FROM clause.*", SqlState.DUPLICATE_OBJECT, "Table name \"$1\" occurs twice in FROM."),
      entry("Target column '([^']*)' is assigned more than once.*", DUPLICATE_COLUMN, "Column \"$1\" is assigned more than once."),
      entry("No match found for function signature (.*)", UNDEFINED_FUNCTION, "There is no function $1."),
      entry("Function '([^']*)' not (?:found|defined).*", UNDEFINED_FUNCTION, "There is no function $1."),
      entry("Invalid number of arguments to function '([^']*)'.*", UNDEFINED_FUNCTION, null),
      entry("Cannot apply '([^']*)' to arguments of type '(.*?)'\\. Supported.*", UNDEFINED_FUNCTION,
          "\"$1\" does not exist for these types: $2."),
      entry("Cannot apply .*", UNDEFINED_FUNCTION, null),
      entry("(?:Windowed )?[Ee]xpression '(.*)' is not being grouped.*", GROUPING_ERROR,
          "\"$1\" must appear in GROUP BY or inside an aggregate function."),
      entry("Aggregate expression.*|.*[Aa]ggregate expressions cannot be nested.*|.*aggregate.*not allowed.*", GROUPING_ERROR, null),
      entry("Illegal use of dynamic parameter.*", INDETERMINATE_TYPE, "The type of a parameter cannot be inferred; write CAST(? AS type)."),
      entry("Illegal use of 'NULL'.*", INDETERMINATE_TYPE, "The type of NULL cannot be inferred here; write CAST(NULL AS type)."),
      entry("Cast function cannot convert value of type (.*) to type (.*)", CANNOT_COERCE, "A value of type $1 cannot be cast to $2."),
      entry("Values passed to .* must have compatible types.*", TYPE_MISMATCH, null),
      entry("Cannot assign to target field '(.*)' of type (.*) from source field '(.*)' of type (.*)", TYPE_MISMATCH,
          "Column \"$1\" is of type $2 but the expression is of type $4."),
      entry("Type mismatch in column.*|Illegal mixing of types.*|Column count mismatch.*", TYPE_MISMATCH, null),
      entry(".*must be of (?:type )?BOOLEAN.*", TYPE_MISMATCH, null),
      entry(".*incompatible types.*", TYPE_MISMATCH, null),
      entry(".*expected a boolean type.*|WHERE clause must be a condition.*|.*must be a condition.*", TYPE_MISMATCH, null),
      entry("Unknown datatype name '(.*)'", UNDEFINED_OBJECT, "There is no type \"$1\"."),
      entry("List of column aliases must have same degree as table; table has (\\d+) columns .*alias list has (\\d+) columns", SYNTAX_ERROR,
          "A query gives $1 columns where $2 are named."),
      entry("Schema '(.*)' not found.*", INVALID_SCHEMA_NAME, "There is no schema \"$1\"."),
      entry("Numeric literal '(.*)' out of range.*", NUMERIC_OUT_OF_RANGE, "Number $1 is out of range."),
      entry("Illegal (DATE|TIME|TIMESTAMP|INTERVAL) literal.*", INVALID_DATETIME_FORMAT, null),
      entry(".*not supported.*|.*not implemented.*", FEATURE_NOT_SUPPORTED, null),
      entry("Number of .* must .*|.*column.*|.*", SYNTAX_ERROR, null));

  private static final List<Entry> EXECUTION = List.of(
      entry("Value of (YEAR|MONTH|DAY|HOUR|MINUTE|SECOND) field is out of range in '(.*)'.*", DATETIME_OUT_OF_RANGE,
          "\"$2\" is not a date or time: its $1 is out of range."),
      entry("(?i).*(?:/|division|divide) by zero.*", DIVISION_BY_ZERO, "Division by zero."),
      entry("(?i).*overflow.*", NUMERIC_OUT_OF_RANGE, "A number is out of the range of its type."),
      entry("(?i).*value (?:'.*' )?(?:.* )?out of range.*", NUMERIC_OUT_OF_RANGE, "A number is out of the range of its type."),
      entry("Value (.*) cannot be represented as an? (.*)", NUMERIC_OUT_OF_RANGE, "$1 is out of the range of $2."),
      entry("Invalid UUID string.*|UUID string too large", INVALID_CHARACTER_VALUE, "A character string is not a UUID."),
      entry("Invalid character for cast: (.*)", INVALID_CHARACTER_VALUE, "\"$1\" is not a value of the type it is cast to."),
      entry("Invalid (DATE|TIME|TIMESTAMP) value, '(.*)'.*", INVALID_DATETIME_FORMAT, "\"$2\" is not a $1."),
      entry("Can't find leastRestrictive type for \\[(.*)\\]", TYPE_MISMATCH, "The types $1 do not match in one expression."),
      entry("Cannot take logarithm of zero or negative number.*", SqlState.INVALID_LOGARITHM_ARGUMENT, null),
      entry("Substring error.*", SqlState.SUBSTRING_ERROR, null),
      entry("Invalid format: '(.*)' for \\w+ string: '(.*)'.*", INVALID_DATETIME_FORMAT, "\"$2\" does not have the form $1."),
      entry("(?i).*invalid escape sequence.*", SqlState.INVALID_ESCAPE_SEQUENCE, null),
      entry("Empty result of JSON_\\w+ function is not allowed.*", SqlState.NO_JSON_ITEM, null),
      entry("Strict jsonpath mode requires .* value, and the actual value is.*", SqlState.NO_JSON_ITEM,
          "A path leads to a JSON value of another kind."),
      entry("(?i)more than one value in agg.*", SqlState.CARDINALITY_VIOLATION, "A subquery used as one value gave more than one row."),
      entry("(?s)Invalid boolean value.*|.*parse.*boolean.*", INVALID_CHARACTER_VALUE, null));

  private CalciteMessages() {}

  private static Entry entry(String pattern, SqlState state, String sentence) {
    return new Entry(Pattern.compile(pattern, Pattern.DOTALL), state, sentence);
  }

  /** What a message of the validator means; always something. */
  static Meaning ofValidation(String message) {
    return match(VALIDATION, message);
  }

  /** What a message thrown while a statement ran means; null if it is none that is known. */
  static Meaning ofExecution(String message) {
    return match(EXECUTION, message);
  }

  private static Meaning match(List<Entry> entries, String message) {
    for (Entry entry : entries) {
      Matcher matcher = entry.pattern.matcher(message);
      if (matcher.matches()) {
        String sentence = entry.sentence == null ? sentence(message) : matcher.replaceFirst(entry.sentence);
        return new Meaning(entry.state, sentence);
      }
    }
    return null;
  }

  /** {@code message} on one line, ending in a full stop. */
  private static String sentence(String message) {
    String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
    return line.endsWith(".") || line.endsWith("?") ? line : line + ".";
  }
}
