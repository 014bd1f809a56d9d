package org.treatydb.sql.plan;

import com.google.common.collect.ImmutableList;
import org.treatydb.sql.api.SqlColumn;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.exec.CompiledQuery;
import org.treatydb.sql.exec.Modification;
import org.treatydb.sql.exec.Returning;
import org.treatydb.sql.type.ColumnType;

/** What a statement is to do. Immutable, and shared between sessions; good for the catalog it was made against only. */
public sealed interface Plan {

  /** The parameters, in order. */
  default ImmutableList<ParameterType> parameters() {
    return ImmutableList.of();
  }

  /** The columns of the result; none if it gives no rows. */
  default ImmutableList<ResultColumn> columns() {
    return ImmutableList.of();
  }

  /** A query; {@code forUpdate} if it locks what it reads. */
  record Query(CompiledQuery query, ImmutableList<ResultColumn> columns, ImmutableList<ParameterType> parameters, boolean forUpdate)
      implements Plan {}

  /** EXPLAIN: text in lines. */
  record Explanation(ImmutableList<String> lines, ImmutableList<ResultColumn> columns, ImmutableList<ParameterType> parameters)
      implements Plan {}

  /** EXPLAIN ANALYZE. */
  record Measurement(MeasuredQuery query, ImmutableList<ResultColumn> columns, ImmutableList<ParameterType> parameters) implements Plan {}

  /** INSERT, UPDATE or DELETE; {@code returning} is null if it gives a count, and no columns. */
  record Modify(Modification modification, Returning returning, ImmutableList<ResultColumn> columns,
      ImmutableList<ParameterType> parameters) implements Plan {}

  /** A statement that changes the schema. */
  record Define(Definition definition, ImmutableList<ParameterType> parameters) implements Plan {

    Define(Definition definition) {
      this(definition, ImmutableList.of());
    }
  }

  /** CREATE INDEX on a table; the draft has no id yet. */
  record CreateIndex(TableDescriptor table, IndexDescriptor draft, boolean ifNotExists) implements Plan {}

  /** DROP INDEX. */
  record DropIndex(ImmutableList<Name> names, boolean ifExists) implements Plan {

    /** An index's name. */
    public record Name(int schemaId, String index) {}
  }

  /** ANALYZE; {@code named} if the statement names the tables, and otherwise those of them are meant that one may. */
  record Analyze(boolean named, ImmutableList<TableDescriptor> tables) implements Plan {}

  /** The description of a parameter or result column, for callers. */
  static SqlColumn describe(String name, ColumnType type, boolean nullable) {
    return new SqlColumn(name, type.jdbcType(), type.sqlName(), type.precision(), type.scale(), nullable, null);
  }
}
