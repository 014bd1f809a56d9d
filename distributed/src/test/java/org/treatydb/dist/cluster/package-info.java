/** Whole clusters in one process: real nodes, stores and logs over a network that loses what it is told to. */
package org.treatydb.dist.cluster;
