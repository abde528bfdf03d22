package dev.monarch.butterfly.census;

import dev.monarch.butterfly.census.CensusMember.Role;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
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
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link Census} current, one piece of news at a time, and tells which groups the news
 * concerned: whoever renders a template wants to know that, and not that something happened
 * somewhere.
 *
 * <pre>
 *   news of                      concerns
 *   a service, a file, an        its group
 *   election, configuration
 *   a member                     the groups it runs services in
 *   a departure                  nothing; the member's health follows
 * </pre>
 *
 * <p>A group exists as soon as a service or a file names it; elections and configuration add to a
 * group but make none (supervisor.md 8.1). Each group is put together anew when it is next asked
 * for after news, so news costs nothing to whoever does not ask. News that repeats what is known,
 * or is older, concerns nobody.
 *
 * <p>Who led last leads in every template until another election has finished (butterfly.md 9.10),
 * so that a search for a leader does not turn a group's configuration over twice. An election that
 * finished for somebody whose service nobody has told of yet counts as running: where the original
 * would end itself (S10), the leader is a moment late.
 */
public final class CensusKeeper {
  private final String self;
  private final Map<String, Membership> members = new HashMap<>();
  private final Map<String, Set<String>> groupsOfMember = new HashMap<>();
  private final TreeMap<String, Group> groups = new TreeMap<>();
  private final TreeSet<String> concerned = new TreeSet<>();

  /**
   * @param localMemberId the member that sees it so; it is alive in its own eyes
   */
  public CensusKeeper(String localMemberId) {
    this.self = localMemberId;
  }

  /** What is believed about a member now. */
  public void learn(Membership membership) {
    String id = membership.member().id();
    Membership known = members.put(id, membership);
    if (known == null || !looksTheSame(known, membership)) {
      groupsOfMember.getOrDefault(id, Set.of()).forEach(this::concern);
    }
  }

  /** In a census, that is: an incarnation that rises when a suspicion is refuted does not show. */
  private static boolean looksTheSame(Membership one, Membership other) {
    return one.health() == other.health()
        && one.member().address().equals(other.member().address())
        && one.member().gossipPort() == other.member().gossipPort();
  }

  /** A rumor as it is stored now. */
  public void learn(Rumor rumor) {
    switch (rumor) {
      case MemberRumor member -> learn(member.membership());
      case ServiceRumor service -> learn(service);
      case ServiceFileRumor file -> learn(file);
      case ServiceConfigRumor config -> {
        Group group = group(config.group().text());
        if (isNews(group.config.map(ServiceConfigRumor::incarnation), config.incarnation())) {
          group.config = Optional.of(config);
          concern(config.group().text());
        }
      }
      case ElectionRumor(Election election) -> {
        Group group = group(election.group());
        if (group.election.learn(election)) {
          concern(election.group());
        }
      }
      case ElectionUpdateRumor(Election election) -> {
        Group group = group(election.group());
        if (group.updateElection.learn(election)) {
          concern(election.group());
        }
      }
      case DepartureRumor _ -> {}
    }
  }

  /** Who was elected last in a group, for who has not heard of that: its election goes on. */
  void recall(String group, String leader) {
    Group known = group(group);
    if (known.election.recall(leader)) {
      concern(group);
    }
  }

  private void learn(ServiceRumor service) {
    Group group = group(service.group().text());
    ServiceRumor known = group.services.get(service.memberId());
    if (isNews(Optional.ofNullable(known).map(ServiceRumor::incarnation), service.incarnation())
        || tellsMore(service, known)) {
      group.services.put(service.memberId(), service);
      groupsOfMember
          .computeIfAbsent(service.memberId(), id -> new HashSet<>())
          .add(service.group().text());
      concern(service.group().text());
    }
  }

  /** The same rumor, with what it had lost when it was heard first. */
  private static boolean tellsMore(ServiceRumor service, @Nullable ServiceRumor known) {
    return known != null
        && known.incarnation() == service.incarnation()
        && known.applied().isEmpty()
        && service.applied().isPresent();
  }

  private void learn(ServiceFileRumor file) {
    Group group = group(file.group().text());
    ServiceFileRumor known = group.files.get(file.filename());
    if (isNews(Optional.ofNullable(known).map(ServiceFileRumor::incarnation), file.incarnation())) {
      group.files.put(file.filename(), file);
      concern(file.group().text());
    }
  }

  private static boolean isNews(Optional<Long> known, long heard) {
    return known.isEmpty() || Long.compareUnsigned(heard, known.get()) > 0;
  }

  private Group group(String text) {
    return groups.computeIfAbsent(text, name -> new Group());
  }

