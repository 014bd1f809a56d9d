package org.treatydb.jdbc.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.treatydb.jdbc.server.ServerCertificate;
import picocli.CommandLine.Option;

/** By which certificate clients are to know a server. */
final class TlsArguments {

  @Option(names = "--tls-certificate", required = true, paramLabel = "FILE", description = "Speak TLS, and show the certificates in this "
      + "PEM file, the server's own first.")
  private Path certificate;

  @Option(names = "--tls-key", required = true, paramLabel = "FILE", description = "The PEM file with the certificate's private key.")
  private Path key;

  /** Reads the files. */
  Supplier<ServerCertificate> read() throws IOException {
    ServerCertificate read = ServerCertificate.read(certificate, key);
    return () -> read;
  }
}
