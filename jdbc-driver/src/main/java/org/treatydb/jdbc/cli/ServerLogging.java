package org.treatydb.jdbc.cli;

import ch.qos.logback.classic.Level;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.treatydb.jdbc.meta.SessionService;
import org.treatydb.sql.audit.AuditLog;

/** What those who run a server learn of who gets in. */
final class ServerLogging {

  private static final Logger LOG = LoggerFactory.getLogger(ServerLogging.class);

  private ServerLogging() {}

  /** Shows the audit log, which other commands keep to themselves as far as nobody is refused. */
  static void showAudit() {
    if (LoggerFactory.getLogger(AuditLog.NAME) instanceof ch.qos.logback.classic.Logger audit) {
      audit.setLevel(Level.INFO);
    }
  }

  /** Says who gets in; {@code served}: the address, as text. */
  static void warn(SessionService sessions, String served, boolean everybodyWelcome, boolean tls) throws SQLException {
    String wire = tls ? "" : "; there is no TLS";
    if (!sessions.requiresSignIn()) {
      LOG.warn("The database has no users: whoever {} {} can read and change everything{}. CREATE USER … SUPERUSER PASSWORD '…' ends that",
          everybodyWelcome ? "reaches" : "is on this machine and reaches", served, wire);
    } else if (!tls) {
      LOG.warn("{} is served without TLS: passwords are accepted from this machine only", served);
    }
  }
}
