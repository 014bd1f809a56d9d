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
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.linq4j.TransformedEnumerator;
import org.apache.calcite.schema.SchemaPlus;
import org.treatydb.kv.api.KvCursor;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.access.Rights;
import org.treatydb.sql.catalog.Authorization;

/**
 * One execution of one plan: its transaction, its parameters, the time it calls now (UTC), its open store cursors. Generated code sees it
 * as its {@link DataContext}. Not thread-safe.
 */
public final class ExecutionContext implements DataContext, AutoCloseable {

  private static final TimeZone ZONE = TimeZone.getTimeZone("UTC");

  private final StatementInput input;
  private final JavaTypeFactory typeFactory;
  private final Map<String, Object> stashed;
  private final ImmutableMap<String, Object> variables;
  private final List<KvCursor> cursors = new ArrayList<>();
  private final Map<Object, List<Object[]>> readOnce = new HashMap<>();
  private final Map<Integer, HeldRows.Holder> holders = new HashMap<>();
  private final Map<Integer, OperatorFigures> figures = new HashMap<>();
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
        .put(Variable.USER.camelName, input.rights() == null ? Authorization.SYSTEM_NAME : input.rights().currentUser())
        .put(Variable.SYSTEM_USER.camelName, input.rights() == null ? Authorization.SYSTEM_NAME : input.rights().sessionUser())
        .put(Variable.CANCEL_FLAG.camelName, new AtomicBoolean())
        .build();
  }

  public KvTransaction transaction() {
    return input.transaction();
  }

  /** In whose name this is executed, and what he may do. */
  public Rights rights() {
    return input.rights();
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

  /** Fails with 57014 if the statement is to stop. */
  void checkCancelled() {
    input.goOn().run();
  }

  /** {@code rows}, which stop with 57014 when the statement is to stop. Called by generated code. */
  public static <T> Enumerable<T> guarded(DataContext context, Enumerable<T> rows) {
    Runnable goOn = ((ExecutionContext) context).input.goOn();
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        return new TransformedEnumerator<>(rows.enumerator()) {
          @Override
          public boolean moveNext() {
            goOn.run();
            return super.moveNext();
          }

          @Override
          protected T transform(T row) {
            return row;
          }
        };
      }
    };
  }

  /** What the operator numbered {@code site} holds. */
  HeldRows.Holder holder(int site) {
    return holders.computeIfAbsent(site, _ -> input.held().newHolder());
  }

  /** What the operator numbered {@code operator} does, if that is measured. */
  OperatorFigures figures(int operator) {
    return figures.computeIfAbsent(operator, _ -> new OperatorFigures());
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

  /** Lets go of all rows that are held, and closes the store cursors that are still open. */
  @Override
  public void close() {
    holders.values().forEach(HeldRows.Holder::clear);
    holders.clear();
    List<KvCursor> open = List.copyOf(cursors);
    cursors.clear();
    open.forEach(KvCursor::close);
  }
}
