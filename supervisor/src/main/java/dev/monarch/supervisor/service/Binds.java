package dev.monarch.supervisor.service;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusMember;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.control.ServiceBind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether the groups that a service is bound to have what it needs (supervisor.md 6.7).
 *
 * <p>A bind is satisfied if its group is known, somebody in it is alive or suspect, and the leader,
 * or without one the first of those, exports every key that the package requires.
 */
public final class Binds {
  private final List<ServiceBind> given;
  private final Map<String, ? extends Iterable<String>> required;
  private final Function<Bytes, Set<String>> exportedKeys;

  /**
   * @param given the spec's binds
   * @param required what each bind of the package must export, optional ones included
   * @param exportedKeys the top-level keys of the configuration a member exports, TOML text; empty
   *     if it is not TOML
   */
  public Binds(
      List<ServiceBind> given,
      Map<String, ? extends Iterable<String>> required,
      Function<Bytes, Set<String>> exportedKeys) {
    this.given = List.copyOf(given);
    this.required = Map.copyOf(required);
    this.exportedKeys = exportedKeys;
  }

  /** One judgement for each bind of the spec, in its order. */
  public List<BindJudgement> judge(Function<String, Optional<CensusGroup>> census) {
    return given.stream().map(bind -> judge(bind, census)).toList();
  }

  private BindJudgement judge(ServiceBind bind, Function<String, Optional<CensusGroup>> census) {
    String name = bind.name();
    String text = bind.group().text();
    Optional<CensusGroup> group = census.apply(text);
    if (group.isEmpty()) {
      return unsatisfied(
          name,
          "The specified service group '%s' for binding '%s' is not (yet?) present in the census data."
              .formatted(text, name));
    }
    Optional<CensusMember> exporter = exporter(group.get());
    if (exporter.isEmpty()) {
      return unsatisfied(
          name,
          "The specified service group '%s' for binding '%s' is present in the census, but currently has no active members."
              .formatted(text, name));
    }
    Set<String> missing = new TreeSet<>();
    Optional.ofNullable(required.get(name)).ifPresent(keys -> keys.forEach(missing::add));
    missing.removeAll(exportedKeys.apply(exporter.get().cfg()));
    if (!missing.isEmpty()) {
      return unsatisfied(
          name,
          "The group '%s' cannot satisfy the `%s` bind because it does not export the following required fields: %s"
              .formatted(text, name, quoted(missing)));
    }
    return new BindJudgement(
        name, true, "The group '%s' satisfies the `%s` bind".formatted(text, name));
  }

  /** Present if somebody is active; a leader speaks for its group even if it is not. */
  private static Optional<CensusMember> exporter(CensusGroup group) {
    List<CensusMember> active = group.active();
    if (active.isEmpty()) {
      return Optional.empty();
    }
    return group.leader().or(() -> Optional.of(active.getFirst()));
  }

  private static BindJudgement unsatisfied(String bind, String text) {
    return new BindJudgement(bind, false, text);
  }

  private static String quoted(Set<String> keys) {
    return keys.stream().map(key -> "\"" + key + "\"").collect(Collectors.joining(", ", "{", "}"));
  }
}
