/**
 * The untrusted side of a node: what {@code kv.host} does not have of its disk. Called by {@code node}; implements {@code boundary}.
 */
package org.treatydb.dist.host;
