/**
 * The sealed log. WAL, Clog and MANIFEST are one class with three instances (TREATY, sections "secure logging" and
 * "stabilization").
 *
 * <p>A log is a chain of sealed batches in segment files. Records carry consecutive counter values; each batch is bound
 * to the digest of the one before. A record is <em>stable</em> once its batch is synced, or kept by the trusted counter, and the
 * counter has confirmed it; only stable records count after a restart, and a log whose stable part is
 * incomplete or changed is an integrity violation.
 *
 * <p>Called by {@code manifest}, {@code txn} and {@code store}; calls {@code crypto} and the boundary. Trusted.
 */
package org.treatydb.kv.enclave.log;
