package dev.monarch.cli.ctl;

import dev.monarch.wire.control.Ident;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a package from a command line. */
public final class IdentConverter implements ITypeConverter<Ident> {
  @Override
  public Ident convert(String text) {
    return Ident.parse(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "Invalid package identifier: \"%s\". Expected origin/name, and maybe a version and a release, such as acme/redis"
                        .formatted(text)));
  }
}
