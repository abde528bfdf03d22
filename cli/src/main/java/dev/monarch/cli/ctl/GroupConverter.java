package dev.monarch.cli.ctl;

import dev.monarch.wire.ServiceGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a service group on a command line. */
public final class GroupConverter implements ITypeConverter<ServiceGroup> {
  @Override
  public ServiceGroup convert(String text) {
    return ServiceGroup.parse(text)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "Invalid service group, expected SERVICE.GROUP or SERVICE.GROUP@ORGANIZATION,"
                        + " such as redis.default"));
  }
}