  private void concern(String group) {
    group(group).built = null;
    concerned.add(group);
  }

  /** The groups that news concerned since the last time this was asked, by canonical text. */
  public SortedSet<String> takeConcerned() {
    var taken = new TreeSet<>(concerned);
    concerned.clear();
    return taken;
  }

  /** Every group heard of, existing or not: after this, news concerned each of them. */
  public void concernAll() {
    List.copyOf(groups.keySet()).forEach(this::concern);
  }

  /** The version of what a member last told of its service in a group, unsigned. */
  public OptionalLong incarnation(ServiceGroup group, String memberId) {
    Group known = groups.get(group.text());
    ServiceRumor service = known == null ? null : known.services.get(memberId);
    return service == null ? OptionalLong.empty() : OptionalLong.of(service.incarnation());
  }

  /** The newest configuration of a group, which need not exist yet. */
  public Optional<ServiceConfigRumor> configuration(String group) {
    return Optional.ofNullable(groups.get(group)).flatMap(known -> known.config);
  }

  /** A group as it is now; empty if no service and no file names it. */
  public Optional<CensusGroup> find(String group) {
    return Optional.ofNullable(groups.get(group))
        .filter(Group::exists)
        .map(found -> found.current(group));
  }

  /**
   * Everything, as it is now.
   *
   * @param counters accepted changes per store since the start
   */
  public Census census(Map<RumorKind, Long> counters) {
    var all = new TreeMap<String, CensusGroup>();
    for (String name : groups.keySet()) {
      find(name).ifPresent(group -> all.put(name, group));
    }
    return new Census(self, all, counters);
  }

  /** All that is known of a group, and what was last made of it. */
  private final class Group {
    private final TreeMap<String, ServiceRumor> services = new TreeMap<>();
    private final TreeMap<String, ServiceFileRumor> files = new TreeMap<>();
    private Optional<ServiceConfigRumor> config = Optional.empty();
    private final Decision election = new Decision();
    private final Decision updateElection = new Decision();
    private @Nullable CensusGroup built;

    boolean exists() {
      return !services.isEmpty() || !files.isEmpty();
    }

    CensusGroup current(String name) {
      CensusGroup known = built;
      if (known == null) {
        known = build(new ServiceGroup(name));
        built = known;
      }
      return known;
    }

    private CensusGroup build(ServiceGroup group) {
      Optional<String> leader = election.leader(services.keySet());
      Optional<String> updateLeader = updateElection.leader(services.keySet());
      var population = new TreeMap<String, CensusMember>();
      services.forEach(
          (id, service) ->
              population.put(id, member(service, role(leader, id), role(updateLeader, id))));
      return new CensusGroup(
          group,
          election.state(leader),
          leader,
          updateElection.state(updateLeader),
          updateLeader,
          greatestIncarnation(services.values()),
          config,
          files,
          population);
    }
  }

  /** The election of a group as it is stored, and the last one that finished. */
  private static final class Decision {
    private Optional<Election> stored = Optional.empty();
    private Optional<String> elected = Optional.empty();

    /** Returns whether that is news. */
    boolean learn(Election election) {
      if (stored.equals(Optional.of(election))) {
        return false;
      }
      stored = Optional.of(election);
      if (election.status() == ElectionStatus.FINISHED) {
        elected = Optional.of(election.candidate());
      }
      return true;
    }

    /** Returns whether that is news. */
    boolean recall(String leader) {
      boolean isNews = elected.isEmpty();
      elected = elected.or(() -> Optional.of(leader));
      return isNews;
    }

    Optional<String> leader(Set<String> members) {
      return elected.filter(members::contains);
    }

    ElectionState state(Optional<String> leader) {
      return ElectionState.of(stored, leader);
    }
  }

  private static long greatestIncarnation(Collection<ServiceRumor> services) {
    return services.stream()
        .map(ServiceRumor::pkgIncarnation)
        .max(Long::compareUnsigned)
        .orElse(0L);
  }

  private static Role role(Optional<String> leader, String memberId) {
    return leader.map(id -> id.equals(memberId) ? Role.LEADER : Role.FOLLOWER).orElse(Role.NONE);
  }

  private CensusMember member(ServiceRumor service, Role role, Role updateRole) {
    Optional<Membership> listed = Optional.ofNullable(members.get(service.memberId()));
    Optional<Health> health = listed.map(Membership::health);
    boolean isSelf = service.memberId().equals(self);
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
        health.isEmpty() && isSelf ? Optional.of(Health.ALIVE) : health,
        service.applied());
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
