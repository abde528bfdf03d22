package dev.monarch.cli.key;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a ring or a user is free text, as long as it is a line. */
final class KeyName implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    if (text.isEmpty() || text.lines().count() > 1 || text.endsWith("\n")) {
      throw new TypeConversionException("expected a name of one line");
    }
    return text;
  }
}
