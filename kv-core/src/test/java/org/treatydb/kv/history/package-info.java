/**
 * Histories of transactions on lists and sets of numbers, and a checker that finds out whether they are strictly serializable (the approach
 * of Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", VLDB 2020).
 *
 * <p>Called by the workloads, and by whoever records histories elsewhere; calls nothing of the engine. Test code, published as kv-core's
 * test jar.
 */
package org.treatydb.kv.history;
