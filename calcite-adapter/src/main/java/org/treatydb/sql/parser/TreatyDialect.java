package org.treatydb.sql.parser;

import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;

/** How syntax trees are written as SQL that {@link TreatyParser} reads back. Stateless. */
public final class TreatyDialect extends AnsiSqlDialect {

  public static final SqlDialect INSTANCE = new TreatyDialect();

  private TreatyDialect() {
    super(AnsiSqlDialect.DEFAULT_CONTEXT
        .withIdentifierQuoteString("\"")
        .withUnquotedCasing(Casing.TO_LOWER)
        .withQuotedCasing(Casing.UNCHANGED)
        .withCaseSensitive(true));
  }

  /** All text is Unicode, so no type says its character set. */
  @Override
  public boolean supportsCharSet() {
    return false;
  }

  /** Characters stand for themselves, not as escapes. */
  @Override
  public void quoteStringLiteral(StringBuilder buf, String charsetName, String val) {
    if (charsetName != null) {
      buf.append('_').append(charsetName);
    }
    buf.append('\'').append(val.replace("'", "''")).append('\'');
  }
}
