/**
 * Time, entropy and memory of the machine. Untrusted in principle; in a confidential VM entropy comes from the
 * processor.
 */
package org.treatydb.kv.host.system;
