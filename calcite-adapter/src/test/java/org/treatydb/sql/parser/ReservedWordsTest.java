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
      "select -#, (#), sum(#), max(distinct #), coalesce(#, 1), f(#), f(1, #), cast(# as int), # * #, # || 'x' from t",
      "create table # (# int primary key, a int, #2 varchar(3) default 'x' not null, #3 text, primary key (a, #))",
      "select # from #, x where #.a = x.#", "select #, a, # as b, t.#, a as #, #.a, a, # from t as #",
      "select 1 from t where # = 1 and # > 2 or # is null or # in (1, 2) or # between 1 and # or # like 'x' or not # = 3 or 1 = #",
      "select # from t group by # having count(#) > 0 order by # desc, #", "select a from t order by # limit 3 for update",
      "insert into # (a, #) values (1, 2)", "update # set # = # + 1, a = # where # = 3", "delete from # where # = ?",
      "drop table #", "savepoint #",
      "select * from # join x on x.# = #.# left join # on #.a = x.a join y using (#) join #",
      "select case when # = 1 then # else # end, case # when 1 then 2 end from # order by #",
      "select count(*) from s.# where exists (select # from u) and (#, a) in ((1, 2)) and # = ?",
      "with # as (select 1 as #) select # from (select # from t) as # where # > 1 union select # from #",
      "select sum(a) over (partition by # order by #), count(#) over # from t window # as (order by #)");

  @Test
  void wordsThatAreNotReservedCanBeNamesEverywhere() throws SQLException {
    List<String> failures = new ArrayList<>();
    for (String word : keywords(metadata()::isNonReservedKeyword)) {
      // FINAL also begins an expression, in MATCH_RECOGNIZE: "final * 2" is not read as a name.
      for (String place : word.equals("FINAL") ? PLACES.subList(1, 2) : PLACES) {
        String quoted = "\"" + word.toLowerCase(Locale.ROOT) + "\"";
        SqlNode expected = TreatyParser.parseStatement(numbered(place, word).replace("#", quoted));
        String sql = numbered(place, word).replace("#", word);
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

  /** Fills in names that only contain the word. */
  private static String numbered(String place, String word) {
    return place.replace("#2", word + "_2").replace("#3", word + "_3");
  }

  private static List<String> keywords(Predicate<String> wanted) {
    SqlAbstractParserImpl.Metadata metadata = metadata();
    return new TreeSet<>(metadata.getTokens()).stream().filter(metadata::isKeyword).filter(wanted).toList();
  }

  private static SqlAbstractParserImpl.Metadata metadata() {
    return SqlParser.create("", TreatyParser.CONFIG).getMetadata();
  }
}
