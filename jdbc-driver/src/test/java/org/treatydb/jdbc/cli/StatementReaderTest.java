package org.treatydb.jdbc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementReaderTest {

  private static List<String> split(String script) throws IOException {
    StatementReader reader = new StatementReader(new StringReader(script));
    List<String> statements = new ArrayList<>();
    for (String sql = reader.next(); sql != null; sql = reader.next()) {
      statements.add(reader.statementLine() + ": " + sql);
    }
    return statements;
  }

  @Test
  void semicolonsInStringsNamesAndCommentsDoNotEndAStatement() throws IOException {
    assertEquals(
        List.of("1: select 'a;''b;'", "2: select \"x;y\" from t", "4: select 1 - 2 / 3"),
        split("select 'a;''b;';\nselect \"x;y\" /* ; */ from t; -- ; no\n\nselect 1 - 2 / 3").stream()
            .map(s -> s.replaceAll(" +", " ")).toList());
  }

  @Test
  void nothingButBlanksAndCommentsIsNoStatement() throws IOException {
    assertEquals(List.of(), split(" ;; -- only this\n /* and ** / this */ ;\n"));
  }
}
