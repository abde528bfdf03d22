package dev.monarch.wire.control;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.RefusedException;
import dev.monarch.wire.ServiceGroup;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a command asks of a Supervisor (control.md 4.3). A request without a field that the
 * Supervisor cannot do without does not exist as a record.
 */
public sealed interface ControlRequest {
  /** About one service or all of them. */
  sealed interface ServiceRequest extends ControlRequest {}

  /** About configuration and files of a service group. */
  sealed interface ConfigurationRequest extends ControlRequest {}

  /** About the Supervisor itself or the ring. */
  sealed interface SupervisorRequest extends ControlRequest {}

  /**
   * Load a service, installing its package if that is missing.
   *
   * @param configFrom a directory at the Supervisor's side to take configuration and hooks from
   *     instead of the package
   * @param force replace what is loaded under the name
   */
  record SvcLoad(Ident ident, SpecChange change, Optional<String> configFrom, boolean force)
      implements ServiceRequest {}

  /** Change the spec of a loaded service. */
  record SvcUpdate(Ident ident, SpecChange change) implements ServiceRequest {}

  /**
   * Stop a service and forget it.
   *
   * @param timeoutSeconds until it is killed, instead of its own time-out
   */
  record SvcUnload(Ident ident, OptionalLong timeoutSeconds) implements ServiceRequest {
    public SvcUnload {
      timeoutSeconds.ifPresent(Seconds::check32);
    }
  }

  /** Let a stopped service run. */
  record SvcStart(Ident ident) implements ServiceRequest {}

  /**
   * Stop a service and keep it loaded.
   *
   * @param timeoutSeconds until it is killed, instead of its own time-out
   */
  record SvcStop(Ident ident, OptionalLong timeoutSeconds) implements ServiceRequest {
    public SvcStop {
      timeoutSeconds.ifPresent(Seconds::check32);
    }
  }

  /** Tell about one service, or all. */
  record SvcStatus(Optional<Ident> ident) implements ServiceRequest {}

  /** Tell the default configuration of a running service. */
  record SvcGetDefaultCfg(Ident ident) implements ConfigurationRequest {}

  /**
   * Is this a configuration?
   *
   * @param group whom it is for; nothing is checked against it
   * @param configuration TOML in clear
   */
  record SvcValidateCfg(Optional<ServiceGroup> group, Bytes configuration)
      implements ConfigurationRequest {}

  /**
   * Tell a service group its configuration.
   *
   * @param configuration TOML, or a sealed box around it
   * @param version must be greater than the last one to have an effect; unsigned
   */
  record SvcSetCfg(ServiceGroup group, Bytes configuration, long version, boolean encrypted)
      implements ConfigurationRequest {}

  /**
   * Give a file to a service group.
   *
   * @param filename one part of a path
   * @param version must be greater than the last one to have an effect; unsigned
   */
  record SvcFilePut(
      ServiceGroup group, Bytes content, String filename, long version, boolean encrypted)
      implements ConfigurationRequest {
    public SvcFilePut {
      if (filename.isEmpty()
          || filename.equals(".")
          || filename.equals("..")
          || filename.indexOf('/') >= 0
          || filename.indexOf('\\') >= 0
          || filename.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "expected a file name without directories, found " + RefusedException.quote(filename));
      }
    }
  }

  /** Mark a member as departed for good. */
  record SupDepart(String memberId) implements SupervisorRequest {}

  /** Restart the Supervisor while its services go on. */
  record SupRestart() implements SupervisorRequest {}
}
