package org.treatydb.examples.libraries;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the URL of a database: a parameter of type {@link ServerUrl}. One server process serves all test classes of the run. */
final class WithServer implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ServerUrl.class;
  }

  @Override
  public ServerUrl resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Shared shared = context.getRoot().getStore(ExtensionContext.Namespace.create(WithServer.class))
        .getOrComputeIfAbsent(Shared.class, key -> Shared.start(), Shared.class);
    return new ServerUrl(shared.server.url());
  }

  /** The server of the whole run, and its files. */
  private record Shared(Path directory, TreatyServer server) implements AutoCloseable {

    static Shared start() {
      try {
        Path directory = Files.createTempDirectory("treaty-libraries");
        return new Shared(directory, TreatyServer.start(directory));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
