package dev.monarch.wire.control;

import dev.monarch.wire.ServiceGroup;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a Supervisor says to a request (control.md 4.1): any number of partial replies, then one
 * last one.
 */
public sealed interface ControlReply {
  /** May come before the last reply. */
  sealed interface Partial extends ControlReply {}

  /** May end a conversation. */
  sealed interface Last extends ControlReply {}

  /** The request is accepted; what it asks for need not be done yet. */
  record NetOk() implements Last {}

  /** The request is refused. The text is for people. */
  record NetErr(ErrorCode code, String message) implements Last {}

  /**
   * A piece of text for the user's terminal.
   *
   * @param line with its own line feed if it ends a line
   * @param colour a name such as {@code Yellow}
   */
  record ConsoleLine(String line, Optional<String> colour, boolean bold) implements Partial {
    /** A whole line without colour. */
    public static ConsoleLine of(String text) {
      return new ConsoleLine(text + "\n", Optional.empty(), false);
    }
  }

  /**
   * How far a download is.
   *
   * @param total bytes expected, unsigned
   * @param position bytes so far, unsigned
   */
  record NetProgress(long total, long position) implements Partial {}

  /** The default configuration of a service as TOML; absent if its package has none. */
  record ServiceCfg(Optional<String> text) implements Last {}

  /**
   * One loaded service.
   *
   * @param ident of the package in use, in four parts
   * @param desiredState a stock command fails if it is absent
   */
  record ServiceStatus(
      Ident ident, ServiceProcess process, ServiceGroup group, Optional<DesiredState> desiredState)
      implements Partial, Last {}

  /**
   * The process of a service.
   *
   * @param elapsedSeconds since its state changed, unsigned
   */
  record ServiceProcess(OptionalLong elapsedSeconds, OptionalInt pid, ProcessState state) {}
}
