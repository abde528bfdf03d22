package dev.monarch.launcher;

/** How a process ended. */
public sealed interface ExitStatus {
  /**
   * By itself.
   *
   * @param code 0 to 255
   */
  record Code(int code) implements ExitStatus {
    public Code {
      if (code < 0 || code > 255) {
        throw new IllegalArgumentException("expected an exit code from 0 to 255, found " + code);
      }
    }

    @Override
    public String toString() {
      return "exit status: " + code;
    }
  }

  /**
   * By a signal.
   *
   * @param number 1 to 127: also the nameless real-time signals
   */
  record Killed(int number) implements ExitStatus {
    public Killed {
      if (number < 1 || number > 127) {
        throw new IllegalArgumentException("expected a signal from 1 to 127, found " + number);
      }
    }

    @Override
    public String toString() {
      return "signal: "
          + number
          + Signal.numbered(number).map(signal -> " (" + signal.longName() + ")").orElse("");
    }
  }

  /** As the original prints it: {@code exit status: 1} or {@code signal: 15 (SIGTERM)}. */
  @Override
  String toString();

  /** True for exit code 0. */
  default boolean isSuccess() {
    return this instanceof Code(int code) && code == 0;
  }
}
