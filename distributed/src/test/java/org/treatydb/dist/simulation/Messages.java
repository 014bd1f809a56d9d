package org.treatydb.dist.simulation;

import java.util.Optional;
import org.treatydb.dist.enclave.branch.BranchAnswer;
import org.treatydb.dist.enclave.branch.BranchCall;
import org.treatydb.dist.enclave.branch.BranchCodec;
import org.treatydb.dist.enclave.branch.BranchReply;
import org.treatydb.dist.enclave.branch.BranchRequest;
import org.treatydb.dist.enclave.rpc.Service;
import org.treatydb.kv.enclave.codec.ByteReader;

/** Messages between nodes, as people read them. */
final class Messages {

  private Messages() {}

  /** Whether that line of a trace is about a single message. */
  static boolean isAbout(String line) {
    return line.contains(" asks node ") || line.contains(" answers node ") || line.contains(" loses a message ");
  }

  static String describe(byte[] request) {
    Optional<Service> service = Service.of(request);
    if (service.isEmpty() || service.get() != Service.BRANCHES) {
      return service.map(Enum::name).orElse("nothing");
    }
    BranchCall call = BranchCodec.decodeCall(new ByteReader(request, 1, request.length - 1));
    String kind = switch (call.request()) {
      case BranchRequest.Prepare prepare -> "Prepare " + prepare.writes().size() + " writes above " + prepare.floor();
      case BranchRequest.CommitAlone commit -> "CommitAlone " + commit.writes().size() + " writes above " + commit.floor();
      case BranchRequest.Commit commit -> "Commit at " + commit.timestamp();
      case BranchRequest other -> other.getClass().getSimpleName();
    };
    return kind + " in " + call.transaction() + ", request " + call.number() + (call.repeated() ? ", again" : "");
  }

  static String describeReply(byte[] request, byte[] reply) {
    Optional<Service> service = Service.of(request);
    if (service.isEmpty() || service.get() != Service.BRANCHES || reply.length == 0) {
      return service.map(Enum::name).orElse("nothing") + ", " + reply.length + " bytes";
    }
    BranchAnswer answer = BranchCodec.decodeAnswer(new ByteReader(reply));
    String kind = switch (answer.reply()) {
      case BranchReply.Voted voted -> "Voted " + voted.timestamp();
      case BranchReply.Committed committed -> "Committed at " + committed.timestamp();
      case BranchReply.Failed failed -> "Failed: " + failed.failure();
      case BranchReply other -> other.getClass().getSimpleName();
    };
    return kind + " to " + describe(request);
  }
}
