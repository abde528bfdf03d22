package dev.monarch.wire.control;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.RefusedException;
import dev.monarch.wire.ServiceGroup;
import java.nio.charset.StandardCharsets;
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
   * @param takesLines ours alone, an original skips it: the client shows console lines that come
   *     before the last reply, where an original's command would fail
   * @param waitSeconds ours alone as well: answer only when every live member of the group that
   *     tells has applied or rejected the version, or this time is over; a console line tells of
   *     each member, and the last reply is an error unless all that tell have applied it; an hour
   *     at most
   */
  record SvcSetCfg(
      ServiceGroup group,
      Bytes configuration,
      long version,
      boolean encrypted,
      boolean takesLines,
      OptionalLong waitSeconds)
      implements ConfigurationRequest {
    /** Who waits keeps a place at the gateway. */
    public static final long WAIT_SECONDS_MAX = 3_600;

    public SvcSetCfg {
      if (waitSeconds.orElse(0) < 0 || waitSeconds.orElse(0) > WAIT_SECONDS_MAX) {
        throw new IllegalArgumentException(
            "expected to wait for 0 to %d seconds, found %d; wait for less"
                .formatted(WAIT_SECONDS_MAX, waitSeconds.orElse(0)));
      }
    }

    /** As an original asks. */
    public SvcSetCfg(ServiceGroup group, Bytes configuration, long version, boolean encrypted) {
      this(group, configuration, version, encrypted, false, OptionalLong.empty());
    }
  }

  /**
   * Give a file to a service group.
   *
   * @param filename one part of a path
   * @param version must be greater than the last one to have an effect; unsigned
   * @param takesLines see {@link SvcSetCfg}
   */
  record SvcFilePut(
      ServiceGroup group,
      Bytes content,
      String filename,
      long version,
      boolean encrypted,
      boolean takesLines)
      implements ConfigurationRequest {
    /** What a file system takes as the name of a file. */
    private static final int FILENAME_BYTES_MAX = 255;

    /** As an original asks. */
    public SvcFilePut(
        ServiceGroup group, Bytes content, String filename, long version, boolean encrypted) {
      this(group, content, filename, version, encrypted, false);
    }

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
      int bytes = filename.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > FILENAME_BYTES_MAX) {
        throw new IllegalArgumentException(
            "expected a file name of at most %d bytes, found %s with %d"
                .formatted(FILENAME_BYTES_MAX, RefusedException.quote(filename), bytes));
      }
    }
  }

  /**
   * Mark a member as departed for good.
   *
   * @param memberId of a member that need not be known; an original's has 32 digits
   */
  record SupDepart(String memberId) implements SupervisorRequest {
    /** More than any id, and far less than what other members of a ring would refuse to hear. */
    private static final int ID_CHARS_MAX = 255;

    public SupDepart {
      if (memberId.isBlank()
          || memberId.length() > ID_CHARS_MAX
          || memberId.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "expected the id of a member, as GET /census and the Supervisor's output show it,"
                + " found "
                + RefusedException.quote(memberId));
      }
    }
  }

  /** Restart the Supervisor while its services go on. */
  record SupRestart() implements SupervisorRequest {}

  /**
   * Hand over the lead of a service group to another member; ours alone, an original does not know
   * it. Goes to the Supervisor that leads.
   */
  record SvcStepDown(ServiceGroup group) implements SupervisorRequest {}
}
