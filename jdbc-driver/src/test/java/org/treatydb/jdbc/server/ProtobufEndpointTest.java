package org.treatydb.jdbc.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.ConnectionPropertiesImpl;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Requests;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.provider.MethodSource;
import org.treatydb.jdbc.SqlErrors;
import org.treatydb.jdbc.meta.SessionService;
import org.treatydb.kv.DecoderContract;
import org.treatydb.kv.embedded.EmbeddedStore;
import org.treatydb.sql.api.SqlDatabase;
import org.treatydb.sql.session.TreatyDatabase;

/** What the server answers to requests that no driver sends. */
class ProtobufEndpointTest {

  private static final String CONNECTION = "0123456789abcdef0123456789abcdef";
  private static final String INSERT = "insert into t values (?, ?, ?, ?)";
  /** Clients may choose negative ones. */
  private static final int STATEMENT = -5;

  private final ProtobufTranslationImpl translation = new ProtobufTranslationImpl();
  private EmbeddedStore store;
  private SqlDatabase database;
  private SessionService sessions;
  private SignIn signIn;
  private ProtobufEndpoint endpoint;

  @BeforeEach
  void open() throws SQLException {
    store = EmbeddedStore.openInMemory();
    database = TreatyDatabase.over(store);
    sessions = new SessionService(database);
    signIn = new SignIn(sessions, false, System::nanoTime);
    endpoint = new ProtobufEndpoint(sessions, signIn, false, Runnable::run);
    answered(serialized(new Service.OpenConnectionRequest(CONNECTION, Map.of())));
    answered(serialized(new Service.PrepareAndExecuteRequest(
        CONNECTION, STATEMENT, "create table t (id integer primary key, name varchar(20), at timestamp, price decimal(9, 2))", -1)));
  }

  @AfterEach
  void close() {
    sessions.close();
    database.close();
    store.close();
  }

