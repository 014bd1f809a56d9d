/**
 * Bounds-checked reading and writing of the binary formats. Called by every format's codec class; calls nothing.
 * Trusted.
 */
package org.treatydb.kv.enclave.codec;
