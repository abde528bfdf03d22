package dev.monarch.butterfly.election;

import dev.monarch.butterfly.membership.Entry;
import dev.monarch.butterfly.membership.MemberList;
import dev.monarch.wire.Health;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The members of a service group, as its quorum counts them (butterfly.md 9.2).
 *
 * <pre>
 *   owners      who ever told of a service in the group
 *   total       owners held alive, suspect or confirmed
 *   electorate  owners held alive
 *   quorum      more than half of the total is in the electorate
 * </pre>
 *
 * An owner that is not in the member list counts for nothing, and that holds for oneself too: who
 * is alone has no quorum. There is no least number; a group of one or two can elect.
 */
public final class Population {
  private final List<String> owners;
  private final Function<String, Optional<Health>> healthOf;

  /**
   * Reads the list anew at each question, so it is to be asked at once and not kept.
   *
   * @param owners ids of those that run a service of the group
   * @param healthOf what is believed about a member of the ring; empty if it is not known
   */
  public Population(Collection<String> owners, Function<String, Optional<Health>> healthOf) {
    this.owners = List.copyOf(owners);
    this.healthOf = healthOf;
  }

  /** The owners of a group's service rumors, with their health in a member list. */
  public static Population of(Collection<String> ownerIds, MemberList members) {
    return new Population(ownerIds, id -> members.find(id).map(Entry::health));
  }

  /** True if this member runs a service of the group, whatever its health. */
  public boolean includes(String memberId) {
    return owners.contains(memberId);
  }

  /** What is believed about a member of the ring, which need not belong to the group. */
  public Optional<Health> healthOf(String memberId) {
    return healthOf.apply(memberId);
  }

  /** Those who vote, in order of their ids. */
  public List<String> electorate() {
    return held(Health.ALIVE).toList();
  }

  /** Those a quorum is more than half of, in order of their ids. */
  public List<String> counted() {
    return owners.stream()
        .filter(id -> healthOf(id).filter(health -> health != Health.DEPARTED).isPresent())
        .sorted()
        .toList();
  }

  public boolean hasQuorum() {
    return held(Health.ALIVE).count() > counted().size() / 2;
  }

  /** True if every one of the electorate has voted. */
  public boolean isUnanimous(Collection<String> votes) {
    return held(Health.ALIVE).allMatch(votes::contains);
  }

  /** The confirmed member with the least id. */
  public Optional<String> firstConfirmed() {
    return held(Health.CONFIRMED).findFirst();
  }

  private Stream<String> held(Health health) {
    return owners.stream()
        .filter(id -> healthOf(id).filter(believed -> believed == health).isPresent())
        .sorted();
  }
}
