package org.treatydb.jdbc.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a request comes from.
 *
 * @param address as text
 * @param network what attempts to sign in are counted by: the address, and for IPv6 the /64 that it is in, which one host can have whole
 * @param sameMachine whether no network lies between: a loopback address, or the server's own
 * @param confidential whether nobody between can read what is sent: TLS, or no network between
 */
record Peer(String address, String network, boolean sameMachine, boolean confidential) {

  private static final int IPV6_NETWORK_BYTES = 8;

  /**
   * A peer.
   *
   * @param remote its address, in numbers
   * @param local the address it has connected to
   */
  static Peer of(String remote, String local, boolean tls) {
    try {
      InetAddress address = InetAddress.getByName(remote);
      boolean sameMachine = address.isLoopbackAddress() || address.equals(InetAddress.getByName(local));
      String network = address instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), IPV6_NETWORK_BYTES)) : address.getHostAddress();
      return new Peer(remote, network, sameMachine, tls || sameMachine);
    } catch (UnknownHostException e) {
      return new Peer(remote, remote, false, tls);
    }
  }
}
