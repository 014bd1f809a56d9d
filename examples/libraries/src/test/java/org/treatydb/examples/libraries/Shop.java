package org.treatydb.examples.libraries;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.Lob;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The entities of {@link HibernateTest}: customers, their orders, and what was paid for. */
final class Shop {

  static final List<Class<?>> ENTITIES = List.of(Customer.class, Purchase.class, Line.class, Label.class, Payment.class, CardPayment.class);

  private Shop() {}

  enum Standing {
    NEW, GOOD, BLOCKED
  }

  /** A part of a customer's row. */
  @Embeddable
  static class Address {
    String street;
    @Column(length = 60)
    String city;
  }

  /** With a number that the database gives at the insertion, a version, and a column of each type. */
  @Entity(name = "Customer")
  @Table(name = "hibernate_customer", indexes = @Index(name = "hibernate_customer_city", columnList = "city"),
      uniqueConstraints = @UniqueConstraint(name = "hibernate_customer_name", columnNames = "name"))
  static class Customer {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;
    @Version
    int version;
    @Column(nullable = false, length = 80)
    String name;
    @Enumerated(EnumType.STRING)
    Standing standing = Standing.NEW;
    Address address = new Address();
    LocalDate born;
    LocalDateTime seen;
    Instant joined;
    UUID token;
    boolean trusted;
    Double score;
    @Column(precision = 10, scale = 2)
    BigDecimal credit;
    @Lob
    String notes;
    @Lob
    byte[] picture;
    byte[] hash;
    @OneToMany(mappedBy = "customer")
    @OrderBy("id")
    List<Purchase> purchases = new ArrayList<>();

    Customer() {}

    Customer(String name) {
      this.name = name;
    }
  }

  /** With a number from a sequence, and lines that live and die with it. */
  @Entity(name = "Purchase")
  @Table(name = "hibernate_purchase")
  static class Purchase {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;
    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    Customer customer;
    @OneToMany(mappedBy = "purchase", cascade = CascadeType.ALL, orphanRemoval = true)
    @OrderBy("article")
    List<Line> lines = new ArrayList<>();
    @ManyToMany
    Set<Label> labels = new HashSet<>();

    Purchase() {}

    Purchase(Customer customer) {
      this.customer = customer;
    }

    Purchase with(String article, int pieces, String price) {
      Line line = new Line();
      line.purchase = this;
      line.article = article;
      line.pieces = pieces;
      line.price = new BigDecimal(price);
      lines.add(line);
      return this;
    }
  }

  /** One article of a purchase. */
  @Entity(name = "Line")
  @Table(name = "hibernate_line")
  static class Line {
    @Id
    @GeneratedValue
    UUID id;
    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    Purchase purchase;
    String article;
    int pieces;
    @Column(precision = 10, scale = 2)
    BigDecimal price;
  }

  /** Many purchases have it, and a purchase has many. */
  @Entity(name = "Label")
  @Table(name = "hibernate_label")
  static class Label {
    @Id
    String text;

    Label() {}

    Label(String text) {
      this.text = text;
    }
  }

  /** One table for all payments, and another for what only some have. */
  @Entity(name = "Payment")
  @Table(name = "hibernate_payment")
  @Inheritance(strategy = InheritanceType.JOINED)
  static class Payment {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;
    @Column(precision = 10, scale = 2)
    BigDecimal amount;

    Payment() {}

    Payment(String amount) {
      this.amount = new BigDecimal(amount);
    }
  }

  /** Paid by card. */
  @Entity(name = "CardPayment")
  @Table(name = "hibernate_card_payment")
  static class CardPayment extends Payment {
    String card;

    CardPayment() {}

    CardPayment(String amount, String card) {
      super(amount);
      this.card = card;
    }
  }
}
