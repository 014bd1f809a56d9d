/**
 * The benchmarks: {@code examples/bench NAME [--quick]}. Each compares Treaty with a peer or a plain baseline in the
 * same run, durable, in alternating rounds, and reports medians. Beside its report a benchmark prints each figure as a
 * line {@code figure NAME VALUE UNIT}.
 */
package org.treatydb.examples.bench;
