package org.treatydb.sql.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.util.Litmus;
import org.junit.jupiter.api.Test;
import org.treatydb.sql.golden.GoldenFile;

class ReservedWordsTest {

  /** {@code #} stands for the word: wherever a name can stand, in the company that could make a keyword of it. */
  private static final List<String> PLACES = List.of(
      "create table # (# int primary key, b int)",
      "create table t (a int, # varchar(3) default 'x' not null, #2 text, primary key (a, #))",
      "select # from t", "select #, a from t", "select a, # from t", "select t.# from t", "select #.a from #",
      "select x.# as # from t as x", "select # as b, a as # from t",
      "select -#, (#), sum(#), max(distinct #), coalesce(#, 1), f(#), f(1, #), cast(# as int), # * #, # || 'x' from t",
      "select 1 from t where # = 1 and # > 2 or # is null or # in (1, 2) or # between 1 and # or # like 'x' or not # = 3 or 1 = #",
      "select # from t group by # having count(#) > 0 order by # desc, #", "select a from t order by # limit 3",
      "insert into t (a, #) values (1, 2)", "insert into # values (1)", "update t set # = # + 1, a = # where # = 3",
      "update # set a = 1", "delete from # where # = ?", "drop table #",
      "select * from # join x on x.# = #.#", "select * from #, x where #.a = x.#", "select * from x left join # on #.a = x.a",
      "select * from x join y using (#)", "select case when # = 1 then # else # end, case # when 1 then 2 end from t",
      "select count(*) from s.# where exists (select # from u)", "select # from (select # from t) as # where # > 1",
      "with # as (select 1 as #) select # from #", "select sum(a) over (partition by # order by #) from t",
      "select # from t union select # from u", "savepoint #", "select # from t for update", "select * from t where (#, a) in ((1, 2))");

  @Test
  void wordsThatAreNotReservedCanBeNamesEverywhere() throws SQLException {
    List<String> failures = new ArrayList<>();
    // FINAL and RUNNING also begin expressions, in MATCH_RECOGNIZE: "final - 1" is not read as a name.
    for (String word : keywords(metadata()::isNonReservedKeyword)) {
      for (String place : word.equals("FINAL") ? PLACES.subList(0, 3) : PLACES) {
        String quoted = "\"" + word.toLowerCase(Locale.ROOT) + "\"";
        SqlNode expected = TreatyParser.parseStatement(place.replace("#2", word + "_2").replace("#", quoted));
        String sql = place.replace("#2", word + "_2").replace("#", word);
        try {
          if (!expected.equalsDeep(TreatyParser.parseStatement(sql), Litmus.IGNORE)) {
            failures.add("is read otherwise: " + sql);
          }
        } catch (SQLException e) {
          failures.add(e.getMessage() + ": " + sql);
        }
      }
    }
    assertEquals(List.of(), failures);
  }

  @Test
  void theReservedWordsAreThoseOfTheGoldenFile() {
    GoldenFile.check("reserved-words.txt", String.join("\n", keywords(word -> !metadata().isNonReservedKeyword(word))) + "\n");
  }

  private static List<String> keywords(Predicate<String> wanted) {
    SqlAbstractParserImpl.Metadata metadata = metadata();
    return new TreeSet<>(metadata.getTokens()).stream().filter(metadata::isKeyword).filter(wanted).toList();
  }

  private static SqlAbstractParserImpl.Metadata metadata() {
    return SqlParser.create("", TreatyParser.CONFIG).getMetadata();
  }
}
