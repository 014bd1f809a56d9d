package org.treatydb.sql.adapter;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.adapter.jdbc.JdbcConvention;
import org.apache.calcite.adapter.jdbc.JdbcSchema;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaFactory;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Schemas;
import org.apache.commons.dbcp2.BasicDataSource;
import org.treatydb.sql.parser.TreatyDialect;

/**
 * Mounts the tables and views of a Treaty database in a Calcite model:
 *
 * <pre>
 * {"name": "shop", "type": "custom", "factory": "org.treatydb.sql.adapter.TreatySchemaFactory",
 *  "operand": {"jdbcUrl": "jdbc:treaty:file:/var/lib/shop"}}
 * </pre>
 *
 * <p>Operands: {@code jdbcUrl} (needed), {@code schema} (which of the database's schemas; {@code public}), {@code user}, {@code password}.
 *
 * <p>What a query asks of the tables of one such schema, filters, joins, aggregates, sorting and limits, is sent to Treaty as SQL as far
 * as Treaty has the functions; Treaty plans it with its keys and indexes. Each such piece reads a snapshot of its own. The tables are read
 * only. Connections are kept for {@link #IDLE_SECONDS} seconds after their last use, and with them an embedded database stays open.
 * Calcite's own limit of 19 digits for DECIMAL is lifted by the connection property
 * {@code typeSystem=org.treatydb.sql.type.TreatyTypeSystem#INSTANCE}. Thread-safe.
 */
public final class TreatySchemaFactory implements SchemaFactory {

  /** How long a connection is kept that nobody uses. */
  public static final int IDLE_SECONDS = 30;

  private static final String URL = "jdbcUrl";
  private static final String SCHEMA = "schema";
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final Set<String> OPERANDS = Set.of(URL, SCHEMA, USER, PASSWORD,
      // What Calcite adds by itself.
      "modelUri", "baseDirectory", "directory", "tables");

  /** Called by Calcite, which needs it. */
  public TreatySchemaFactory() {
    // Nothing to set up.
  }

  /**
   * A schema.
   *
   * @throws IllegalArgumentException if {@code jdbcUrl} is missing, or an operand is unknown or no text
   */
  @Override
  public Schema create(SchemaPlus parent, String name, Map<String, Object> operand) {
    Set<String> unknown = new TreeSet<>(operand.keySet());
    unknown.removeAll(OPERANDS);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("Schema \"" + name + "\" has unknown operands: " + String.join(", ", unknown));
    }
    String url = text(name, operand, URL, null);
    if (url == null) {
      throw new IllegalArgumentException("Schema \"" + name + "\" needs the operand \"" + URL + "\"");
    }
    BasicDataSource connections = new BasicDataSource();
    connections.setUrl(url);
    connections.setUsername(text(name, operand, USER, null));
    connections.setPassword(text(name, operand, PASSWORD, null));
    connections.setDefaultReadOnly(true);
    connections.setMinEvictableIdle(Duration.ofSeconds(IDLE_SECONDS));
    connections.setDurationBetweenEvictionRuns(Duration.ofSeconds(IDLE_SECONDS / 2));
    Expression expression = Schemas.subSchemaExpression(parent, name, JdbcSchema.class);
    JdbcConvention convention = JdbcConvention.of(TreatyDialect.INSTANCE, expression, name);
    return new JdbcSchema(connections, TreatyDialect.INSTANCE, convention, null, text(name, operand, SCHEMA, "public"));
  }

  private static String text(String schema, Map<String, Object> operand, String key, String missing) {
    return switch (operand.get(key)) {
      case null -> missing;
      case String text -> text;
      default -> throw new IllegalArgumentException("Operand \"" + key + "\" of schema \"" + schema + "\" is no text");
    };
  }
}
