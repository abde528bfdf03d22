package dev.monarch.wire.control;

import dev.monarch.wire.RefusedException;
import dev.monarch.wire.ServiceGroup;

/**
 * What a service takes a bind's members from: the bind's name in the package, and the group.
 * Written {@code name:service.group}.
 */
public record ServiceBind(String name, ServiceGroup group) {
  public ServiceBind {
    if (name.isEmpty() || name.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "expected the name of a bind without a colon, found " + RefusedException.quote(name));
    }
  }

  @Override
  public String toString() {
    return name + ":" + group;
  }
}
