package dev.monarch.cli.svc;

import dev.monarch.cli.UsageErrors;
import picocli.CommandLine.Model.CommandSpec;

/** Whole numbers of seconds as they are typed. */
final class WholeSeconds {
  private static final long MAX_32 = 0xFFFF_FFFFL;

  private WholeSeconds() {}

  /** What fits into 32 bits. */
  static long of32(CommandSpec command, String flag, String text) {
    long seconds = of(command, flag, text);
    if (seconds > MAX_32) {
      throw UsageErrors.invalid(command, flag, text, "expected at most " + MAX_32);
    }
    return seconds;
  }

  /** What fits into 63 bits with room to spare. */
  static long of(CommandSpec command, String flag, String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw UsageErrors.invalid(
          command, flag, text, "invalid digit found in string, expected a whole number");
    }
    return Long.parseLong(text);
  }
}
