package org.treatydb.sql.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.treatydb.sql.api.SqlState;
import org.treatydb.sql.error.SqlFailure;

/**
 * What tells a password from others, and does not tell the password: Argon2id (RFC 9106) with the cost that OWASP recommends, 19 MiB and
 * two passes. Its text is the usual one, {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. Immutable, thread-safe; never prints anything.
 *
 * <p>Checking takes some tens of milliseconds and 19 MiB on purpose; {@value #AT_ONCE_MAX} checks are made at once in a process.
 */
public final class PasswordVerifier {

  /** How many bytes a password has at most, as UTF-8. */
  public static final int PASSWORD_BYTES_MAX = 1_024;

  static final int AT_ONCE_MAX = 4;

  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /** What a stored text can ask for at most. */
  private static final int MEMORY_KIB_MAX = 256 * 1024;
  private static final int PASSES_MAX = 16;
  private static final int LANES_MAX = 16;

  private static final Pattern TEXT = Pattern.compile(
      "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})\\$([A-Za-z0-9+/]{22})\\$([A-Za-z0-9+/]{43})");

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Semaphore AT_ONCE = new Semaphore(AT_ONCE_MAX, true);

  /** Accepts nothing: has the hash of nobody's password. */
  private static final PasswordVerifier DECOY = new PasswordVerifier(MEMORY_KIB, PASSES, LANES, random(SALT_BYTES), random(HASH_BYTES));

  private final int memoryKib;
  private final int passes;
  private final int lanes;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordVerifier(int memoryKib, int passes, int lanes, byte[] salt, byte[] hash) {
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.lanes = lanes;
    this.salt = salt;
    this.hash = hash;
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }

  /**
   * A verifier of a new password.
   *
   * @throws SqlFailure 22023 if it is empty or too long
   */
  public static PasswordVerifier of(String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    try {
      if (bytes.length == 0 || bytes.length > PASSWORD_BYTES_MAX) {
        throw new SqlFailure(SqlState.INVALID_PARAMETER_VALUE, "A password has 1 to " + PASSWORD_BYTES_MAX + " bytes.");
      }
      byte[] salt = random(SALT_BYTES);
      return new PasswordVerifier(MEMORY_KIB, PASSES, LANES, salt, hash(bytes, salt, MEMORY_KIB, PASSES, LANES));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** The verifier that {@link #text} gave; for null one that accepts nothing, with as much work. */
  public static PasswordVerifier parse(String text) {
    if (text == null) {
      return DECOY;
    }
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalStateException("A stored password verifier is none");
    }
    int memoryKib = Integer.parseInt(matcher.group(1));
    int passes = Integer.parseInt(matcher.group(2));
    int lanes = Integer.parseInt(matcher.group(3));
    if (memoryKib < 8 * lanes || memoryKib > MEMORY_KIB_MAX || passes < 1 || passes > PASSES_MAX || lanes < 1 || lanes > LANES_MAX) {
      throw new IllegalStateException("A stored password verifier is out of bounds");
    }
    return new PasswordVerifier(
        memoryKib, passes, lanes, Base64.getDecoder().decode(matcher.group(4)), Base64.getDecoder().decode(matcher.group(5)));
  }

  /** Whether this is its password, as UTF-8. */
  public boolean accepts(byte[] password) {
    return MessageDigest.isEqual(hash, hash(password, salt, memoryKib, passes, lanes));
  }

  private static byte[] hash(byte[] password, byte[] salt, int memoryKib, int passes, int lanes) {
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withSalt(salt)
        .withMemoryAsKB(memoryKib)
        .withIterations(passes)
        .withParallelism(lanes)
        .build());
    byte[] hash = new byte[HASH_BYTES];
    AT_ONCE.acquireUninterruptibly();
    try {
      argon2.generateBytes(password, hash);
    } finally {
      AT_ONCE.release();
    }
    return hash;
  }

  /** As text, to be kept. */
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=" + memoryKib + ",t=" + passes + ",p=" + lanes + "$" + base64.encodeToString(salt) + "$"
        + base64.encodeToString(hash);
  }
}
