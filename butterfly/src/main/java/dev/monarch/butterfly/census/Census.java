package dev.monarch.butterfly.census;

import dev.monarch.butterfly.View;
import dev.monarch.butterfly.census.CensusMember.Role;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorKind;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All service groups of a ring, as one member sees them.
 *
 * <p>A group exists as soon as a service rumor or a file names it. Elections and configuration add
 * to a group but make none. Who leads is known of a finished election only, and only if the one
 * elected belongs to the group; the original keeps the former leader's flag while a new election
 * runs, which here would need a memory.
 *
 * @param localMemberId the member that sees it so
 * @param groups by canonical text
 * @param counters accepted changes per store since the start
 */
public record Census(
    String localMemberId, SortedMap<String, CensusGroup> groups, Map<RumorKind, Long> counters) {

  public Census {
    groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    counters = Map.copyOf(counters);
  }

  public static Census of(View view) {
    var members = new HashMap<String, Membership>();
    view.state().members().forEach(known -> members.put(known.member().id(), known));

    var building = new TreeMap<String, Building>();
    for (ServiceRumor service : view.state().services()) {
      group(building, service.group()).services.put(service.memberId(), service);
    }
    for (ServiceFileRumor file : view.state().serviceFiles()) {
      group(building, file.group()).files.put(file.filename(), file);
    }
    for (ServiceConfigRumor config : view.state().serviceConfigs()) {
      known(building, config.group().text()).ifPresent(group -> group.config = Optional.of(config));
    }
    for (Election election : view.state().elections()) {
      known(building, election.group()).ifPresent(group -> group.election = Optional.of(election));
    }
    for (Election election : view.state().updateElections()) {
      known(building, election.group())
          .ifPresent(group -> group.updateElection = Optional.of(election));
    }

    String self = view.self().id();
    var groups = new TreeMap<String, CensusGroup>();
    building.forEach((text, group) -> groups.put(text, group.build(self, members)));
    var counters = new EnumMap<RumorKind, Long>(RumorKind.class);
    for (RumorKind kind : RumorKind.values()) {
      counters.put(kind, view.updateCounters().getOrDefault(kind, 0L));
    }
    return new Census(self, groups, counters);
  }

  private static Building group(Map<String, Building> building, ServiceGroup group) {
    return building.computeIfAbsent(group.text(), text -> new Building(group));
  }

  private static Optional<Building> known(Map<String, Building> building, String group) {
    return Optional.ofNullable(building.get(group));
  }

  /** A group while its rumors are gathered. */
  private static final class Building {
    private final ServiceGroup group;
    private final TreeMap<String, ServiceRumor> services = new TreeMap<>();
    private final TreeMap<String, ServiceFileRumor> files = new TreeMap<>();
    private Optional<ServiceConfigRumor> config = Optional.empty();
    private Optional<Election> election = Optional.empty();
    private Optional<Election> updateElection = Optional.empty();

    Building(ServiceGroup group) {
      this.group = group;
    }

    CensusGroup build(String self, Map<String, Membership> members) {
      Optional<String> leader = leader(election);
      Optional<String> updateLeader = leader(updateElection);
      var population = new TreeMap<String, CensusMember>();
      services.forEach(
          (id, service) ->
              population.put(
                  id,
                  member(
                      service,
                      Optional.ofNullable(members.get(id)),
                      id.equals(self),
                      role(election, leader, id),
                      role(updateElection, updateLeader, id))));
      return new CensusGroup(
          group,
          ElectionState.of(election),
          leader,
          ElectionState.of(updateElection),
          updateLeader,
          services.values().stream()
              .map(ServiceRumor::pkgIncarnation)
              .max(Long::compareUnsigned)
              .orElse(0L),
          config,
          files,
          population);
    }

    private Optional<String> leader(Optional<Election> decided) {
      return decided
          .filter(known -> known.status() == ElectionStatus.FINISHED)
          .map(Election::candidate)
          .filter(services::containsKey);
    }

    private static Role role(Optional<Election> decided, Optional<String> leader, String memberId) {
      if (decided.filter(known -> known.status() == ElectionStatus.FINISHED).isEmpty()) {
        return Role.NONE;
      }
      return leader.equals(Optional.of(memberId)) ? Role.LEADER : Role.FOLLOWER;
    }

    private static CensusMember member(
        ServiceRumor service,
        Optional<Membership> listed,
        boolean isSelf,
        Role role,
        Role updateRole) {
      Optional<Health> health = listed.map(Membership::health);
      return new CensusMember(
          service.memberId(),
          service.group(),
          service.pkg(),
          service.pkgIncarnation(),
          service.cfg(),
          listed.map(known -> reached(service.sys(), known)).orElse(service.sys()),
          listed.isPresent(),
          role,
          updateRole,
          health.isEmpty() && isSelf ? Optional.of(Health.ALIVE) : health);
    }

    /** A service often says {@code 0.0.0.0}; membership knows where its member really is. */
    private static SysInfo reached(SysInfo said, Membership known) {
      return new SysInfo(
          said.ip(),
          said.hostname(),
          known.member().address(),
          known.member().gossipPort(),
          said.httpGatewayIp(),
          said.httpGatewayPort(),
          said.ctlGatewayIp(),
          said.ctlGatewayPort());
    }
  }

  /** The members of a group that are alive or suspect, by id. */
  public List<CensusMember> active(String group) {
    return Optional.ofNullable(groups.get(group)).stream()
        .flatMap(known -> known.population().values().stream())
        .filter(CensusMember::isActive)
        .toList();
  }
}
