package org.treatydb.kv.enclave.codec;

/**
 * Bytes do not follow their format. Behind an authenticated seal this means a bug or another version, never an attack.
 */
public final class MalformedBytesException extends RuntimeException {
  public MalformedBytesException(String message) {
    super(message);
  }
}
