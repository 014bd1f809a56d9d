/**
 * Keys and seals: HKDF-SHA256 for deriving, Argon2id for passphrases, AES-256-GCM for sealing.
 *
 * <p>Called by every package that writes anything to the host. Calls the JDK's cryptography (bulk AES and SHA-256) and
 * Bouncy Castle (key derivation). Trusted; keys never leave it except to the classes here.
 */
package org.treatydb.kv.enclave.crypto;
