package org.treatydb.examples.libraries;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PessimisticLockException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.dialect.Dialect;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.exception.ConstraintViolationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.treatydb.examples.libraries.Shop.CardPayment;
import org.treatydb.examples.libraries.Shop.Customer;
import org.treatydb.examples.libraries.Shop.Label;
import org.treatydb.examples.libraries.Shop.Payment;
import org.treatydb.examples.libraries.Shop.Purchase;
import org.treatydb.examples.libraries.Shop.Standing;

/** Hibernate ORM: the schema is made from the entities, and the dialect is found by itself in the driver's jar. */
@ExtendWith(WithServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HibernateTest {

  private String url;
  private SessionFactory sessions;

  private static Configuration configuration(String url, String schemaAction) {
    Configuration configuration = new Configuration()
        .setProperty("hibernate.connection.url", url)
        .setProperty("hibernate.hbm2ddl.auto", schemaAction)
        .setProperty("hibernate.hbm2ddl.halt_on_error", "true")
        .setProperty("hibernate.jdbc.batch_size", "20")
        .setProperty("hibernate.order_inserts", "true");
    Shop.ENTITIES.forEach(configuration::addAnnotatedClass);
    return configuration;
  }

  @BeforeAll
  void create(ServerUrl server) {
    url = server.text();
    sessions = configuration(url, "create-drop").buildSessionFactory();
  }

  @AfterAll
  void drop() {
    sessions.close();
  }

  @BeforeEach
  void fill() {
    sessions.inTransaction(session -> {
      Label gift = new Label("gift");
      session.persist(gift);
      for (int i = 0; i < 30; i++) {
        Customer customer = new Customer("customer " + i);
        customer.born = LocalDate.of(1960 + i, 1 + i % 12, 1 + i % 28);
        customer.credit = BigDecimal.valueOf(i);
        customer.address.city = i % 3 == 0 ? "Ulm" : "Aachen";
        session.persist(customer);
        Purchase purchase = new Purchase(customer).with("tea", 2, "3.50").with("cup", i % 4 + 1, "10.00");
        purchase.labels.add(gift);
        session.persist(purchase);
      }
    });
  }

  @AfterEach
  void empty() {
    sessions.getSchemaManager().truncateMappedObjects();
  }

  private static Customer named(Session session, String name) {
    return session.createSelectionQuery("from Customer where name = :name", Customer.class).setParameter("name", name).getSingleResult();
  }

  @Test
  void theDialectIsFoundAndTheSchemaFitsTheEntities() {
    Dialect dialect = ((SessionFactoryImplementor) sessions).getJdbcServices().getDialect();
    assertEquals("org.treatydb.jdbc.hibernate.TreatyDialect", dialect.getClass().getName());
    configuration(url, "validate").buildSessionFactory().close();
    configuration(url, "update").buildSessionFactory().close();
    sessions.getSchemaManager().validateMappedObjects();
  }

  @Test
  void everyTypeKeepsItsValue() {
    Customer ada = new Customer("Ada");
    ada.standing = Standing.GOOD;
    ada.address.street = "Ring 1";
    ada.born = LocalDate.of(1815, 12, 10);
    ada.seen = LocalDateTime.of(2026, 3, 29, 2, 30, 0, 123_000_000);
    ada.joined = Instant.parse("2026-10-25T01:30:00.456Z");
    ada.token = new UUID(-1, 1);
    ada.trusted = true;
    ada.score = 0.1;
    ada.credit = new BigDecimal("12345678.90");
    ada.notes = "many words ".repeat(10_000);
    ada.picture = new byte[100_000];
    ada.hash = new byte[] {1, -1};
    sessions.inTransaction(session -> session.persist(ada));
    sessions.inSession(session -> {
      Customer found = session.find(Customer.class, ada.id);
      assertEquals(List.of(ada.standing, ada.address.street, ada.born, ada.seen, ada.joined, ada.token, ada.trusted, ada.score, ada.credit,
          ada.notes), List.of(found.standing, found.address.street, found.born, found.seen, found.joined, found.token, found.trusted,
          found.score, found.credit, found.notes));
      assertArrayEquals(ada.picture, found.picture);
      assertArrayEquals(ada.hash, found.hash);
      assertNull(named(session, "customer 1").notes);
    });
  }

  @Test
  void associationsAreFollowedAndOrphansRemoved() {
    sessions.inTransaction(session -> {
      Customer customer = named(session, "customer 3");
      Purchase purchase = customer.purchases.getFirst();
      assertEquals(List.of("cup", "tea"), purchase.lines.stream().map(line -> line.article).toList());
      purchase.lines.removeFirst();
      purchase.labels.clear();
    });
    sessions.inTransaction(session -> {
      Purchase purchase = session.createSelectionQuery("from Purchase p join fetch p.lines join fetch p.customer c where c.name = :name",
          Purchase.class).setParameter("name", "customer 3").getSingleResult();
      assertEquals(1, purchase.lines.size());
      assertTrue(purchase.labels.isEmpty());
      session.remove(purchase);
    });
    sessions.inSession(session -> assertEquals(58L,
        session.createSelectionQuery("select count(*) from Line", Long.class).getSingleResult()));
  }

  @Test
  void resultsComeInPages() {
    sessions.inSession(session -> {
      List<String> page = session.createSelectionQuery("select name from Customer order by credit desc", String.class).setFirstResult(10)
          .setMaxResults(3).getResultList();
      assertEquals(List.of("customer 19", "customer 18", "customer 17"), page);
      assertEquals(2, session.createSelectionQuery("from Customer where born > :day order by name", Customer.class)
          .setParameter("day", LocalDate.of(1970, 1, 1)).setMaxResults(2).getResultList().size());
    });
  }

  @Test
  void queriesCalculate() {
    sessions.inSession(session -> {
      Object[] city = session.createSelectionQuery("select c.address.city, count(*), sum(l.pieces * l.price), max(c.born) from Customer c "
          + "join c.purchases p join p.lines l where l.article = 'cup' group by c.address.city having count(*) > 15", Object[].class)
          .getSingleResult();
      assertEquals(List.of("Aachen", 20L, new BigDecimal("480.00")), List.of(city[0], city[1], city[2]));
      assertEquals("CUSTOMER 7!", single(session, "select upper(name) || '!' from Customer where name like '% 7'", String.class));
      assertEquals(1967, ofSeven(session, "year(born)", Integer.class));
      assertEquals(8, ofSeven(session, "day(born)", Integer.class));
      assertEquals(LocalDate.of(1967, 8, 18), ofSeven(session, "born + 10 day", LocalDate.class));
      assertEquals("er 7", ofSeven(session, "substring(name, locate('er', name), 10)", String.class));
      assertEquals("7", ofSeven(session, "trim(leading '0' from cast(7 as String))", String.class));
      assertEquals(2L, single(session, "select count(*) from Customer where length(name) = 10 and credit between 0 and 1", Long.class));
      assertEquals(10L, single(session, "select count(*) from Customer c where exists (select 1 from c.purchases p where size(p.lines) = 2)"
          + " and c.address.city = 'Ulm'", Long.class));
      assertEquals("customer 29", session.createSelectionQuery("select name, rank() over (order by credit desc) as place from Customer "
          + "order by 2", Object[].class).setMaxResults(1).getSingleResult()[0]);
      assertEquals("none", ofSeven(session, "coalesce(address.street, 'none')", String.class));
      assertEquals(3L, session.createSelectionQuery("select count(*) from Customer where name in :names", Long.class)
          .setParameter("names", List.of("customer 1", "customer 2", "customer 3")).getSingleResult());
    });
  }

  @Test
  void functionsOfTheQueryLanguageGiveWhatTheySay() {
    List<String> calls = List.of("abs(-2)", "ceiling(1.5)", "floor(1.5)", "round(1.25, 1)", "mod(7, 5)", "sign(-3)",
        "sqrt(4)", "exp(0)", "ln(1)", "power(2, 3)", "sin(0)", "cos(0)", "tan(0)", "atan2(0, 1)", "degrees(0)", "radians(0)", "pi",
        "least(1, 2)", "greatest(1, 2)", "coalesce(null, 1)", "nullif(1, 2)", "ifnull(null, 1)", "lower('A')", "upper('a')", "length('ab')",
        "character_length('ab')", "concat('a', 'b')", "left('ab', 1)", "right('ab', 1)", "replace('ab', 'a', 'c')", "lpad('a', 3, '-')",
        "rpad('a', 3)", "pad('a' with 3 trailing '-')", "repeat('a', 2)", "trim(both '-' from '-a-')", "substring('abc', 2)",
        "locate('c', 'abc', 2)", "position('c' in 'abc')", "overlay('abc' placing 'x' from 2)", "ascii('a')", "octet_length('a')",
        "cast('12' as Integer)", "str(12)", "cast('true' as Boolean)", "cast(1 as Boolean)", "local date", "local time",
        "local datetime", "instant", "current_date", "current_timestamp", "extract(day of week from born)",
        "extract(day of year from born)", "extract(week from born)", "extract(quarter from born)",
        "(local datetime - datetime 2020-01-01 00:00:00) by day",
        "(local datetime + 90 second)", "(born - 2 month)", "(local datetime - local datetime) by second",
        "(select count(*) filter (where c.trusted) from Customer c)", "(select stddev_pop(c.credit) from Customer c)",
        "every(trusted)", "(born is distinct from null)");
    List<String> failed = new ArrayList<>();
    for (String call : calls) {
      try {
        sessions.inSession(session -> ofSeven(session, call, Object.class));
      } catch (RuntimeException e) {
        failed.add(call + ": " + e.getMessage());
      }
    }
    assertEquals("", String.join("\n", failed));
  }

  private static <T> T ofSeven(Session session, String expression, Class<T> type) {
    return single(session, "select " + expression + " from Customer where name = 'customer 7'", type);
  }

  private static <T> T single(Session session, String query, Class<T> type) {
    return session.createSelectionQuery(query, type).getSingleResult();
  }

  @Test
  void whoChangesAnOldVersionIsRefused() {
    Customer first = sessions.fromSession(session -> named(session, "customer 1"));
    Customer second = sessions.fromSession(session -> named(session, "customer 1"));
    first.credit = new BigDecimal("100");
    sessions.inTransaction(session -> session.merge(first));
    second.credit = new BigDecimal("200");
    assertThrows(OptimisticLockException.class, () -> sessions.inTransaction(session -> session.merge(second)));
    sessions.inSession(session -> {
      Customer now = named(session, "customer 1");
      assertEquals(new BigDecimal("100.00"), now.credit);
      assertEquals(1, now.version);
    });
  }

  @Test
  void whoWaitsTooLongForALockIsTold() {
    try (SessionFactory impatient = configuration(url + ";lockTimeoutMillis=100", "none").buildSessionFactory()) {
      sessions.inTransaction(session -> {
        Customer locked = session.find(Customer.class, named(session, "customer 1").id, LockModeType.PESSIMISTIC_WRITE);
        PessimisticLockException e = assertThrows(PessimisticLockException.class, () -> impatient.inTransaction(
            other -> other.find(Customer.class, locked.id, LockModeType.PESSIMISTIC_WRITE)));
        SQLException cause = (SQLException) e.getCause().getCause();
        assertEquals("40001", cause.getSQLState());
        locked.credit = new BigDecimal("5");
      });
    }
  }

  @Test
  void aConstraintThatIsViolatedIsNamed() {
    ConstraintViolationException e = assertThrows(ConstraintViolationException.class,
        () -> sessions.inTransaction(session -> session.persist(new Customer("customer 1"))));
    assertEquals(ConstraintViolationException.ConstraintKind.UNIQUE, e.getKind());
    assertEquals("hibernate_customer_name", e.getConstraintName());
  }

  @Test
  void manyEntitiesAreChangedAtOnce() {
    sessions.inTransaction(session -> {
      assertEquals(10, session.createMutationQuery("update Customer set credit = credit + 1, standing = GOOD where address.city = 'Ulm'")
          .executeUpdate());
      session.persist(new CardPayment("10", "x"));
      session.persist(new CardPayment("20", "y"));
      session.persist(new Payment("30"));
    });
    sessions.inTransaction(session -> {
      assertEquals(2, session.createMutationQuery("update CardPayment set card = 'z', amount = amount * 2").executeUpdate());
      assertEquals(new BigDecimal("90.00"), single(session, "select sum(amount) from Payment", BigDecimal.class));
      assertEquals(1, session.createMutationQuery("delete from CardPayment where amount > 30").executeUpdate());
      assertEquals(2L, single(session, "select count(*) from Payment", Long.class));
      assertEquals(3, session.createMutationQuery("insert into Label (text) select name from Customer where credit < 3").executeUpdate());
    });
  }
}
