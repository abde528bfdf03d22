package dev.monarch.cli.sup;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.UsageErrors;
import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.supervisor.config.SupervisorOption.Form;
import dev.monarch.supervisor.config.SupervisorOptions;
import dev.monarch.wire.Ipv4;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code hab sup run}. Its options are the supervisor room's table, and what was given of them goes
 * there as it is; here only a wrong command line is told from a right one, in the original's words
 * and with its exit code.
 */
public final class RunCommand implements Callable<Integer> {
  /** Runs a Supervisor until it ends, and returns its exit code. */
  @FunctionalInterface
  public interface Program {
    int run(SupervisorOptions options, Surroundings surroundings) throws Exception;
  }

  /** Stands for an option that may come without its value and did. */
  private static final String NO_VALUE = "";

  private static final int PORT_MAX = 65_535;

  /** Options that exclude each other (supervisor.md 10.1). */
  private static final List<List<SupervisorOption>> CONFLICTS =
      List.of(
          List.of(SupervisorOption.PEER, SupervisorOption.LOCAL_GOSSIP_MODE),
          List.of(SupervisorOption.PEER_WATCH_FILE, SupervisorOption.LOCAL_GOSSIP_MODE),
          List.of(SupervisorOption.LISTEN_GOSSIP, SupervisorOption.LOCAL_GOSSIP_MODE),
          List.of(SupervisorOption.PEER, SupervisorOption.PEER_WATCH_FILE),
          List.of(SupervisorOption.RING, SupervisorOption.RING_KEY));

  /** Options that are nothing without others. */
  private static final Map<SupervisorOption, List<SupervisorOption>> NEEDS =
      Map.of(
          SupervisorOption.CERT_FILE, List.of(SupervisorOption.KEY_FILE),
          SupervisorOption.CA_CERT_FILE,
              List.of(SupervisorOption.CERT_FILE, SupervisorOption.KEY_FILE),
          SupervisorOption.EVENT_STREAM_URL,
              List.of(
                  SupervisorOption.EVENT_STREAM_APPLICATION,
                  SupervisorOption.EVENT_STREAM_ENVIRONMENT,
                  SupervisorOption.EVENT_STREAM_TOKEN));

  private final Surroundings surroundings;
  private final Program program;
  private final CommandSpec spec;
  private final Map<SupervisorOption, ArgSpec> arguments = new EnumMap<>(SupervisorOption.class);

  private RunCommand(Surroundings surroundings, Program program) {
    this.surroundings = surroundings;
    this.program = program;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command with all its options. */
  public static CommandSpec spec(Surroundings surroundings, Program program) {
    RunCommand run = new RunCommand(surroundings, program);
    run.spec
        .usageMessage()
        .header("Runs a Supervisor in the foreground.")
        .description(
            "It joins the ring of its peers and stays until it is stopped by Ctrl-C, a signal or"
                + " 'hab sup term'. Most options have an environment variable and a key in a"
                + " configuration file as well; the command line wins.");
    for (SupervisorOption option : SupervisorOption.values()) {
      ArgSpec argument = run.argument(option);
      run.arguments.put(option, argument);
      run.spec.add(argument);
    }
    run.spec.mixinStandardHelpOptions(true);
    return run.spec;
  }

  private ArgSpec argument(SupervisorOption option) {
    String[] description = OptionText.describe(option);
    if (option.form() == Form.ARGUMENT) {
      return PositionalParamSpec.builder()
          .paramLabel(option.name())
          .index("0")
          .arity("0..1")
          .type(String.class)
          .description(description)
          .build();
    }
    List<String> names = new ArrayList<>();
    option.shortFlag().ifPresent(names::add);
    names.add(option.flag());
    OptionSpec.Builder builder =
        OptionSpec.builder(names.toArray(String[]::new))
            .paramLabel(option.name())
            .hidden(option.hidden())
            .description(description);
    return switch (option.form()) {
      case SWITCH -> builder.arity("0").type(boolean.class).build();
      case LIST -> builder.arity("1").type(List.class).auxiliaryTypes(String.class).build();
      case OPTIONAL_PATH ->
          builder.arity("0..1").type(String.class).fallbackValue(NO_VALUE).build();
      case TEXT, SECRET, PATH, LISTENER, SECONDS, NUMBER, ARGUMENT ->
          builder.arity("1").type(String.class).build();
    };
  }

  @Override
  public Integer call() throws Exception {
    return program.run(given(), surroundings);
  }

  private SupervisorOptions given() {
    SupervisorOptions.Builder given = SupervisorOptions.builder();
    for (SupervisorOption option : SupervisorOption.values()) {
      List<String> values = values(option);
      if (values.isEmpty()) {
        continue;
      }
      for (String value : values) {
        check(option, value);
      }
      switch (option.form()) {
        case SWITCH -> {
          given.give(option);
        }
        case LIST -> given.giveAll(option, values);
        case OPTIONAL_PATH -> {
          if (values.getLast().equals(NO_VALUE)) {
            given.give(option);
          } else {
            given.give(option, values.getLast());
          }
        }
        case TEXT, SECRET, PATH, LISTENER, SECONDS, NUMBER, ARGUMENT ->
            given.give(option, values.getLast());
      }
    }
    CONFLICTS.stream()
        .filter(pair -> pair.stream().noneMatch(option -> values(option).isEmpty()))
        .findFirst()
        .ifPresent(
            pair -> {
              throw UsageErrors.conflict(spec, pair.getFirst().flag(), pair.getLast().flag());
            });
    NEEDS.forEach(this::requireNeeds);
    return given.build();
  }

  private void requireNeeds(SupervisorOption option, List<SupervisorOption> needed) {
    List<String> missing =
        needed.stream()
            .filter(n -> values(n).isEmpty())
            .filter(n -> n.environmentVariable().flatMap(surroundings::variable).isEmpty())
            .map(SupervisorOption::flag)
            .toList();
    if (!values(option).isEmpty() && !missing.isEmpty()) {
      throw UsageErrors.missing(spec, missing);
    }
  }

  /** What the command line gave; a switch has one value, whatever it is. */
  private List<String> values(SupervisorOption option) {
    return switch (arguments.get(option)) {
      case OptionSpec flag -> flag.stringValues();
      case PositionalParamSpec positional -> positional.stringValues();
      case null, default -> List.of();
    };
  }

  private void check(SupervisorOption option, String value) {
    switch (option.form()) {
      case LISTENER -> {
        int colon = value.indexOf(':');
        String ip = colon < 0 ? value : value.substring(0, colon);
        if (!Ipv4.isLiteral(ip) || (colon >= 0 && !isPort(value.substring(colon + 1)))) {
          throw UsageErrors.invalid(
              spec,
              option.flag(),
              value,
              "invalid socket address syntax, expected an IPv4 address and a port such as "
                  + option.standard().orElse("127.0.0.1:9638"));
        }
      }
      case SECONDS, NUMBER -> {
        if (!value.matches("[0-9]{1,18}")) {
          throw UsageErrors.invalid(
              spec, option.flag(), value, "invalid digit found in string, expected a whole number");
        }
      }
      case TEXT -> {
        List<String> choices = OptionText.choices(option);
        if (!choices.isEmpty() && !choices.contains(value)) {
          throw UsageErrors.invalid(spec, option.flag(), value, choices);
        }
      }
      case SWITCH, SECRET, PATH, OPTIONAL_PATH, LIST, ARGUMENT -> {}
    }
  }

  private static boolean isPort(String text) {
    return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= PORT_MAX;
  }
}
