package org.treatydb.sql.type;

/**
 * Stored bytes that no codec of this package wrote. The store authenticates what it returns, so this means a defect, or a format from a
 * later version; the statement fails with SQLState XX001. The message tells what was found, never a value.
 */
public final class MalformedEncodingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public MalformedEncodingException(String message) {
    super("malformed encoding: " + message);
  }
}
