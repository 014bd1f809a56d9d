package org.treatydb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.rel2sql.SqlImplementor;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.NlsString;
import org.treatydb.sql.parser.TreatyDialect;

/** Expressions of a plan as SQL, for people to read. */
final class ExpressionText {

  /** All text is Unicode. */
  private static final SqlShuttle WITHOUT_CHARACTER_SETS = new SqlShuttle() {
    @Override
    public SqlNode visit(SqlLiteral literal) {
      return literal.getValue() instanceof NlsString text
          ? SqlLiteral.createCharString(text.getValue(), literal.getParserPosition()) : literal;
    }
  };

  private ExpressionText() {}

  /** {@code expression}, whose inputs are called {@code names}; fields of a row outside are called {@code outer.NAME}. */
  static String of(RexNode expression, List<String> names) {
    try {
      List<String> all = new ArrayList<>(names);
      RexNode closed = expression.accept(new RexShuttle() {
        @Override
        public RexNode visitFieldAccess(RexFieldAccess field) {
          if (!(field.getReferenceExpr() instanceof RexCorrelVariable)) {
            return super.visitFieldAccess(field);
          }
          all.add("outer." + field.getField().getName());
          return new RexInputRef(all.size() - 1, field.getType());
        }
      });
      SqlNode sql = new SqlImplementor.SimpleContext(
          TreatyDialect.INSTANCE, i -> new SqlIdentifier(all.get(i), SqlParserPos.ZERO)).toSql(null, closed);
      return sql.accept(WITHOUT_CHARACTER_SETS)
          .toSqlString(c -> c.withDialect(TreatyDialect.INSTANCE).withQuoteAllIdentifiers(false).withLineFolding(null)
              .withAlwaysUseParentheses(false).withIndentation(0))
          .getSql().replaceAll("\\s+", " ");
    } catch (RuntimeException | AssertionError _) {
      // Not all that is in plans has a form in SQL.
      return expression.toString();
    }
  }
}
