package dev.monarch.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A service's process that shall be started, and how it is stopped if there is no Supervisor that
 * could do it.
 *
 * @param serviceGroup such as {@code web.default}: stands before its output, names it in {@link
 *     RunningService}
 * @param binary what is executed, without arguments: {@code svc/NAME/run}
 * @param environment all of it; nothing is inherited from the Launcher
 * @param runAs empty to run as the Launcher's own user, which needs no capabilities
 * @param stopSignal the package's {@code SHUTDOWN_SIGNAL}
 * @param stopTimeout from the signal to {@code KILL}
 * @param tag by which the process and all that it starts are found again
 */
public record SpawnRequest(
    String serviceGroup,
    Path binary,
    Map<String, String> environment,
    Optional<RunAs> runAs,
    Signal stopSignal,
    Duration stopTimeout,
    ProcessTag tag) {
  /** A service's name has 255 characters at most, a group as many, an organisation too. */
  static final int SERVICE_GROUP_CHARACTERS_MAX = 1024;

  public SpawnRequest {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    if (serviceGroup.isEmpty()
        || serviceGroup.length() > SERVICE_GROUP_CHARACTERS_MAX
        || serviceGroup.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "expected a service group of 1 to %d printable characters, found '%s'"
              .formatted(SERVICE_GROUP_CHARACTERS_MAX, serviceGroup));
    }
    if (!binary.isAbsolute()) {
      throw new IllegalArgumentException("expected an absolute path, found " + binary);
    }
    environment.forEach(
        (name, value) -> {
          if (name.isEmpty()
              || name.indexOf('=') >= 0
              || name.indexOf('\0') >= 0
              || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                "expected an environment variable, found '%s' with a value of %d characters"
                    .formatted(name, value.length()));
          }
        });
    if (stopTimeout.isNegative()) {
      throw new IllegalArgumentException("expected a time limit, found " + stopTimeout);
    }
  }
}
