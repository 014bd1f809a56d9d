/**
 * The deterministic simulator: a cluster of real nodes, whose threads one seeded scheduler runs one at a time, on simulated time, network
 * and disks, under faults and attacks. {@link org.treatydb.dist.simulation.Simulation} is one run; {@code distributed/bin/sim} makes many.
 */
package org.treatydb.dist.simulation;
