package org.treatydb.dist.enclave.commit;

import java.util.ArrayList;
import java.util.List;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.rpc.KeyRangeCodec;
import org.treatydb.dist.enclave.shard.Holding;
import org.treatydb.kv.api.TransactionId;
import org.treatydb.kv.enclave.codec.ByteReader;
import org.treatydb.kv.enclave.codec.ByteWriter;
import org.treatydb.kv.enclave.codec.MalformedBytesException;
import org.treatydb.kv.enclave.log.RecordCodec;

/**
 * Clog records, format 1: kind; of a commit (1) the transaction (4 + 8 + 8 bytes), the timestamp (8), the number of participants and
 * each one's node (4); of a finished one (2) the transaction; of a checkpoint (3) a counter value (8); of a range that is given away (4)
 * the range, the node that gets it (4) and two timestamps (8 + 8); of one that was taken over (5) the range and a timestamp (8); of one
 * that is settled (6) the range and the shard map's version (8).
 */
public final class ClogCodec implements RecordCodec<ClogRecord> {

  private static final int COMMITTED = 1;
  private static final int FINISHED = 2;
  private static final int CHECKPOINT = 3;
  private static final int GIVING = 4;
  private static final int TAKEN = 5;
  private static final int SETTLED = 6;

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
      case ClogRecord.Moving moving -> encode(moving.holding(), out);
      case ClogRecord.Settled settled -> {
        KeyRangeCodec.encode(settled.range(), out.u8(SETTLED));
        out.i64(settled.mapVersion());
      }
    }
  }

  private static void encode(Holding holding, ByteWriter out) {
    switch (holding) {
      case Holding.Giving giving -> {
        KeyRangeCodec.encode(giving.range(), out.u8(GIVING));
        out.i32(giving.to()).i64(giving.snapshotMin()).i64(giving.snapshotMax());
      }
      case Holding.Taken taken -> {
        KeyRangeCodec.encode(taken.range(), out.u8(TAKEN));
        out.i64(taken.snapshotMin());
      }
      case Holding.Given _ -> throw new IllegalArgumentException("what is settled is not logged");
    }
  }

  @Override
  public ClogRecord decode(ByteReader in) {
    ClogRecord record = switch (in.u8()) {
      case COMMITTED -> committed(in);
      case FINISHED -> new ClogRecord.Finished(BranchCodec.transaction(in));
      case CHECKPOINT -> new ClogRecord.Checkpoint(in.i64());
      case GIVING -> new ClogRecord.Moving(new Holding.Giving(KeyRangeCodec.decode(in), in.i32(), in.i64(), in.i64()));
      case TAKEN -> new ClogRecord.Moving(new Holding.Taken(KeyRangeCodec.decode(in), in.i64()));
      case SETTLED -> new ClogRecord.Settled(KeyRangeCodec.decode(in), in.i64());
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
