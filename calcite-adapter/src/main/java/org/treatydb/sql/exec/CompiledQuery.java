package org.treatydb.sql.exec;

import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.runtime.Bindable;

/**
 * A query as generated code, with the objects it refers to. Immutable and thread-safe: each execution has its own {@link ExecutionContext}.
 */
public final class CompiledQuery {

  private final Bindable<?> code;
  private final Map<String, Object> stashed;
  private final JavaTypeFactory typeFactory;
  private final int width;

  public CompiledQuery(Bindable<?> code, Map<String, Object> stashed, JavaTypeFactory typeFactory, int width) {
    this.code = code;
    this.stashed = stashed;
    this.typeFactory = typeFactory;
    this.width = width;
  }

  /** Starts an execution. The caller closes it. */
  public QueryRows open(StatementInput input) {
    return open(input, Map.of());
  }

  /** As above; {@code given} are the rows of the {@link GivenRows} in the plan. */
  QueryRows open(StatementInput input, Map<GivenRows, List<Object[]>> given) {
    ExecutionContext context = new ExecutionContext(input, typeFactory, stashed);
    context.give(given);
    try {
      Enumerator<?> rows = code.bind(context).enumerator();
      return new QueryRows(context, rows, width);
    } catch (Throwable t) {
      context.close();
      throw t;
    }
  }
}
