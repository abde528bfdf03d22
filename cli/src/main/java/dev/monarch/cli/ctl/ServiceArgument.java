package dev.monarch.cli.ctl;

import dev.monarch.wire.control.Ident;
import picocli.CommandLine.Parameters;

/** The service that a command is about. */
public final class ServiceArgument {
  @Parameters(
      index = "0",
      paramLabel = "PKG_IDENT",
      converter = IdentConverter.class,
      description = "The package of the service, such as core/redis or core/redis/7.2.4.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private Ident ident;

  public Ident ident() {
    return ident;
  }
}
