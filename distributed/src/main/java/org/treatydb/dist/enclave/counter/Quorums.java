package org.treatydb.dist.enclave.counter;

/**
 * How many of the other nodes it takes. Every confirmation is known to one of those that recovery asks, and of two boots that want an epoch
 * only one gets it.
 *
 * @param members how many nodes there are besides the one that is counted for
 * @param confirmation how many must hold a head: with the node itself a majority
 * @param recovery how many must answer at a start, and promise an epoch
 */
record Quorums(int members, int confirmation, int recovery) {

  static Quorums of(int members) {
    int confirmation = (members + 1) / 2;
    return new Quorums(members, confirmation, members - confirmation + 1);
  }
}
