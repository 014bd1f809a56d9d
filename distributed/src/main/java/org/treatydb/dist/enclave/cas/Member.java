package org.treatydb.dist.enclave.cas;

import java.util.regex.Pattern;
import org.treatydb.dist.boundary.Endpoint;
import org.treatydb.kv.api.ErrorCode;
import org.treatydb.kv.api.KvException;

/**
 * A node of the cluster, as its operator has named it. Immutable.
 *
 * @param id from 1 to {@value #ID_MAX}, the same for ever
 * @param name letters, digits, dots, hyphens, underscores: {@value #NAME_CHARS_MAX} at most
 * @param peers where its peers reach it
 * @param jdbc where JDBC clients reach it
 */
public record Member(int id, String name, Endpoint peers, Endpoint jdbc) {

  public static final int ID_MAX = 65_535;

  static final int NAME_CHARS_MAX = 63;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (NAME_CHARS_MAX - 1) + "}");

  /** Fails with {@link KvException.InvalidRequest} if id or name are out of bounds. */
  public Member {
    if (id < 1 || id > ID_MAX) {
      throw new KvException.InvalidRequest(ErrorCode.INVALID_ARGUMENT, "a node's id is from 1 to " + ID_MAX + ", not " + id);
    }
    if (!isName(name)) {
      throw new KvException.InvalidRequest(
          ErrorCode.INVALID_ARGUMENT, "a node's name is made of letters, digits, dots, hyphens and underscores, begins with one of the "
              + "first two, and has at most " + NAME_CHARS_MAX + " characters");
    }
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }
}
