package dev.monarch.butterfly.census;

import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.ServiceGroup;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A service group.
 *
 * @param leaderId who leads, or led last while another election runs
 * @param updateLeaderId who leads rolling updates, or led them last
 * @param pkgIncarnation the greatest of its members, unsigned
 * @param config the newest configuration an operator gave the group
 * @param files by file name
 * @param population by member id; empty for a group known through its files or configuration only
 */
public record CensusGroup(
    ServiceGroup group,
    ElectionState election,
    Optional<String> leaderId,
    ElectionState updateElection,
    Optional<String> updateLeaderId,
    long pkgIncarnation,
    Optional<ServiceConfigRumor> config,
    SortedMap<String, ServiceFileRumor> files,
    SortedMap<String, CensusMember> population) {
  public CensusGroup {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    population = Collections.unmodifiableSortedMap(new TreeMap<>(population));
  }

  /** The members that are alive or suspect, by id. */
  public List<CensusMember> active() {
    return population.values().stream().filter(CensusMember::isActive).toList();
  }

  /** The member that leads, if there is one. */
  public Optional<CensusMember> leader() {
    return leaderId.flatMap(id -> Optional.ofNullable(population.get(id)));
  }
}
