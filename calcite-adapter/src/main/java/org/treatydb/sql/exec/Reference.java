package org.treatydb.sql.exec;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.calcite.linq4j.Enumerator;
import org.treatydb.kv.api.KvStore;
import org.treatydb.kv.api.KvTransaction;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.catalog.Constraints.ForeignKey;
import org.treatydb.sql.catalog.IndexDescriptor;
import org.treatydb.sql.catalog.IndexLayout;
import org.treatydb.sql.catalog.TableDescriptor;
import org.treatydb.sql.catalog.TableLayout;
import org.treatydb.sql.error.SqlFailure;
import org.treatydb.sql.exec.KeyBounds.Box;
import org.treatydb.sql.exec.KeyBounds.Interval;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.ValueConverter;

/**
 * A foreign key: from rows of one table, the child, to the primary key or a UNIQUE constraint of another or the same, the parent. Rows meet
 * in the <em>key</em> under which the parent, or the index of its constraint, has what is referred to. Immutable, thread-safe.
 */
public final class Reference {

  /** The key of what no row of the parent can be. */
  private static final byte[] NOWHERE = {};

  /** So many keys are looked for at once when all rows are checked. */
  private static final int BATCH_KEYS = 1_000;

  private final ForeignKey foreignKey;
  private final TableLayout child;
  private final int[] childPositions;
  private final TableLayout parent;
  private final int[] parentPositions;
  /** The index of the UNIQUE constraint; null if the primary key is referred to. */
  private final IndexLayout parentIndex;
  private final CompiledQuery defaults;
  /** Which of the columns bound a search for rows of the child, in the order of the index that is searched; none for all rows. */
  private final int[] bounding;
  private final ScanSource lookedAt;
  private final ScanSource changed;

  /**
   * A foreign key.
   *
   * @param defaults gives the DEFAULTs of its columns, in one row; null if no action asks for them
   */
  public Reference(ForeignKey foreignKey, TableLayout child, TableLayout parent, CompiledQuery defaults) {
    this.foreignKey = foreignKey;
    this.child = child;
    this.parent = parent;
    this.defaults = defaults;
    TableDescriptor table = child.table();
    this.childPositions = positions(table, foreignKey.columnIds());
    this.parentPositions = positions(parent.table(), foreignKey.parentColumnIds());
    this.parentIndex = parent.table().isPrimaryKey(foreignKey.parentColumnIds()) ? null
        : new IndexLayout(parent.table(), parent.table().uniqueConstraint(foreignKey.parentColumnIds()));
    IndexDescriptor best = null;
    int[] bounds = bounding(table.keyPositions());
    for (IndexDescriptor index : table.indexes()) {
      int[] candidate = index.isReady() ? bounding(table.positions(index)) : bounds;
      if (candidate.length > bounds.length) {
        best = index;
        bounds = candidate;
      }
    }
    this.bounding = bounds;
    KeyBounds keys = new KeyBounds(ImmutableList.of(new Box(IntStream.range(0, bounds.length)
        .mapToObj(i -> ImmutableList.of(Interval.point(i))).collect(ImmutableList.toImmutableList()))));
    BitSet all = new BitSet();
    all.set(0, child.width());
    BitSet own = new BitSet();
    IntStream.of(childPositions).forEach(own::set);
    this.lookedAt = new ScanSource(table, best, false, keys, ScanOrder.ANY, own);
    this.changed = new ScanSource(table, best, true, keys, ScanOrder.ANY, all);
  }

  private static int[] positions(TableDescriptor table, List<Integer> columnIds) {
    return columnIds.stream().mapToInt(table::positionOf).toArray();
  }

  /** Which of the foreign key's columns begin an index over the columns at {@code indexed}. */
  private int[] bounding(List<Integer> indexed) {
    List<Integer> own = IntStream.of(childPositions).boxed().toList();
    return indexed.stream().takeWhile(own::contains).mapToInt(own::indexOf).toArray();
  }

  public TableLayout child() {
    return child;
  }

  public TableLayout parent() {
    return parent;
  }

