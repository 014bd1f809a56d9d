package org.treatydb.dist.simulation;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One connection between two processes, as TLS would protect it: each has its own keys, and a message opens in its direction, for its call,
 * once. Who answers is who was called, as far as certificates tell. Used by one thread at a time.
 */
final class SealedSession {

  private static final int KEY_BYTES = 16;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final SecretKeySpec ONE_FOR_ALL = new SecretKeySpec(new byte[KEY_BYTES], "AES");

  /** What is on the wire: the number of its call, and sealed bytes. {@code nonce}: under which they were sealed. */
  record Envelope(boolean isReply, long call, byte[] nonce, byte[] sealed) {}

  private final Control control;
  private final SecretKeySpec key;
  private final Set<Long> callsSeen = new LinkedHashSet<>();
  private final Set<Runnable> whenBroken = new LinkedHashSet<>();
  private long calls;
  private boolean broken;

  SealedSession(Control control, Random random) {
    this.control = control;
    byte[] drawn = new byte[KEY_BYTES];
    random.nextBytes(drawn);
    this.key = control == Control.MESSAGES_WITHOUT_PLACE ? ONE_FOR_ALL : new SecretKeySpec(drawn, "AES");
  }

  long nextCall() {
    return ++calls;
  }

  boolean isBroken() {
    return broken;
  }

  /** {@code then} runs if the connection breaks before {@link #forget}. */
  void whenBroken(Runnable then) {
    whenBroken.add(then);
  }

  void forget(Runnable then) {
    whenBroken.remove(then);
  }

  /** Nothing passes any more. */
  void breakUp() {
    broken = true;
    Set<Runnable> waiting = new LinkedHashSet<>(whenBroken);
    whenBroken.clear();
    waiting.forEach(Runnable::run);
  }

  Envelope seal(boolean isReply, long call, byte[] plain) {
    byte[] nonce = nonce(isReply, call);
    if (control == Control.PLAINTEXT_ON_THE_WIRE) {
      return new Envelope(isReply, call, nonce, plain.clone());
    }
    return new Envelope(isReply, call, nonce, crypt(Cipher.ENCRYPT_MODE, nonce, plain));
  }

  /** What an envelope holds that came for that call; null if it is not what the other end sent for it, or came before. */
  byte[] open(Envelope envelope, boolean isReply, long call) {
    if (control == Control.PLAINTEXT_ON_THE_WIRE) {
      return envelope.sealed.clone();
    }
    boolean placed = control != Control.MESSAGES_WITHOUT_PLACE;
    if (placed && !isReply && !callsSeen.add(call)) {
      return null;
    }
    byte[] nonce = placed ? nonce(isReply, call) : envelope.nonce;
    return crypt(Cipher.DECRYPT_MODE, nonce, envelope.sealed);
  }

  private static byte[] nonce(boolean isReply, long call) {
    return ByteBuffer.allocate(NONCE_BYTES).putInt(isReply ? 1 : 0).putLong(call).array();
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] bytes) {
    try {
      if (mode == Cipher.DECRYPT_MODE && control == Control.MESSAGES_WITHOUT_TAG) {
        // GCM encrypts as counter mode does from block 2 on.
        Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(mode, key, new IvParameterSpec(ByteBuffer.allocate(NONCE_BYTES + Integer.BYTES).put(nonce).putInt(2).array()));
        return cipher.doFinal(bytes, 0, Math.max(0, bytes.length - TAG_BYTES));
      }
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
      return cipher.doFinal(bytes);
    } catch (AEADBadTagException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
