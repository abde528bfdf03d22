package dev.monarch.butterfly;

import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import java.util.List;

/**
 * What a member knows and what outlives it: the content of the rumor file (butterfly.md 10.2), in
 * its order.
 */
public record RingState(
    List<Membership> members,
    List<ServiceRumor> services,
    List<ServiceConfigRumor> serviceConfigs,
    List<ServiceFileRumor> serviceFiles,
    List<Election> elections,
    List<Election> updateElections,
    List<DepartureRumor> departures) {

  public static final RingState EMPTY =
      new RingState(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  public RingState {
    members = List.copyOf(members);
    services = List.copyOf(services);
    serviceConfigs = List.copyOf(serviceConfigs);
    serviceFiles = List.copyOf(serviceFiles);
    elections = List.copyOf(elections);
    updateElections = List.copyOf(updateElections);
    departures = List.copyOf(departures);
  }
}
