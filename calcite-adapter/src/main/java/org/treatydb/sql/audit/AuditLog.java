package org.treatydb.sql.audit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit log: the SLF4J logger {@value #NAME}, one line an event, {@code event=… name="value" …}. What comes from outside is
 * quoted and escaped, so that nobody can forge a line. Holds no passwords and no literals of statements. Stateless, thread-safe.
 */
public final class AuditLog {

  /** The logger's name. */
  public static final String NAME = "org.treatydb.audit";

  private static final Logger LOG = LoggerFactory.getLogger(NAME);

  private static final int VALUE_CHARACTERS_MAX = 2_000;

  private AuditLog() {}

  /** Somebody has signed in. */
  public static void signedIn(String user, String from) {
    LOG.info("event=sign-in outcome=ok user={} from={}", quoted(user), quoted(from));
  }

  /** Somebody could not sign in. */
  public static void refused(String user, String from, String reason) {
    LOG.warn("event=sign-in outcome=refused user={} from={} reason={}", quoted(user), quoted(from), quoted(reason));
  }

  /**
   * A statement that changed the schema, roles or privileges has committed.
   *
   * @param user who has signed in
   * @param role in whose name he worked
   * @param statement what it did to what
   */
  public static void changed(String user, String role, String statement) {
    LOG.info("event=change user={} role={} statement={}", quoted(user), quoted(role), quoted(statement));
  }

  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    String shown = value.length() > VALUE_CHARACTERS_MAX ? value.substring(0, VALUE_CHARACTERS_MAX) + "…" : value;
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
