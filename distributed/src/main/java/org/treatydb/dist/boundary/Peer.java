package org.treatydb.dist.boundary;

/**
 * Who has sent a request, as its certificate says.
 *
 * @param node the node's id, from 1 on; {@link #ANONYMOUS} for someone who has shown no certificate, which only the CAS serves
 */
public record Peer(int node) {

  public static final int ANONYMOUS = 0;
}
