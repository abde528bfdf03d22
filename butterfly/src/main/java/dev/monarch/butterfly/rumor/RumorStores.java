package dev.monarch.butterfly.rumor;

import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.Rumor.MemberRumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorKind;
import java.util.List;
import java.util.Optional;

/**
 * All rumors but those about members, which live in the member list.
 *
 * <p>Services, configurations and files are replaced by a higher incarnation; a departure stays as
 * it came first; what takes the place of an election {@link dev.monarch.butterfly.election}
 * decides. A service that came through an original lacks what originals do not pass on ({@link
 * ServiceRumor#applied}); it takes that over, once, from the same rumor that came another way. Each
 * store is bounded in number and bytes, and what does not fit any more is ignored.
 */
public final class RumorStores {
  /**
   * Encoded bytes of all rumors of one kind. An operator's file has 65,536 bytes at most
   * (butterfly.md 0.2), so this is a thousand of the largest.
   */
  static final long BYTES_MAX = 64L << 20;

  private static final RumorStore.Merge<ServiceRumor> NEWEST_SERVICE =
      RumorStore.newestOf(ServiceRumor::incarnation);

  private final RumorStore<ServiceRumor> services =
      new RumorStore<>(RumorStores::merged, BYTES_MAX);
  private final RumorStore<ServiceConfigRumor> serviceConfigs =
      new RumorStore<>(RumorStore.newestOf(ServiceConfigRumor::incarnation), BYTES_MAX);
  private final RumorStore<ServiceFileRumor> serviceFiles =
      new RumorStore<>(RumorStore.newestOf(ServiceFileRumor::incarnation), BYTES_MAX);
  private final RumorStore<ElectionRumor> elections =
      new RumorStore<>((stored, decided) -> Optional.of(decided), BYTES_MAX);
  private final RumorStore<ElectionUpdateRumor> updateElections =
      new RumorStore<>((stored, decided) -> Optional.of(decided), BYTES_MAX);
  private final RumorStore<DepartureRumor> departures =
      new RumorStore<>((stored, heard) -> Optional.empty(), BYTES_MAX);

  private static Optional<ServiceRumor> merged(ServiceRumor stored, ServiceRumor heard) {
    if (stored.applied().isEmpty()
        && heard.applied().isPresent()
        && heard.withApplied(Optional.empty()).equals(stored)) {
      return Optional.of(heard);
    }
    return NEWEST_SERVICE.merge(stored, heard);
  }

  /**
   * Stores what is news; false if nothing changed. A member's rumor is not for here.
   *
   * @throws IllegalArgumentException for a member's rumor
   */
  public boolean insert(Rumor rumor) {
    return switch (rumor) {
      case ServiceRumor service -> services.insert(service);
      case ServiceConfigRumor config -> serviceConfigs.insert(config);
      case ServiceFileRumor file -> serviceFiles.insert(file);
      case ElectionRumor election -> elections.insert(election);
      case ElectionUpdateRumor election -> updateElections.insert(election);
      case DepartureRumor departure -> departures.insert(departure);
      case MemberRumor member ->
          throw new IllegalArgumentException(
              "expected a rumor with a store, found one about member "
                  + member.membership().member().id());
    };
  }

  /**
   * The current version of a rumor, if it may be told. A finished election whose leader runs no
   * service in the group, as far as known here, is kept back: an original would stop over it
   * (butterfly.md 0.3 S10).
   */
  public Optional<? extends Rumor> find(RumorKey key) {
    return current(key)
        .filter(
            rumor ->
                !(rumor instanceof ElectionRumor(Election election) && isLeaderless(election)));
  }

  /** The current version of a rumor; members have none here. */
  public Optional<? extends Rumor> current(RumorKey key) {
    return store(key.kind()).flatMap(store -> store.find(key.key(), key.id()));
  }

  /** True for a finished election whose leader is no known owner of a service of the group. */
  public boolean isLeaderless(Election election) {
    return election.status() == ElectionStatus.FINISHED
        && services.find(election.group(), election.candidate()).isEmpty();
  }

  /** Ids of the members that run a service of this group. */
  public List<String> owners(String group) {
    return services.under(group).stream().map(ServiceRumor::memberId).toList();
  }

  public boolean hasDeparted(String memberId) {
    return departures.find("departure", memberId).isPresent();
  }

  public RumorStore<ServiceRumor> services() {
    return services;
  }

  public RumorStore<ServiceConfigRumor> serviceConfigs() {
    return serviceConfigs;
  }

  public RumorStore<ServiceFileRumor> serviceFiles() {
    return serviceFiles;
  }

  public RumorStore<ElectionRumor> elections() {
    return elections;
  }

  public RumorStore<ElectionUpdateRumor> updateElections() {
    return updateElections;
  }

  public RumorStore<DepartureRumor> departures() {
    return departures;
  }

  /** The store of a kind; a member's rumors have none. */
  public Optional<RumorStore<? extends Rumor>> store(RumorKind kind) {
    return switch (kind) {
      case MEMBER -> Optional.empty();
      case SERVICE -> Optional.of(services);
      case SERVICE_CONFIG -> Optional.of(serviceConfigs);
      case SERVICE_FILE -> Optional.of(serviceFiles);
      case ELECTION -> Optional.of(elections);
      case ELECTION_UPDATE -> Optional.of(updateElections);
      case DEPARTURE -> Optional.of(departures);
    };
  }
}
