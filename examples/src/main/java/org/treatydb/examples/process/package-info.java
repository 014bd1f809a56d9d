/** Runs classes of the examples as processes of their own; called by the main job and the benchmarks. */
package org.treatydb.examples.process;
