/**
 * The benchmarks: {@code examples/bench NAME [--quick]}. Each compares Treaty with a peer, or with itself with something
 * switched off, in the same run, durable, in alternating rounds, and reports medians. Beside its report a benchmark
 * prints each figure, as soon as it is known, as a line {@code figure NAME VALUE UNIT}; what it is doing goes to standard
 * error.
 */
package org.treatydb.examples.bench;