  ForeignKey foreignKey() {
    return foreignKey;
  }

  boolean isToItself() {
    return child.table().id() == parent.table().id();
  }

  /** The key of what a row of the child refers to; null if one of its columns is NULL, so that it refers to nothing. */
  byte[] keyOfChild(Object[] row) {
    Object[] wanted = new Object[parent.width()];
    boolean possible = true;
    for (int i = 0; i < childPositions.length; i++) {
      Object value = row[childPositions[i]];
      if (value == null) {
        return null;
      }
      ColumnType from = child.table().columns().get(childPositions[i]).type();
      ColumnType to = parent.table().columns().get(parentPositions[i]).type();
      Object same = from.equals(to) ? value : same(value, to);
      possible &= same != null;
      wanted[parentPositions[i]] = same;
    }
    byte[] key = possible ? keyOfParent(wanted) : NOWHERE;
    return key.length > KvStore.KEY_BYTES_MAX ? NOWHERE : key;
  }

  /** The value of this type that equals {@code value}; null if there is none. */
  private static Object same(Object value, ColumnType type) {
    try {
      return switch (type.kind()) {
        case SMALLINT, INTEGER, BIGINT -> ValueConverter.convert(value, type, "");
        case CHAR -> ValueConverter.convert(TextForm.withoutTrailingSpaces((String) value), type, "");
        case VARCHAR -> value.equals(ValueConverter.convert(value, type, "")) ? value : null;
        case DECIMAL -> {
          BigDecimal converted = (BigDecimal) ValueConverter.convert(value, type, "");
          yield converted.compareTo((BigDecimal) value) == 0 ? converted : null;
        }
        default -> value;
      };
    } catch (SQLException e) {
      return null;
    }
  }

  /** Whether columns of these types can refer to each other. */
  public static boolean isPossible(ColumnType child, ColumnType parent) {
    boolean alike = child.kind() == parent.kind() || isIntegral(child) && isIntegral(parent);
    return alike && (child.kind() != ColumnType.Kind.BINARY || child.equals(parent));
  }

