package org.treatydb.sql.exec;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Where the rows of an INSERT come from: arrays with one value for each of the table's columns, not yet checked. Immutable. */
public sealed interface RowSource {

  List<Object[]> rows(StatementInput input) throws SQLException;

  /** A query that gives some of the columns; the others are NULL. */
  record OfQuery(CompiledQuery query, int[] positions, int width) implements RowSource {

    @Override
    public List<Object[]> rows(StatementInput input) {
      List<Object[]> rows = Modification.collect(query, input);
      rows.replaceAll(source -> {
        Object[] row = new Object[width];
        for (int i = 0; i < positions.length; i++) {
          row[positions[i]] = source[i];
        }
        return row;
      });
      return rows;
    }
  }

  /**
   * Rows of VALUES: cells that need no code, and computed ones, each taken from the one row that a query of {@code computed} gives.
   */
  record OfCells(List<Cell[]> cells, List<CompiledQuery> computed) implements RowSource {

    @Override
    public List<Object[]> rows(StatementInput input) {
      List<Object[]> values = new ArrayList<>();
      for (CompiledQuery query : computed) {
        values.add(Modification.collect(query, input).getFirst());
      }
      List<Object[]> rows = new ArrayList<>(cells.size());
      for (Cell[] row : cells) {
        Object[] result = new Object[row.length];
        for (int i = 0; i < row.length; i++) {
          result[i] = row[i].value(input, values);
        }
        rows.add(result);
      }
      return rows;
    }
  }

  /** One value of a VALUES row. */
  sealed interface Cell {

    Object value(StatementInput input, List<Object[]> computed);

    /** A literal. */
    record Constant(Object value) implements Cell {
      @Override
      public Object value(StatementInput input, List<Object[]> computed) {
        return value;
      }
    }

    /** A {@code ?}. */
    record Parameter(int index) implements Cell {
      @Override
      public Object value(StatementInput input, List<Object[]> computed) {
        return input.parameters()[index];
      }
    }

    /** An expression: column {@code column} of the row of the query {@code query}. */
    record Computed(int query, int column) implements Cell {
      @Override
      public Object value(StatementInput input, List<Object[]> computed) {
        return computed.get(query)[column];
      }
    }
  }
}
