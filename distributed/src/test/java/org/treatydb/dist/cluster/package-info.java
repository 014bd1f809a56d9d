/** Whole clusters: in one process over a network that loses what it is told to, and as processes that are killed. */
package org.treatydb.dist.cluster;
