package org.treatydb.dist.channel;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import org.treatydb.dist.boundary.Peer;

/** Says who has shown these certificates, their own first, and refuses those who are not who they must be. Thread-safe. */
@FunctionalInterface
interface PeerCheck {
  Peer check(Certificate... chain) throws CertificateException;
}
