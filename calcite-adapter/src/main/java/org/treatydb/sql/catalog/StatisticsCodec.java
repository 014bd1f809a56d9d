package org.treatydb.sql.catalog;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.treatydb.sql.type.MalformedEncodingException;

/**
 * The stored form of statistics. A storage format, frozen by a golden test: a version byte; the number of rows, 8 bytes; the number of
 * columns, 4 bytes; for each column its id, 4 bytes, the part of NULLs as an IEEE double, the number of different values, 8 bytes, and the
 * bounds: how many, 4 bytes, and each after its length, 1 byte. All big-endian.
 */
final class StatisticsCodec {

  private static final byte VERSION = 1;

  private StatisticsCodec() {}

  static byte[] encode(TableStatistics statistics) {
    ByteArrayDataOutput out = ByteStreams.newDataOutput();
    out.writeByte(VERSION);
    out.writeLong(statistics.rows());
    out.writeInt(statistics.columns().size());
    statistics.columns().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
      out.writeInt(entry.getKey());
      out.writeDouble(entry.getValue().nulls());
      out.writeLong(entry.getValue().distinct());
      out.writeInt(entry.getValue().bounds().size());
      for (byte[] bound : entry.getValue().bounds()) {
        out.writeByte(bound.length);
        out.write(bound);
      }
    });
    return out.toByteArray();
  }

  static TableStatistics decode(byte[] encoded) {
    ByteArrayDataInput in = ByteStreams.newDataInput(encoded);
    try {
      if (in.readByte() != VERSION) {
        throw new MalformedEncodingException("statistics of another version");
      }
      long rows = in.readLong();
      Map<Integer, ColumnStatistics> columns = new HashMap<>();
      for (int left = length(in, encoded); left > 0; left--) {
        columns.put(in.readInt(), new ColumnStatistics(in.readDouble(), in.readLong(), bounds(in, encoded)));
      }
      TableStatistics statistics = new TableStatistics(rows, columns);
      if (!Arrays.equals(encode(statistics), encoded)) {
        throw new MalformedEncodingException("statistics that would be written otherwise");
      }
      return statistics;
    } catch (IllegalStateException e) {
      throw new MalformedEncodingException("statistics that end early");
    }
  }

  private static List<byte[]> bounds(ByteArrayDataInput in, byte[] encoded) {
    List<byte[]> bounds = new ArrayList<>();
    for (int left = length(in, encoded); left > 0; left--) {
      byte[] bound = new byte[in.readUnsignedByte()];
      in.readFully(bound);
      bounds.add(bound);
    }
    return bounds;
  }

  private static int length(ByteArrayDataInput in, byte[] encoded) {
    int length = in.readInt();
    if (length < 0 || length > encoded.length) {
      throw new MalformedEncodingException("statistics with a length of " + length);
    }
    return length;
  }
}
