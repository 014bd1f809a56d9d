package org.treatydb.sql.catalog;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Sets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.treatydb.sql.catalog.Constraints.Check;
import org.treatydb.sql.catalog.Constraints.ForeignKey;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;
import org.treatydb.sql.catalog.ViewDescriptor.Dependency;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.MalformedEncodingException;
import org.treatydb.sql.type.RowCodec;
import org.treatydb.sql.type.RowColumn;

/**
 * The stored form of descriptors and catalog numbers. A storage format, frozen by a golden test: a version byte, then the fields in order.
 * Numbers are big-endian, strings UTF-8 after their length, both 4 bytes; flags one byte; lists follow their length.
 */
final class DescriptorCodec {

  private static final byte VERSION = 4;

  private static final int BYTES_MAX = 1 << 20;

  private static final List<IndexDescriptor.State> INDEX_STATES = List.of(IndexDescriptor.State.values());
  private static final List<ColumnSource.Kind> SOURCES = List.of(ColumnSource.Kind.values());
  private static final List<Constraints.Action> ACTIONS = List.of(Constraints.Action.values());
  private static final List<SecuredObject.Kind> OBJECTS = List.of(SecuredObject.Kind.values());
  private static final List<Privilege> PRIVILEGES = List.of(Privilege.values());

  private DescriptorCodec() {}

  static byte[] encode(SchemaDescriptor schema) {
    Writer out = new Writer();
    out.number(schema.id());
    out.text(schema.name());
    return out.toBytes();
  }

  static SchemaDescriptor schema(byte[] encoded) {
    Reader in = new Reader(encoded);
    SchemaDescriptor schema = new SchemaDescriptor(in.number(), in.text());
    in.end();
    return schema;
  }

  static byte[] encode(TableDescriptor table) {
    Writer out = new Writer();
    out.number(table.id());
    out.number(table.schemaId());
    out.text(table.name());
    out.number(table.nextColumnId());
    out.number(table.columns().size());
    table.columns().forEach(column -> put(out, column));
    out.number(table.primaryKey().size());
    for (KeyPart part : table.primaryKey()) {
      out.number(part.columnId());
      out.flag(part.descending());
    }
    out.number(table.partitioning().buckets());
    out.number(table.partitioning().columnIds().size());
    table.partitioning().columnIds().forEach(out::number);
    out.number(table.nextIndexId());
    out.number(table.indexes().size());
    table.indexes().forEach(index -> put(out, index));
    put(out, table.constraints());
    out.optionalText(table.comment());
    return out.toBytes();
  }

  private static void put(Writer out, ColumnDescriptor column) {
    out.number(column.id());
    out.text(column.name());
    out.bytes(column.type().encode());
    out.flag(column.nullable());
    out.number(column.source().kind().ordinal());
    out.optionalText(column.source().sql());
    out.number(column.source().sequenceId());
    out.bytes(single(column.type()).encode(new Object[] {column.whenAbsent()}));
    out.optionalText(column.comment());
  }

  private static RowCodec single(ColumnType type) {
    return new RowCodec(List.of(RowColumn.of(1, 0, type)));
  }

  private static void put(Writer out, Constraints constraints) {
    out.optionalText(constraints.primaryKeyName());
    out.number(constraints.checks().size());
    for (Check check : constraints.checks()) {
      out.text(check.name());
      out.text(check.sql());
    }
    out.number(constraints.foreignKeys().size());
    for (ForeignKey key : constraints.foreignKeys()) {
      out.text(key.name());
      out.numbers(key.columnIds());
      out.number(key.parentId());
      out.numbers(key.parentColumnIds());
      out.number(key.onDelete().ordinal());
      out.number(key.onUpdate().ordinal());
    }
  }

  static byte[] encode(ViewDescriptor view) {
    Writer out = new Writer();
    out.number(view.id());
    out.number(view.schemaId());
    out.text(view.name());
    out.text(view.sql());
    out.number(view.columns().size());
    view.columns().forEach(column -> put(out, column));
    out.number(view.dependencies().size());
    for (Dependency dependency : view.dependencies()) {
      out.number(dependency.schemaId());
      out.text(dependency.name());
    }
    out.optionalText(view.comment());
    return out.toBytes();
  }

  static ViewDescriptor view(byte[] encoded) {
    Reader in = new Reader(encoded);
    ViewDescriptor view = new ViewDescriptor(in.number(), in.number(), in.text(), in.text(), in.list(DescriptorCodec::column),
        in.list(dependency -> new Dependency(dependency.number(), dependency.text())), in.optionalText());
    in.end();
    return view;
  }