  private static boolean isIntegral(ColumnType type) {
    return switch (type.kind()) {
      case SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }

  /** The key by which a row of the parent is referred to; null if one of its columns is NULL, so that nothing refers to it. */
  byte[] keyOfParent(Object[] row) {
    return parentIndex == null ? parent.key(row) : parentIndex.excludesOthers(row) ? parentIndex.key(row) : null;
  }

  /** Those of {@code keys} that the parent does not have; locks what it has, and that it lacks the others, shared. */
  Set<ByteBuffer> missing(Set<ByteBuffer> keys, KvTransaction transaction) {
    Set<ByteBuffer> missing = new HashSet<>();
    List<byte[]> asked = keys.stream().map(ByteBuffer::array).filter(key -> key.length > 0).toList();
    List<byte[]> values = asked.size() == 1 ? Arrays.asList(transaction.get(asked.getFirst())) : transaction.multiGet(asked);
    for (int i = 0; i < asked.size(); i++) {
      if (values.get(i) == null) {
        missing.add(ByteBuffer.wrap(asked.get(i)));
      }
    }
    if (keys.contains(ByteBuffer.wrap(NOWHERE))) {
      missing.add(ByteBuffer.wrap(NOWHERE));
    }
    return missing;
  }

  /** Whether this row of the child is stored still, and refers to {@code key}. */
  boolean isStored(Object[] row, ByteBuffer key, KvTransaction transaction) {
    byte[] childKey = child.key(row);
    byte[] value = transaction.get(childKey);
    return value != null && Arrays.equals(keyOfChild(child.row(childKey, value)), key.array());
  }

  /** The DEFAULTs of the foreign key's columns. */
  Object[] defaults(StatementInput input) {
    return Modification.collect(defaults, input).getFirst();
  }

  /** Puts values into the foreign key's columns of a row of the child, converted to their types. */
  void assign(Object[] row, Object[] values) throws SQLException {
    for (int i = 0; i < childPositions.length; i++) {
      row[childPositions[i]] =
          Assignment.assign(values[i], child.table().columns().get(childPositions[i]), child.table().name());
    }
  }

  /** The values that a row of the parent has in the columns that are referred to. */
  Object[] values(Object[] parentRow) {
    return IntStream.of(parentPositions).mapToObj(position -> parentRow[position]).toArray();
  }

  /**
   * Shows all rows of the child that refer to one of these keys to {@code visitor}, until it says no. They are locked, and that there are
   * no others.
   *
   * @param parents rows that have, or had, the keys
   * @param forUpdate locked exclusively, and with all columns; otherwise with those of the foreign key only
   */
  void visitChildren(Map<ByteBuffer, Object[]> parents, boolean forUpdate, StatementInput input, Predicate<Object[]> visitor) {
    if (parents.isEmpty()) {
      return;
    }
    ScanSource source = forUpdate ? changed : lookedAt;
    try (ExecutionContext context = new ExecutionContext(input, null, Map.of())) {
      if (bounding.length == 0) {
        visit(source, context, new Object[0], row -> {
          byte[] key = keyOfChild(row);
          return key == null || !parents.containsKey(ByteBuffer.wrap(key)) || visitor.test(row);
        });
        return;
      }
      for (Map.Entry<ByteBuffer, Object[]> parentRow : parents.entrySet()) {
        Object[] operands = IntStream.of(bounding).mapToObj(column -> parentRow.getValue()[parentPositions[column]]).toArray();
        boolean goOn = visit(source, context, operands,
            row -> !Arrays.equals(keyOfChild(row), parentRow.getKey().array()) || visitor.test(row));
        if (!goOn) {
          return;
        }
      }
    }
  }

  /**
   * Checks all rows of the child, in batches.
   *
   * @throws SqlFailure 23503 if one refers to nothing
   */
  public void checkAll(StatementInput input) {
    BitSet own = new BitSet();
    IntStream.of(childPositions).forEach(own::set);
    ScanSource rows = new ScanSource(child.table(), null, false, KeyBounds.ALL, ScanOrder.ANY, own);
    Set<ByteBuffer> batch = new HashSet<>();
    try (ExecutionContext context = new ExecutionContext(input, null, Map.of())) {
      visit(rows, context, new Object[0], row -> {
        byte[] key = keyOfChild(row);
        if (key != null && batch.add(ByteBuffer.wrap(key)) && batch.size() == BATCH_KEYS) {
          checkThere(batch, input);
        }
        return true;
      });
    }
    checkThere(batch, input);
  }

  private void checkThere(Set<ByteBuffer> batch, StatementInput input) {
    if (!missing(batch, input.transaction()).isEmpty()) {
      throw nothingThere();
    }
    batch.clear();
  }

  private static boolean visit(ScanSource source, ExecutionContext context, Object[] operands, Predicate<Object[]> visitor) {
    try (Enumerator<Object[]> rows = source.open(context, operands).enumerator()) {
      while (rows.moveNext()) {
        if (!visitor.test(rows.current())) {
          return false;
        }
      }
    }
    return true;
  }

  /** What is wrong with a row of the child that refers to nothing. */
  SqlFailure nothingThere() {
    return new SqlFailure(SqlState.FOREIGN_KEY_VIOLATION, "Table \"" + parent.table().name() + "\" has no row with the ("
        + String.join(", ", parent.table().columnNames(foreignKey.parentColumnIds())) + ") that a row of table \"" + child.table().name()
        + "\" refers to, which foreign key constraint \"" + foreignKey.name() + "\" forbids.");
  }

  /** What is wrong with a key that the parent is to lose. */
  SqlFailure stillReferredTo(boolean restricted) {
    return new SqlFailure(restricted ? SqlState.RESTRICT_VIOLATION : SqlState.FOREIGN_KEY_VIOLATION, "A row of table \""
        + child.table().name() + "\" refers to the (" + String.join(", ", parent.table().columnNames(foreignKey.parentColumnIds()))
        + ") of a row of table \"" + parent.table().name() + "\", which it must keep because of foreign key constraint \""
        + foreignKey.name() + "\".");
  }
}
