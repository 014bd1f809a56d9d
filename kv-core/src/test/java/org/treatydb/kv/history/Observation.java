package org.treatydb.kv.history;

/**
 * A state of one key that a transaction saw.
 *
 * @param others what it saw of others: the state without its own appends
 * @param all the state it saw, its own appends at the end
 */
record Observation(int transaction, int key, boolean isSet, int[] others, int[] all) {}
