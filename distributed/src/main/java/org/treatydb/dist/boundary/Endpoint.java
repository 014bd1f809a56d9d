package org.treatydb.dist.boundary;

import java.util.regex.Pattern;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * A host and a TCP port.
 *
 * @param host a name or an address; an IPv6 address without brackets
 */
public record Endpoint(String host, int port) {

  private static final int PORT_MAX = 65_535;
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

  /** Fails with {@link KvException.InvalidRequest} if it cannot be one. */
  public Endpoint {
    if (!HOST.matcher(host).matches() || port < 0 || port > PORT_MAX) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "no host with a port from 0 to " + PORT_MAX);
    }
  }

  /**
   * Reads {@code HOST:PORT} or {@code [IPV6]:PORT}.
   *
   * @throws KvException.InvalidRequest if the text is neither
   */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, Math.max(0, colon));
      boolean brackets = host.startsWith("[") && host.endsWith("]");
      if (brackets || host.indexOf(':') < 0) {
        return new Endpoint(brackets ? host.substring(1, host.length() - 1) : host, Integer.parseInt(text.substring(colon + 1)));
      }
    } catch (NumberFormatException | KvException.InvalidRequest e) {
      throw invalid(text);
    }
    throw invalid(text);
  }

  private static KvException invalid(String text) {
    return new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "'" + text + "' is not HOST:PORT");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
