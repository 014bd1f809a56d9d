/**
 * The MANIFEST: what the sealed store must hold. Its records are checkpoints of the directory and the edits that
 * flushes make (SPEICHER, section "MANIFEST").
 *
 * <p>Called by {@code store}; calls {@code leaf} and {@code codec}. Trusted.
 */
package org.treatydb.kv.enclave.manifest;
