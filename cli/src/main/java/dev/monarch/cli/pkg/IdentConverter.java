package dev.monarch.cli.pkg;

import dev.monarch.packages.MalformedIdentException;
import dev.monarch.packages.PackageIdent;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an ident of a command line. */
final class IdentConverter implements ITypeConverter<PackageIdent> {
  @Override
  public PackageIdent convert(String text) {
    try {
      return PackageIdent.parse(text);
    } catch (MalformedIdentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
