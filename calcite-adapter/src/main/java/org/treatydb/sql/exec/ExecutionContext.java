package org.treatydb.sql.exec;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/**
 * One execution of one plan: its transaction, its parameters, the time it calls now (UTC), its open store cursors. Generated code sees it
 * as its {@link DataContext}. Not thread-safe, save for {@link #cancel}.
 */
public final class ExecutionContext implements DataContext, AutoCloseable {

  private static final TimeZone ZONE = TimeZone.getTimeZone("UTC");

  private final StatementInput input;
  private final JavaTypeFactory typeFactory;
  private final Map<String, Object> stashed;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final ImmutableMap<String, Object> variables;
  private final List<KvCursor> cursors = new ArrayList<>();
  private final Map<Object, List<Object[]>> readOnce = new HashMap<>();
  private SchemaPlus rootSchema;

  /**
   * A context for one execution.
   *
   * @param stashed the objects that the plan's generated code asks for by name
   */
  ExecutionContext(StatementInput input, JavaTypeFactory typeFactory, Map<String, Object> stashed) {
    this.input = input;
    this.typeFactory = typeFactory;
    this.stashed = stashed;
    long nowMillis = input.nowMillis();
    this.variables = ImmutableMap.<String, Object>builder()
        .put(Variable.UTC_TIMESTAMP.camelName, nowMillis)
        .put(Variable.CURRENT_TIMESTAMP.camelName, nowMillis)
        .put(Variable.LOCAL_TIMESTAMP.camelName, nowMillis)
        .put(Variable.TIME_ZONE.camelName, ZONE)
        .put(Variable.LOCALE.camelName, Locale.ROOT)
        .put(Variable.USER.camelName, "treaty")
        .put(Variable.SYSTEM_USER.camelName, "treaty")
        .put(Variable.CANCEL_FLAG.camelName, cancelled)
        .build();
  }

  public KvTransaction transaction() {
    return input.transaction();
  }

  /** The next number of a sequence. Called by generated code. */
  public static long nextValue(DataContext context, int sequenceId) {
    return ((ExecutionContext) context).input.sequences().next(sequenceId);
  }

  /** The last number of a sequence. Called by generated code. */
  public static long currentValue(DataContext context, int sequenceId) {
    return ((ExecutionContext) context).input.sequences().current(sequenceId);
  }

  /** Rows that must be the same as often as this execution reads them: {@code reader} is asked once. */
  public List<Object[]> once(Object key, Supplier<List<Object[]>> reader) {
    return readOnce.computeIfAbsent(key, _ -> reader.get());
  }

  /** Hands over rows that the plan reads as a table, before the execution starts. */
  void give(Map<GivenRows, List<Object[]>> rows) {
    readOnce.putAll(rows);
  }

  /** Makes the execution stop with 57014 at the next row it reads. Any thread may call it. */
  public void cancel() {
    cancelled.set(true);
  }

  void checkCancelled() {
    if (cancelled.get()) {
      throw new SqlFailure(SqlState.QUERY_CANCELED, "The statement was cancelled.");
    }
  }

  KvCursor opened(KvCursor cursor) {
    cursors.add(cursor);
    return cursor;
  }

  void closed(KvCursor cursor) {
    cursors.remove(cursor);
    cursor.close();
  }

  @Override
  public Object get(String name) {
    if (name.startsWith("?")) {
      return input.parameters()[Integer.parseInt(name.substring(1))];
    }
    Object value = stashed.get(name);
    return value != null ? value : variables.get(name);
  }

  /** A schema of this execution alone, where recursive queries keep their working tables. */
  @Override
  public SchemaPlus getRootSchema() {
    if (rootSchema == null) {
      rootSchema = CalciteSchema.createRootSchema(false, false).plus();
    }
    return rootSchema;
  }

  @Override
  public JavaTypeFactory getTypeFactory() {
    return typeFactory;
  }

  @Override
  public QueryProvider getQueryProvider() {
    return null;
  }

  /** Closes the store cursors that are still open. */
  @Override
  public void close() {
    List<KvCursor> open = List.copyOf(cursors);
    cursors.clear();
    open.forEach(KvCursor::close);
  }
}
