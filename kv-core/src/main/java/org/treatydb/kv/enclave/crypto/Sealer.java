package org.treatydb.kv.enclave.crypto;

import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.treatydb.kv.enclave.codec.ByteWriter;

/**
 * AES-256-GCM under one key (NIST SP 800-38D). Guarantees that what {@link #open} returns was sealed under this key,
 * nonce and context. Does not guarantee freshness: that is what counters and the directory are for. The caller never
 * uses a nonce twice. Thread-safe.
 */
public final class Sealer {

  /** Bytes a seal adds. */
  public static final int TAG_BYTES = 16;

  private static final String ALGORITHM = "AES/GCM/NoPadding";

  private static final byte[] NO_CONTEXT = {};

  private final SecretKeySpec key;
  private final Defences defences;
  private final ConcurrentLinkedQueue<Cipher> idle = new ConcurrentLinkedQueue<>();

  Sealer(SecretKey key) {
    this(key, Defences.ALL_ON);
  }

  Sealer(SecretKey key, Defences defences) {
    this.defences = defences;
    this.key = new SecretKeySpec(key.reveal(), "AES");
    key.destroy();
  }

  public byte[] seal(long nonce, SealContext context, byte[] plain, int offset, int length) {
    return run(Cipher.ENCRYPT_MODE, nonce, context, plain, offset, length)
        .orElseThrow(() -> new IllegalStateException("sealing never fails on a tag"));
  }

  /** The plaintext; empty if the bytes are not what was sealed here. */
  public Optional<byte[]> open(long nonce, SealContext context, byte[] sealed, int offset, int length) {
    if (!defences.isOn(Defences.Defence.TAG)) {
      return Optional.of(openUnchecked(nonce, sealed, offset, length));
    }
    return run(Cipher.DECRYPT_MODE, nonce, context, sealed, offset, length);
  }

  private Optional<byte[]> run(int mode, long nonce, SealContext context, byte[] input, int offset, int length) {
    Cipher cipher = idle.poll();
    try {
      if (cipher == null) {
        cipher = Cipher.getInstance(ALGORITHM);
      }
      cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonceBytes(nonce)));
      cipher.updateAAD(defences.isOn(Defences.Defence.PLACE) ? context.encode() : NO_CONTEXT);
      byte[] output = cipher.doFinal(input, offset, length);
      idle.offer(cipher);
      return Optional.of(output);
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's AES-GCM failed", e);
    }
  }

  /** What GCM decrypts before it looks at the tag. */
  private byte[] openUnchecked(long nonce, byte[] sealed, int offset, int length) {
    try {
      Cipher counterMode = Cipher.getInstance("AES/CTR/NoPadding");
      byte[] start = new ByteWriter(16).raw(nonceBytes(nonce)).i32(2).toByteArray();
      counterMode.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(start));
      return counterMode.doFinal(sealed, offset, Math.max(0, length - TAG_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's AES failed", e);
    }
  }

  private static byte[] nonceBytes(long nonce) {
    return new ByteWriter(12).i32(0).i64(nonce).toByteArray();
  }
}
