package org.treatydb.kv.enclave.log;

import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;

/** How one log's records are written and read. Stateless, thread-safe. */
public interface RecordCodec<R> {

  void encode(R record, ByteWriter out);

  R decode(ByteReader in);
}