  private static byte[] serialized(Service.Request request) {
    try {
      return new ProtobufTranslationImpl().serializeRequest(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<byte[]> requests() {
    return Stream.<Service.Request>of(
        new Service.OpenConnectionRequest("f".repeat(32), Map.of("concurrency", "optimistic", "lockTimeoutMillis", "5")),
        new Service.ConnectionSyncRequest(CONNECTION, new ConnectionPropertiesImpl(true, false, 8, null, "public")),
        new Service.CreateStatementRequest(CONNECTION),
        new Service.PrepareRequest(CONNECTION, "select * from t where id = ?", -1),
        new Service.PrepareAndExecuteRequest(CONNECTION, STATEMENT, "insert into t (id) values (1), (2), (3)", -1),
        new Service.PrepareAndExecuteRequest(CONNECTION, STATEMENT, "select * from t order by id", -1),
        new Service.PrepareAndExecuteBatchRequest(CONNECTION, STATEMENT, List.of("insert into t (id) values (7)", "delete from t")),
        new Service.FetchRequest(CONNECTION, STATEMENT, 0, 10),
        new Service.SyncResultsRequest(CONNECTION, STATEMENT, new QueryState("select * from t"), 0),
        new Service.TablesRequest(CONNECTION, null, "public", "t%", List.of("TABLE")),
        new Service.ColumnsRequest(CONNECTION, null, "public", "%", "i_"),
        new Service.SchemasRequest(CONNECTION, null, "p%"),
        new Service.CatalogsRequest(CONNECTION), new Service.TableTypesRequest(CONNECTION), new Service.TypeInfoRequest(CONNECTION),
        new Service.DatabasePropertyRequest(CONNECTION),
        new Service.CommitRequest(CONNECTION), new Service.RollbackRequest(CONNECTION),
        new Service.CloseStatementRequest(CONNECTION, STATEMENT)).map(ProtobufEndpointTest::serialized);
  }

  @MethodSource("requests")
  @FuzzTest
  void requests(byte[] bytes) {
    DecoderContract.of(this::answered).doingWhatIsRead().check(bytes);
  }

  private SignIn.Visitor visitor() throws SignIn.Unknown {
    return signIn.visitor(null, Peer.of("127.0.0.1", "127.0.0.1", false));
  }

  /** What the endpoint answers, after a look at whether that is an answer. */
  private byte[] answered(byte[] request) {
    try {
      ProtobufEndpoint.Answer answer = endpoint.answer(visitor(), request, null);
      Service.Response response = translation.parseResponse(answer.bytes());
      assertEquals(answer.failed(), response instanceof Service.ErrorResponse);
      if (answer.failed()) {
        assertSaysNothingOfTheInside(assertInstanceOf(Service.ErrorResponse.class, response));
      }
      return answer.bytes();
    } catch (IOException e) {
      throw new AssertionError("an answer that cannot be read", e);
    } catch (SignIn.Unknown e) {
      throw new AssertionError("nobody has to sign in", e);
    }
  }

  private static void assertSaysNothingOfTheInside(Service.ErrorResponse error) {
    assertEquals(5, error.sqlState.length());
    assertNotEquals(SqlErrors.INTERNAL_ERROR, error.sqlState, error.errorMessage);
    assertFalse(error.errorMessage.isEmpty());
    assertTrue(error.exceptions.stream().allMatch(each -> each.startsWith("update-counts:")), error.exceptions::toString);
    for (String inside : List.of("\tat ", "Exception", "org.treatydb", "org.apache")) {
      assertFalse(error.errorMessage.contains(inside), error.errorMessage);
    }
  }

  private static Stream<byte[]> parameters() {
    return Stream.of(
        Requests.UpdateBatch.newBuilder()
            .addParameterValues(proto(Rep.INTEGER, 1)).addParameterValues(proto(Rep.STRING, "name"))
            .addParameterValues(proto(Rep.JAVA_SQL_TIMESTAMP, 1_700_000_000_000L))
            .addParameterValues(proto(Rep.NUMBER, new BigDecimal("12.34"))),
        Requests.UpdateBatch.newBuilder()
            .addParameterValues(proto(Rep.LONG, 2L)).addParameterValues(proto(Rep.CHARACTER, 'c'))
            .addParameterValues(proto(Rep.JAVA_SQL_DATE, 20_000)).addParameterValues(proto(Rep.DOUBLE, 2.5)),
        Requests.UpdateBatch.newBuilder()
            .addParameterValues(proto(Rep.SHORT, (short) 3)).addParameterValues(proto(Rep.BOOLEAN, true))
            .addParameterValues(proto(Rep.JAVA_SQL_TIME, 1000)).addParameterValues(proto(Rep.BYTE_STRING, "AQID")),
        Requests.UpdateBatch.newBuilder()
            .addParameterValues(proto(Rep.BYTE, (byte) 4)).addParameterValues(TypedValue.EXPLICIT_NULL.toProto())
            .addParameterValues(proto(Rep.JAVA_UTIL_DATE, 0L)).addParameterValues(proto(Rep.FLOAT, 1.5f)))
        .map(row -> row.build().toByteArray());
  }

  private static Common.TypedValue proto(Rep rep, Object value) {
    return TypedValue.ofSerial(rep, value).toProto();
  }

  /** The values for one prepared statement, which is executed with them alone and in a batch. */
  @MethodSource("parameters")
  @FuzzTest
  void parameters(byte[] bytes) throws Exception {
    Meta.StatementHandle insert = ((Service.PrepareResponse) sessions.apply(
        new Service.PrepareRequest(CONNECTION, INSERT, -1), 0, visitor().caller())).statement;
    try {
      DecoderContract.of(each -> executed(insert.id, each)).doingWhatIsRead().check(bytes);
    } finally {
      sessions.apply(new Service.CloseStatementRequest(CONNECTION, insert.id), 0, visitor().caller());
    }
  }

  private byte[] executed(int statement, byte[] row) {
    Requests.UpdateBatch values;
    try {
      values = Requests.UpdateBatch.parseFrom(row);
    } catch (IOException e) {
      return row;
    }
    answered(message(Requests.ExecuteRequest.newBuilder()
        .setStatementHandle(Common.StatementHandle.newBuilder().setConnectionId(CONNECTION).setId(statement))
        .addAllParameterValues(values.getParameterValuesList()).setHasParameterValues(true).build()));
    return answered(message(
        Requests.ExecuteBatchRequest.newBuilder().setConnectionId(CONNECTION).setStatementId(statement).addUpdates(values).build()));
  }

  private static byte[] message(com.google.protobuf.Message request) {
    return Common.WireMessage.newBuilder().setName(request.getClass().getName()).setWrappedMessage(request.toByteString()).build()
        .toByteArray();
  }
}
