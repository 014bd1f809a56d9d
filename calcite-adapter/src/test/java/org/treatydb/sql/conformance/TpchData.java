package org.treatydb.sql.conformance;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The tables of TPC-H, made as its generator makes them, and its statements. */
final class TpchData {

  private TpchData() {}

  /** Takes the rows. */
  interface Target {

    /** Takes a row: for each column its value in text. */
    void insert(String insert, List<Object> row) throws SQLException;
  }

  /**
   * Gives all rows of all tables to {@code target}.
   *
   * @param scale 1 is a gigabyte of text
   */
  static void generate(double scale, Target target) throws SQLException {
    for (TpchTable<?> table : TpchTable.getTables()) {
      int columns = table.getColumns().size();
      String insert = "INSERT INTO " + (table == TpchTable.PART_SUPPLIER ? "partsupp" : table.getTableName()) + " VALUES ("
          + String.join(", ", Collections.nCopies(columns, "?")) + ")";
      for (TpchEntity row : table.createGenerator(scale, 1, 1)) {
        target.insert(insert, List.of((Object[]) row.toLine().split("\\|", columns + 1)).subList(0, columns));
      }
    }
  }

  /** The statements of {@code schema.sql}, {@code indexes.sql} or {@code queries.sql}, in order. */
  static List<String> statements(String file) {
    try (InputStream stream = Objects.requireNonNull(TpchData.class.getResourceAsStream("/tpch/" + file), file)) {
      return Stream.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8).split(";")).map(String::strip)
          .filter(sql -> !sql.isEmpty()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
