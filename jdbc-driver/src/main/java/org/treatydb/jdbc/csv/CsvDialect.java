package org.treatydb.jdbc.csv;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;

/**
 * How values stand in a file: as RFC 4180 says, with everything but numbers in quotes. A NULL is {@code nullText} without quotes; in
 * quotes the same is text.
 *
 * @param delimiter between two values of a line
 */
public record CsvDialect(char delimiter, String nullText) {

  public static final CsvDialect DEFAULT = new CsvDialect(',', "");

  CSVFormat format() {
    return CSVFormat.DEFAULT.builder()
        .setDelimiter(delimiter).setNullString(nullText).setQuoteMode(QuoteMode.NON_NUMERIC).setRecordSeparator('\n')
        .setIgnoreEmptyLines(false).get();
  }
}
