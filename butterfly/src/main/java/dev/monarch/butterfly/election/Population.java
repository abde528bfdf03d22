package dev.monarch.butterfly.election;

import dev.monarch.butterfly.membership.Entry;
import dev.monarch.butterfly.membership.MemberList;
import dev.monarch.wire.Health;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The members of a service group, as its quorum counts them (butterfly.md 9.2).
 *
 * @param known those in the member list; others count for nothing
 */
public record Population(List<Entry> known) {
  public Population {
    known = List.copyOf(known);
  }

  /** The owners of a group's service rumors that are in the member list. */
  public static Population of(Collection<String> ownerIds, MemberList members) {
    return new Population(ownerIds.stream().map(members::find).flatMap(Optional::stream).toList());
  }

  /** More than half of those that have not departed are alive. */
  public boolean hasQuorum() {
    long total = known.stream().filter(entry -> entry.health() != Health.DEPARTED).count();
    long electorate = known.stream().filter(entry -> entry.health() == Health.ALIVE).count();
    return electorate > total / 2;
  }

  /** The confirmed member with the least id. */
  public Optional<Entry> firstConfirmed() {
    return known.stream()
        .filter(entry -> entry.health() == Health.CONFIRMED)
        .min(Comparator.comparing(Entry::id));
  }
}
