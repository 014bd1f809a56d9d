package org.treatydb.dist.enclave.commit;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.log.RecordCodec;

/**
 * Clog records, format 1: kind; of a commit (1) the transaction (4 + 8 + 8 bytes), the timestamp (8), the number of participants and
 * each one's node (4); of a finished one (2) the transaction; of a checkpoint (3) a counter value (8).
 */
public final class ClogCodec implements RecordCodec<ClogRecord> {

  private static final int COMMITTED = 1;
  private static final int FINISHED = 2;
  private static final int CHECKPOINT = 3;

  @Override
  public void encode(ClogRecord record, ByteWriter out) {
    switch (record) {
      case ClogRecord.Committed committed -> {
        BranchCodec.encode(committed.transaction(), out.u8(COMMITTED));
        out.i64(committed.timestamp()).varint(committed.participants().size());
        committed.participants().forEach(out::i32);
      }
      case ClogRecord.Finished finished -> BranchCodec.encode(finished.transaction(), out.u8(FINISHED));
      case ClogRecord.Checkpoint checkpoint -> out.u8(CHECKPOINT).i64(checkpoint.neededFrom());
    }
  }

  @Override
  public ClogRecord decode(ByteReader in) {
    ClogRecord record = switch (in.u8()) {
      case COMMITTED -> committed(in);
      case FINISHED -> new ClogRecord.Finished(BranchCodec.transaction(in));
      case CHECKPOINT -> new ClogRecord.Checkpoint(in.i64());
      default -> throw new MalformedBytesException("unknown kind of Clog record");
    };
    in.expectEnd();
    return record;
  }

  private static ClogRecord committed(ByteReader in) {
    TransactionId transaction = BranchCodec.transaction(in);
    long timestamp = in.i64();
    int count = in.varint(in.remaining());
    List<Integer> participants = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      participants.add(in.i32());
    }
    return new ClogRecord.Committed(transaction, timestamp, participants);
  }
}