  static byte[] encode(SequenceDescriptor sequence) {
    Writer out = new Writer();
    out.number(sequence.id());
    out.number(sequence.schemaId());
    out.text(sequence.name());
    out.longNumber(sequence.start());
    out.longNumber(sequence.increment());
    out.longNumber(sequence.minimum());
    out.longNumber(sequence.maximum());
    out.flag(sequence.cycle());
    out.flag(sequence.owned());
    return out.toBytes();
  }

  static SequenceDescriptor sequence(byte[] encoded) {
    Reader in = new Reader(encoded);
    SequenceDescriptor sequence;
    try {
      sequence = new SequenceDescriptor(in.number(), in.number(), in.text(), in.longNumber(), in.longNumber(), in.longNumber(),
          in.longNumber(), in.flag(), in.flag());
    } catch (IllegalArgumentException e) {
      throw new MalformedEncodingException(e.getMessage());
    }
    in.end();
    return sequence;
  }

  private static void put(Writer out, IndexDescriptor index) {
    out.number(index.id());
    out.text(index.name());
    out.flag(index.unique());
    out.flag(index.constraint());
    out.number(index.parts().size());
    for (KeyPart part : index.parts()) {
      out.number(part.columnId());
      out.flag(part.descending());
    }
    out.number(index.includedIds().size());
    index.includedIds().forEach(out::number);
    out.number(index.state().ordinal());
  }

  static TableDescriptor table(byte[] encoded) {
    Reader in = new Reader(encoded);
    int id = in.number();
    int schemaId = in.number();
    String name = in.text();
    int nextColumnId = in.number();
    List<ColumnDescriptor> columns = in.list(DescriptorCodec::column);
    List<KeyPart> key = parts(in);
    Partitioning partitioning = partitioning(in, key);
    int nextIndexId = in.number();
    List<IndexDescriptor> indexes = in.list(DescriptorCodec::index);
    Constraints constraints = constraints(in);
    String comment = in.optionalText();
    in.end();
    return new TableDescriptor(id, schemaId, name, columns, key, nextColumnId, partitioning, indexes, nextIndexId)
        .withConstraints(constraints).withComment(comment);
  }

  private static ColumnDescriptor column(Reader in) {
    int id = in.number();
    String name = in.text();
    ColumnType type = ColumnType.decode(in.bytes());
    boolean nullable = in.flag();
    ColumnSource source = new ColumnSource(in.one(SOURCES), in.optionalText(), in.number());
    Object[] whenAbsent = new Object[1];
    single(type).decode(in.bytes(), whenAbsent);
    return new ColumnDescriptor(id, name, type, nullable, source, whenAbsent[0], in.optionalText());
  }

  private static Constraints constraints(Reader in) {
    String primaryKeyName = in.optionalText();
    List<Check> checks = in.list(check -> new Check(check.text(), check.text()));
    List<ForeignKey> keys = in.list(key -> new ForeignKey(key.text(), key.list(Reader::number), key.number(), key.list(Reader::number),
        key.one(ACTIONS), key.one(ACTIONS)));
    return new Constraints(primaryKeyName, checks, keys);
  }

  private static List<KeyPart> parts(Reader in) {
    return in.list(part -> new KeyPart(part.number(), part.flag()));
  }

  private static IndexDescriptor index(Reader in) {
    int id = in.number();
    String name = in.text();
    boolean unique = in.flag();
    boolean constraint = in.flag();
    List<KeyPart> parts = parts(in);
    List<Integer> includedIds = in.list(Reader::number);
    return new IndexDescriptor(id, name, unique, constraint, parts, includedIds, in.one(INDEX_STATES));
  }

  private static Partitioning partitioning(Reader in, List<KeyPart> key) {
    int buckets = in.number();
    List<Integer> columnIds = new ArrayList<>();
    for (int left = in.length(); left > 0; left--) {
      int columnId = in.number();
      if (key.stream().noneMatch(part -> part.columnId() == columnId)) {
        throw new MalformedEncodingException("a table partitioned by column " + columnId + ", which is not in its key");
      }
      columnIds.add(columnId);
    }
    if (buckets < 1 || buckets > Partitioning.BUCKETS_MAX) {
      throw new MalformedEncodingException("a table with " + buckets + " buckets");
    }
    return new Partitioning(buckets, columnIds);
  }

  static byte[] encode(RoleDescriptor role) {
    Writer out = new Writer();
    out.number(role.id());
    out.text(role.name());
    out.flag(role.login());
    out.flag(role.superuser());
    out.optionalText(role.verifier());
    out.numbers(List.copyOf(role.memberOf()));
    return out.toBytes();
  }

