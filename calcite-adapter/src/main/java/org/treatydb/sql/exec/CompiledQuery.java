package org.treatydb.sql.exec;

import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.runtime.Bindable;

/**
 * A query as generated code, with the objects it refers to. Thread-safe: each execution has its own {@link ExecutionContext}.
 */
public final class CompiledQuery {

  private final Bindable<?> code;
  private final Map<String, Object> stashed;
  private final JavaTypeFactory typeFactory;
  private final int width;

  /** Why constants of the code could not be computed; null as long as they could. */
  private volatile ExceptionInInitializerError failedConstants;

  public CompiledQuery(Bindable<?> code, Map<String, Object> stashed, JavaTypeFactory typeFactory, int width) {
    this.code = code;
    this.stashed = stashed;
    this.typeFactory = typeFactory;
    this.width = width;
  }

  /**
   * Why {@code failure} happened. Constants are computed when a class of the code is initialized, which the JVM tries once: executions
   * after the first only learn that it has failed, and are told the reason of the first.
   */
  LinkageError reason(LinkageError failure) {
    if (failure instanceof ExceptionInInitializerError first) {
      failedConstants = first;
    }
    return failure instanceof NoClassDefFoundError && failedConstants != null ? failedConstants : failure;
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
      return new QueryRows(context, rows, width, this);
    } catch (LinkageError e) {
      context.close();
      throw reason(e);
    } catch (Throwable t) {
      context.close();
      throw t;
    }
  }
}
