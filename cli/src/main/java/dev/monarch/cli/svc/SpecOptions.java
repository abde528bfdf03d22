package dev.monarch.cli.svc;

import dev.monarch.cli.Surroundings;
import dev.monarch.cli.UsageErrors;
import dev.monarch.cli.sup.OptionText;
import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.ServiceBind;
import dev.monarch.wire.control.SpecChange;
import dev.monarch.wire.control.Topology;
import dev.monarch.wire.control.UpdateCondition;
import dev.monarch.wire.control.UpdateStrategy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options that say how a service is to run, which a load and an update have both. They are
 * those of {@code sup run}, from the same table.
 *
 * <p>A load says everything, so that a service does not depend on what the Supervisor's release
 * takes for usual; an update says what was typed and no more. The original's update always names
 * the channel and the update condition, and so resets them (supervisor.md 3.6).
 */
final class SpecOptions {
  /** Whether what is not typed is said at its default. */
  enum Saying {
    EVERYTHING,
    WHAT_IS_TYPED
  }

  private static final List<SupervisorOption> OPTIONS =
      List.of(
          SupervisorOption.CHANNEL,
          SupervisorOption.BLDR_URL,
          SupervisorOption.GROUP,
          SupervisorOption.TOPOLOGY,
          SupervisorOption.STRATEGY,
          SupervisorOption.UPDATE_CONDITION,
          SupervisorOption.BIND,
          SupervisorOption.BINDING_MODE,
          SupervisorOption.HEALTH_CHECK_INTERVAL,
          SupervisorOption.SHUTDOWN_TIMEOUT);

  /** Stands for an option that came without a bind: blanks name none. */
  private static final String NO_BINDS = " ";

  private final CommandSpec command;
  private final Saying saying;
  private final Map<SupervisorOption, OptionSpec> options = new EnumMap<>(SupervisorOption.class);

  /** Adds the options to the command. */
  SpecOptions(CommandSpec command, Saying saying) {
    this.command = command;
    this.saying = saying;
    for (SupervisorOption option : OPTIONS) {
      OptionSpec spec = spec(option);
      options.put(option, spec);
      command.addOption(spec);
    }
  }

  private OptionSpec spec(SupervisorOption option) {
    OptionSpec.Builder builder =
        OptionSpec.builder(names(option))
            .paramLabel(option.name())
            .description(OptionText.describe(option, notes(option)));
    if (option != SupervisorOption.BIND) {
      return builder.arity("1").type(String.class).build();
    }
    builder.type(List.class).auxiliaryTypes(String.class);
    return saying == Saying.EVERYTHING
        ? builder.arity("1").build()
        : builder.arity("0..1").fallbackValue(NO_BINDS).build();
  }

  private String[] names(SupervisorOption option) {
    Optional<String> brief =
        option == SupervisorOption.HEALTH_CHECK_INTERVAL && saying == Saying.WHAT_IS_TYPED
            ? Optional.of("-i")
            : option.shortFlag();
    return brief
        .map(one -> new String[] {one, option.flag()})
        .orElseGet(() -> new String[] {option.flag()});
  }

  private List<String> notes(SupervisorOption option) {
    return switch (saying) {
      case EVERYTHING ->
          option == SupervisorOption.BLDR_URL
              ? List.of("[env: HAB_BLDR_URL] [default: " + option.standard().orElseThrow() + "]")
              : option.standard().map(value -> "[default: " + value + "]").stream().toList();
      case WHAT_IS_TYPED ->
          option == SupervisorOption.BIND
              ? List.of("[without a value: no binds any more]")
              : List.of();
    };
  }

  /** What the command line says, checked. */
  SpecChange change(Surroundings surroundings) {
    return new SpecChange(
        binds(),
        choice(SupervisorOption.BINDING_MODE, BindingMode.values()),
        builderUrl(surroundings),
        value(SupervisorOption.CHANNEL),
        group(),
        Optional.empty(),
        choice(SupervisorOption.TOPOLOGY, Topology.values()),
        choice(SupervisorOption.STRATEGY, UpdateStrategy.values()),
        choice(SupervisorOption.UPDATE_CONDITION, UpdateCondition.values()),
        seconds(SupervisorOption.HEALTH_CHECK_INTERVAL),
        timeout());
  }

