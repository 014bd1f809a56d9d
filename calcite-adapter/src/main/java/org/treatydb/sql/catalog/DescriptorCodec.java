package org.treatydb.sql.catalog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.treatydb.sql.catalog.TableDescriptor.KeyPart;
import org.treatydb.sql.type.ColumnType;
import org.treatydb.sql.type.MalformedEncodingException;

/**
 * The stored form of descriptors and catalog numbers. A storage format, frozen by a golden test: a version byte, then the fields in order.
 * Numbers are big-endian, strings UTF-8 after their length, both 4 bytes; flags one byte; lists follow their length.
 */
final class DescriptorCodec {

  private static final byte VERSION = 3;

  private static final int BYTES_MAX = 1 << 20;

  private static final List<IndexDescriptor.State> INDEX_STATES = List.of(IndexDescriptor.State.values());

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
    for (ColumnDescriptor column : table.columns()) {
      out.number(column.id());
      out.text(column.name());
      out.bytes(column.type().encode());
      out.flag(column.nullable());
      out.flag(column.defaultSql() != null);
      if (column.defaultSql() != null) {
        out.text(column.defaultSql());
      }
    }
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
    return out.toBytes();
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
    List<ColumnDescriptor> columns = new ArrayList<>();
    for (int left = in.length(); left > 0; left--) {
      columns.add(new ColumnDescriptor(
          in.number(), in.text(), ColumnType.decode(in.bytes()), in.flag(), in.flag() ? in.text() : null));
    }
    List<KeyPart> key = parts(in);
    Partitioning partitioning = partitioning(in, key);
    int nextIndexId = in.number();
    List<IndexDescriptor> indexes = new ArrayList<>();
    for (int left = in.length(); left > 0; left--) {
      indexes.add(index(in));
    }
    in.end();
    return new TableDescriptor(id, schemaId, name, columns, key, nextColumnId, partitioning, indexes, nextIndexId);
  }

  private static List<KeyPart> parts(Reader in) {
    List<KeyPart> parts = new ArrayList<>();
    for (int left = in.length(); left > 0; left--) {
      parts.add(new KeyPart(in.number(), in.flag()));
    }
    return parts;
  }

  private static IndexDescriptor index(Reader in) {
    int id = in.number();
    String name = in.text();
    boolean unique = in.flag();
    boolean constraint = in.flag();
    List<KeyPart> parts = parts(in);
    List<Integer> includedIds = new ArrayList<>();
    for (int left = in.length(); left > 0; left--) {
      includedIds.add(in.number());
    }
    int state = in.number();
    if (state < 0 || state >= INDEX_STATES.size()) {
      throw new MalformedEncodingException("an index in state " + state);
    }
    return new IndexDescriptor(id, name, unique, constraint, parts, includedIds, INDEX_STATES.get(state));
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

    void flag(boolean value) {
      room(1).put((byte) (value ? 1 : 0));
    }

    void text(String value) {
      bytes(value.getBytes(StandardCharsets.UTF_8));
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
