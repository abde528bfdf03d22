package dev.monarch.cli.config;

import dev.monarch.cli.UsageErrors;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether to wait for the members of the group, how long, and how to tell of them. */
final class WaitOption {
  private static final String WAIT = "--wait";
  private static final String STANDARD_SECONDS = "60";

  @Option(
      names = WAIT,
      arity = "0..1",
      fallbackValue = STANDARD_SECONDS,
      preprocessor = OnlyJoined.class,
      paramLabel = "SECONDS",
      description = {
        "Wait until every live member of the group has applied or rejected it, and tell of each;"
            + " end with 0 only if all that tell have applied it. A time goes behind an equals"
            + " sign: --wait=10. [default: "
            + STANDARD_SECONDS
            + "]",
        "Needs a Monarch Supervisor. Original members do not tell, and are not waited for."
      })
  private Optional<String> seconds = Optional.empty();

  @Option(
      names = "--json",
      description = "With --wait: print the members as an array of objects for programs.")
  private boolean json;

  /** Empty if there is nobody to wait for. */
  OptionalLong seconds(CommandSpec command) {
    if (json && seconds.isEmpty()) {
      throw UsageErrors.missing(command, List.of(WAIT));
    }
    return seconds
        .map(text -> OptionalLong.of(valid(command, text)))
        .orElseGet(OptionalLong::empty);
  }

  private static long valid(CommandSpec command, String text) {
    if (text.matches("[0-9]{1,9}") && Long.parseLong(text) <= SvcSetCfg.WAIT_SECONDS_MAX) {
      return Long.parseLong(text);
    }
    throw UsageErrors.invalid(
        command, WAIT, text, "expected 0 to " + SvcSetCfg.WAIT_SECONDS_MAX + " seconds");
  }

  boolean isJson() {
    return json;
  }

  /** The word behind {@code --wait} is the service group, unless they are joined. */
  @SuppressWarnings("JdkObsolete") // the parser's choice
  private static final class OnlyJoined implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> how) {
      if (!"=".equals(how.get("separator"))) {
        words.push(STANDARD_SECONDS);
      }
      return false;
    }
  }
}