  private Optional<String> typed(SupervisorOption option) {
    List<String> values = values(option);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
  }

  private List<String> values(SupervisorOption option) {
    OptionSpec spec = options.get(option);
    return spec == null ? List.of() : spec.stringValues();
  }

  /** What was typed, or what is said anyway. */
  private Optional<String> value(SupervisorOption option) {
    return typed(option)
        .or(() -> saying == Saying.EVERYTHING ? option.standard() : Optional.empty());
  }

  private Optional<String> group() {
    Optional<String> group = value(SupervisorOption.GROUP);
    if (group.filter(name -> name.isEmpty() || name.matches(".*[.@#].*")).isPresent()) {
      throw UsageErrors.invalid(
          command,
          SupervisorOption.GROUP.flag(),
          group.get(),
          "expected a name without '.', '@' and '#', such as default");
    }
    return group;
  }

  /** Only what is typed is normalised, as the original does: a root path becomes a slash. */
  private Optional<String> builderUrl(Surroundings surroundings) {
    Optional<String> typed = typed(SupervisorOption.BLDR_URL);
    if (typed.isPresent()) {
      return Optional.of(normalised(typed.get()));
    }
    return switch (saying) {
      case EVERYTHING ->
          surroundings
              .variable("HAB_BLDR_URL")
              .or(() -> surroundings.variable("HAB_DEPOT_URL"))
              .or(SupervisorOption.BLDR_URL::standard);
      case WHAT_IS_TYPED -> Optional.empty();
    };
  }

  private String normalised(String text) {
    try {
      URI url = new URI(text);
      if (url.getScheme() != null && url.getHost() != null) {
        return "".equals(url.getRawPath()) && url.getRawQuery() == null ? text + "/" : text;
      }
    } catch (URISyntaxException none) {
      // Told below, as what is a URI but no URL.
    }
    throw UsageErrors.invalid(
        command,
        SupervisorOption.BLDR_URL.flag(),
        text,
        "expected a URL such as https://bldr.habitat.sh");
  }

  private <E extends Enum<E>> Optional<E> choice(SupervisorOption option, E[] all) {
    return value(option)
        .map(
            text ->
                Arrays.stream(all)
                    .filter(one -> word(one).equals(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            UsageErrors.invalid(
                                command, option.flag(), text, OptionText.choices(option))));
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Optional<List<ServiceBind>> binds() {
    List<String> typed = values(SupervisorOption.BIND);
    return typed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            typed.stream()
                .flatMap(value -> Arrays.stream(value.split("\\s+")))
                .filter(value -> !value.isEmpty())
                .map(this::bind)
                .toList());
  }

  private ServiceBind bind(String text) {
    int colon = text.indexOf(':');
    Optional<ServiceGroup> group =
        colon <= 0 || colon != text.lastIndexOf(':')
            ? Optional.empty()
            : ServiceGroup.parse(text.substring(colon + 1));
    return group
        .map(found -> new ServiceBind(text.substring(0, colon), found))
        .orElseThrow(
            () ->
                UsageErrors.invalid(
                    command,
                    SupervisorOption.BIND.flag(),
                    text,
                    "Invalid binding '%s', expected NAME:SERVICE.GROUP such as database:postgresql.default"
                        .formatted(text)));
  }

  private OptionalLong seconds(SupervisorOption option) {
    return value(option)
        .map(text -> OptionalLong.of(WholeSeconds.of(command, option.flag(), text)))
        .orElseGet(OptionalLong::empty);
  }

  private OptionalLong timeout() {
    SupervisorOption option = SupervisorOption.SHUTDOWN_TIMEOUT;
    return value(option)
        .map(text -> OptionalLong.of(WholeSeconds.of32(command, option.flag(), text)))
        .orElseGet(OptionalLong::empty);
  }
}