  static RoleDescriptor role(byte[] encoded) {
    Reader in = new Reader(encoded);
    RoleDescriptor role =
        new RoleDescriptor(in.number(), in.text(), in.flag(), in.flag(), in.optionalText(), in.list(Reader::number));
    in.end();
    return role;
  }

  /** Privileges are bits, by their order. */
  static byte[] encode(ObjectAccess access) {
    Writer out = new Writer();
    out.number(access.object().kind().ordinal());
    out.number(access.object().id());
    out.number(access.owner());
    out.number(access.grants().size());
    access.grants().forEach((role, privileges) -> {
      out.number(role);
      out.number(Privilege.bits(privileges));
    });
    return out.toBytes();
  }

  static ObjectAccess access(byte[] encoded) {
    Reader in = new Reader(encoded);
    SecuredObject object = new SecuredObject(in.one(OBJECTS), in.number());
    int owner = in.number();
    Map<Integer, ImmutableSet<Privilege>> grants = new TreeMap<>();
    for (int left = in.length(); left > 0; left--) {
      grants.put(in.number(), privileges(in.number()));
    }
    in.end();
    return new ObjectAccess(object, owner, ImmutableSortedMap.copyOf(grants));
  }

  private static ImmutableSet<Privilege> privileges(int bits) {
    if (bits <= 0 || bits >= 1 << PRIVILEGES.size()) {
      throw new MalformedEncodingException("privileges that are none");
    }
    return Sets.immutableEnumSet(PRIVILEGES.stream().filter(privilege -> (bits & 1 << privilege.ordinal()) != 0).toList());
  }

  static byte[] encodeNumber(long number) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(VERSION).putLong(number).array();
  }

  static long number(byte[] encoded) {
    if (encoded.length != 1 + Long.BYTES || encoded[0] != VERSION) {
      throw new MalformedEncodingException("a catalog number of " + encoded.length + " bytes");
    }
    return ByteBuffer.wrap(encoded).getLong(1);
  }

  private static final class Writer {

    private ByteBuffer buffer = ByteBuffer.allocate(256).put(VERSION);

    void number(int value) {
      room(Integer.BYTES).putInt(value);
    }

    void longNumber(long value) {
      room(Long.BYTES).putLong(value);
    }

    void numbers(List<Integer> values) {
      number(values.size());
      values.forEach(this::number);
    }

    void flag(boolean value) {
      room(1).put((byte) (value ? 1 : 0));
    }

    void text(String value) {
      bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    void optionalText(String value) {
      flag(value != null);
      if (value != null) {
        text(value);
      }
    }

    void bytes(byte[] value) {
      number(value.length);
      room(value.length).put(value);
    }

    byte[] toBytes() {
      byte[] bytes = new byte[buffer.position()];
      buffer.flip().get(bytes);
      return bytes;
    }

    private ByteBuffer room(int bytes) {
      if (buffer.remaining() < bytes) {
        buffer = ByteBuffer.allocate(2 * buffer.capacity() + bytes).put(buffer.flip());
      }
      return buffer;
    }
  }

  private static final class Reader {

    private final ByteBuffer buffer;

    Reader(byte[] encoded) {
      this.buffer = ByteBuffer.wrap(encoded);
      if (!buffer.hasRemaining() || buffer.get() != VERSION) {
        throw new MalformedEncodingException("a descriptor of another version");
      }
    }

    int number() {
      return need(Integer.BYTES).getInt();
    }

    long longNumber() {
      return need(Long.BYTES).getLong();
    }

    <T> List<T> list(Function<Reader, T> element) {
      List<T> elements = new ArrayList<>();
      for (int left = length(); left > 0; left--) {
        elements.add(element.apply(this));
      }
      return elements;
    }

    <T> T one(List<T> all) {
      int number = number();
      if (number < 0 || number >= all.size()) {
        throw new MalformedEncodingException("a descriptor with number " + number + " of " + all.size());
      }
      return all.get(number);
    }

    int length() {
      int length = number();
      if (length < 0 || length > BYTES_MAX) {
        throw new MalformedEncodingException("a descriptor with a length of " + length);
      }
      return length;
    }

    boolean flag() {
      return need(1).get() != 0;
    }

    byte[] bytes() {
      byte[] bytes = new byte[length()];
      need(bytes.length).get(bytes);
      return bytes;
    }

    String text() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    String optionalText() {
      return flag() ? text() : null;
    }

    void end() {
      if (buffer.hasRemaining()) {
        throw new MalformedEncodingException("a descriptor that goes on after its end");
      }
    }

    private ByteBuffer need(int bytes) {
      if (buffer.remaining() < bytes) {
        throw new MalformedEncodingException("a descriptor that ends early");
      }
      return buffer;
    }
  }
}
