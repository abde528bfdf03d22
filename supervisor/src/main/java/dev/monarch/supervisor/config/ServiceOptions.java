package dev.monarch.supervisor.config;

import dev.monarch.supervisor.config.Given.Source;
import dev.monarch.supervisor.service.RestartSettings;
import dev.monarch.wire.Ipv4;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.Ident;
import dev.monarch.wire.control.ServiceBind;
import dev.monarch.wire.control.SpecChange;
import dev.monarch.wire.control.Topology;
import dev.monarch.wire.control.UpdateCondition;
import dev.monarch.wire.control.UpdateStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a Supervisor was told about services.
 *
 * @param organization of all its services
 * @param sysIpAddress what templates see as {@code sys.ip}; found out if absent
 * @param load what {@code hab sup run PACKAGE} asks for: a forced load at every start
 */
public record ServiceOptions(
    Optional<String> organization,
    Optional<String> sysIpAddress,
    RestartSettings restart,
    Optional<SvcLoad> load) {

  /** Seconds of a day: what is longer is a mistake. */
  private static final long SECONDS_MAX = 86_400;

  /** Options about the package of the command line, which are nothing without one. */
  private static final List<SupervisorOption> ABOUT_THE_PACKAGE =
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
          SupervisorOption.SHUTDOWN_TIMEOUT,
          SupervisorOption.CONFIG_FROM);

  static ServiceOptions of(Map<SupervisorOption, Given> given, List<String> warnings)
      throws ConfigurationException {
    return new Reader(given).read(warnings);
  }

  /** One reading under way. */
  private record Reader(Map<SupervisorOption, Given> given) {

    ServiceOptions read(List<String> warnings) throws ConfigurationException {
      Optional<SvcLoad> load = load();
      List<String> idle =
          ABOUT_THE_PACKAGE.stream()
              .flatMap(option -> find(option).stream())
              .filter(value -> value.source() != Source.ENVIRONMENT)
              .map(Given::origin)
              .toList();
      if (load.isEmpty() && !idle.isEmpty()) {
        warnings.add(
            String.join(" and ", idle)
                + (idle.size() == 1 ? " has" : " have")
                + " no effect, because no package was given that should be loaded");
      }
      find(SupervisorOption.STRATEGY)
          .filter(strategy -> !strategy.value().equals("none"))
          .ifPresent(
              strategy ->
                  warnings.add(
                      "%s is kept in the service's spec, but this version does not update services yet"
                          .formatted(strategy.origin())));
      if (load.flatMap(SvcLoad::configFrom).isPresent()) {
        warnings.add(
            "--config-from replaces the package's own configuration and hooks; use it for"
                + " development only");
      }
      return new ServiceOptions(organization(), sysIpAddress(), restart(), load);
    }

    private Optional<Given> find(SupervisorOption option) {
      return Optional.ofNullable(given.get(option));
    }

    private Optional<String> text(SupervisorOption option) {
      return find(option).map(Given::value);
    }

    private Optional<SvcLoad> load() throws ConfigurationException {
      Optional<Given> argument = find(SupervisorOption.PKG_IDENT_OR_ARTIFACT);
      if (argument.isEmpty()) {
        return Optional.empty();
      }
      String text = argument.get().value();
      if (text.endsWith(".hart")) {
        throw new ConfigurationException(
            "expected the ident of an installed package, because this version does not install"
                + " .hart files yet, found "
                + text
                + "; install the package and give its ident");
      }
      Ident ident =
          Ident.parse(text)
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          "expected a package ident such as acme/web or acme/web/1.0.0 for %s, found \"%s\"; correct it"
                              .formatted(argument.get().origin(), text)));
      return Optional.of(new SvcLoad(ident, change(), text(SupervisorOption.CONFIG_FROM), true));
    }

    /** Everything that has a default is told, as the original's command line does. */
    private SpecChange change() throws ConfigurationException {
      List<ServiceBind> binds = binds();
      return new SpecChange(
          find(SupervisorOption.BIND).map(value -> binds),
          Optional.of(
              choice(
                  SupervisorOption.BINDING_MODE,
                  Map.of("strict", BindingMode.STRICT, "relaxed", BindingMode.RELAXED))),
          Optional.of(orStandard(SupervisorOption.BLDR_URL)),
          Optional.of(orStandard(SupervisorOption.CHANNEL)),
          Optional.of(group()),
          Optional.empty(),
          find(SupervisorOption.TOPOLOGY).isEmpty()
              ? Optional.empty()
              : Optional.of(
                  choice(
                      SupervisorOption.TOPOLOGY,
                      Map.of("standalone", Topology.STANDALONE, "leader", Topology.LEADER))),
          Optional.of(
              choice(
                  SupervisorOption.STRATEGY,
                  Map.of(
                      "none", UpdateStrategy.NONE,
                      "at-once", UpdateStrategy.AT_ONCE,
                      "rolling", UpdateStrategy.ROLLING))),
          Optional.of(
              choice(
                  SupervisorOption.UPDATE_CONDITION,
                  Map.of(
                      "latest", UpdateCondition.LATEST,
                      "track-channel", UpdateCondition.TRACK_CHANNEL))),
          OptionalLong.of(seconds(SupervisorOption.HEALTH_CHECK_INTERVAL, 1)),
          find(SupervisorOption.SHUTDOWN_TIMEOUT).isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(seconds(SupervisorOption.SHUTDOWN_TIMEOUT, 0)));
    }

    private String orStandard(SupervisorOption option) {
      return text(option).or(option::standard).orElseThrow();
    }

    private String group() throws ConfigurationException {
      String group = orStandard(SupervisorOption.GROUP);
      if (ServiceGroup.parse("service." + group).isEmpty()) {
        throw unexpected(SupervisorOption.GROUP, "a name without '.', '@' and '#'", group);
      }
      return group;
    }

    private List<ServiceBind> binds() throws ConfigurationException {
      List<ServiceBind> binds = new ArrayList<>();
      Optional<Given> value = find(SupervisorOption.BIND);
      if (value.isPresent()) {
        for (String text : value.get().values()) {
          int colon = text.indexOf(':');
          Optional<ServiceGroup> group = ServiceGroup.parse(text.substring(colon + 1));
          if (colon < 1 || group.isEmpty()) {
            throw unexpected(
                SupervisorOption.BIND, "NAME:SERVICE.GROUP such as db:postgresql.default", text);
          }
          binds.add(new ServiceBind(text.substring(0, colon), group.get()));
        }
      }
      return binds;
    }

    private <T> T choice(SupervisorOption option, Map<String, T> choices)
        throws ConfigurationException {
      String text = orStandard(option);
      T chosen = choices.get(text);
      if (chosen == null) {
        throw unexpected(
            option, String.join(" or ", choices.keySet().stream().sorted().toList()), text);
      }
      return chosen;
    }

    private RestartSettings restart() throws ConfigurationException {
      return new RestartSettings(
          Duration.ofSeconds(seconds(SupervisorOption.SERVICE_MIN_BACKOFF_PERIOD, 0)),
          Duration.ofSeconds(seconds(SupervisorOption.SERVICE_MAX_BACKOFF_PERIOD, 0)),
          Duration.ofSeconds(seconds(SupervisorOption.SERVICE_RESTART_COOLDOWN_PERIOD, 0)));
    }

    private long seconds(SupervisorOption option, long min) throws ConfigurationException {
      String text = text(option).or(option::standard).orElseThrow();
      if (text.matches("[0-9]{1,6}")) {
        long seconds = Long.parseLong(text);
        if (seconds >= min && seconds <= SECONDS_MAX) {
          return seconds;
        }
      }
      throw unexpected(option, "a whole number of %d to %d".formatted(min, SECONDS_MAX), text);
    }

    private Optional<String> organization() throws ConfigurationException {
      Optional<String> name = text(SupervisorOption.ORGANIZATION);
      if (name.isPresent() && ServiceGroup.parse("service.group@" + name.get()).isEmpty()) {
        throw unexpected(
            SupervisorOption.ORGANIZATION, "a name without '.', '@' and '#'", name.get());
      }
      return name;
    }

    private Optional<String> sysIpAddress() throws ConfigurationException {
      Optional<String> address = text(SupervisorOption.SYS_IP_ADDRESS);
      if (address.isPresent() && !Ipv4.isLiteral(address.get())) {
        throw unexpected(SupervisorOption.SYS_IP_ADDRESS, "an IPv4 address", address.get());
      }
      return address;
    }

    private ConfigurationException unexpected(
        SupervisorOption option, String expected, String found) {
      String origin = find(option).map(Given::origin).orElse(option.flag());
      return new ConfigurationException(
          "expected %s for %s, found \"%s\"; correct it".formatted(expected, origin, found));
    }
  }
}
