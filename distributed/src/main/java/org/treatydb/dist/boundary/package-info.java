/**
 * The interfaces between the trusted parts of a node and the network. What {@code kv.boundary} has for one node's disk, memory, time and
 * randomness is used here, too.
 */
package org.treatydb.dist.boundary;
