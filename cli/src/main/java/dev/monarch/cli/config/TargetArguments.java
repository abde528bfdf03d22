package dev.monarch.cli.config;

import dev.monarch.cli.ctl.GroupConverter;
import dev.monarch.wire.ServiceGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Whom it is for, and which version it is. */
final class TargetArguments {
  @Parameters(
      index = "0",
      paramLabel = "SERVICE_GROUP",
      converter = GroupConverter.class,
      description =
          "The service group, as SERVICE.GROUP or SERVICE.GROUP@ORGANIZATION, such as"
              + " redis.default.")
  @SuppressWarnings("NullAway.Init") // set by the parser
  private ServiceGroup group;

  @Parameters(
      index = "1",
      paramLabel = "VERSION_NUMBER",
      converter = VersionConverter.class,
      description = {
        "A whole number, greater than that of the version in use; the time will do:",
        "$(date +%%s)."
      })
  private long version;

  ServiceGroup group() {
    return group;
  }

  /** Unsigned. */
  long version() {
    return version;
  }

  /** Complaints are the original's. */
  private static final class VersionConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      if (!text.matches("\\+?[0-9]+")) {
        throw new TypeConversionException("invalid digit found in string");
      }
      try {
        return Long.parseUnsignedLong(text);
      } catch (NumberFormatException great) {
        throw new TypeConversionException("number too large to fit in target type");
      }
    }
  }
}
