package org.treatydb.jdbc;

import java.util.ArrayList;
import java.util.List;

/** The options of a URL, and to which kinds of URL they apply. */
enum DriverOption {
  KEY_FILE("keyFile", "the file with the root key, 64 hexadecimal digits; by default made in the user's state directory", false, true),
  COUNTER_DIR("counterDir", "the directory of the trusted counter; by default in the user's state directory", false, true),
  PASSPHRASE("passphrase", "the passphrase the root key is derived from, instead of a key file", false, true),
  MEMORY("memory", "memory for data, such as 512MB; by default a quarter of the heap, but at least 16MB and at most 512MB", false, true),
  CONCURRENCY("concurrency", "pessimistic or optimistic: how transactions keep out of each other's way; pessimistic by default", true,
      true),
  LOCK_TIMEOUT_MILLIS("lockTimeoutMillis", "how long a statement waits for a lock before its transaction ends with 40001; 10000 by default",
      true, true),
  TRANSACTION_TIMEOUT_MILLIS("transactionTimeoutMillis",
      "how long a transaction may last before it is ended with 25P04; for ever by default", true, true),
  IDLE_TRANSACTION_TIMEOUT_MILLIS("idleTransactionTimeoutMillis",
      "how long a transaction may lie between two calls before it is ended with 25P03; 600000 by default", true, true),
  STATEMENT_TIMEOUT_MILLIS("statementTimeoutMillis",
      "how long a statement may take before it is cancelled with 57014, if setQueryTimeout says nothing; for ever by default", true, true),
  TLS("tls", "true or false: whether to speak TLS with the server; by default only to one on another machine", true, false),
  TRUST_ANCHOR("trustAnchor", "the PEM file with the certificate of whoever certifies the server, such as a cluster's trust anchor; by "
      + "default Java's own list", true, false),
  CONNECT_TIMEOUT_MILLIS("connectTimeoutMillis", "how long to wait for a server to accept the connection; 10000 by default", true, false),
  USER("user", "who connects; ignored by a database that has no users", true, true),
  PASSWORD("password", "the user's password; sent over TLS only, and to a server on this machine", true, true);

  final String key;
  final String description;
  private final boolean remote;
  private final boolean file;

  DriverOption(String key, String description, boolean remote, boolean file) {
    this.key = key;
    this.description = description;
    this.remote = remote;
    this.file = file;
  }

  boolean appliesTo(JdbcUrl.Kind kind) {
    switch (kind) {
      case REMOTE:
        return remote;
      case FILE:
        return file;
      default:
        return remote && file;
    }
  }

  /** Whether it is sent to the database when a session opens, whose transactions it concerns. */
  boolean isOfSession() {
    return this == CONCURRENCY || this == LOCK_TIMEOUT_MILLIS || this == TRANSACTION_TIMEOUT_MILLIS
        || this == IDLE_TRANSACTION_TIMEOUT_MILLIS || this == STATEMENT_TIMEOUT_MILLIS;
  }

  /** Whether the value must not be shown. */
  boolean isSecret() {
    return this == PASSPHRASE || this == PASSWORD;
  }

  /** The option of that name; null if there is none. */
  static DriverOption find(String key) {
    for (DriverOption option : values()) {
      if (option.key.equals(key)) {
        return option;
      }
    }
    return null;
  }

  static List<DriverOption> applyingTo(JdbcUrl.Kind kind) {
    List<DriverOption> options = new ArrayList<>();
    for (DriverOption option : values()) {
      if (option.appliesTo(kind)) {
        options.add(option);
      }
    }
    return options;
  }
}
