package dev.monarch.cli.key;

import dev.monarch.packages.PackageIdent;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of an origin. */
record Origin(String name) {
  Origin {
    if (!PackageIdent.isOrigin(name)) {
      throw new IllegalArgumentException(
          "Invalid origin: '%s'. Expected a lowercase letter or a digit, then only these, - and _, 255 characters at most"
              .formatted(name));
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /** Reads an argument. */
  static final class Converter implements ITypeConverter<Origin> {
    @Override
    public Origin convert(String text) {
      try {
        return new Origin(text);
      } catch (IllegalArgumentException refused) {
        throw new TypeConversionException(refused.getMessage());
      }
    }
  }
}
