package dev.monarch.butterfly;

import dev.monarch.butterfly.election.Tally;
import dev.monarch.wire.Member;
import dev.monarch.wire.RumorKind;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An immutable look at a member from outside.
 *
 * @param self its own record as sent, with the current incarnation; the address is empty unless
 *     known
 * @param state members and rumors, each list in a stable order (members by id, rumors by group,
 *     then id)
 * @param updateCounters accepted changes per store since the start
 * @param ignoredRumors rumors per kind that changed nothing
 * @param electionsSinceNanos by service group: since when its election is finished with the present
 *     leader and term, or is not finished with the present candidate and term
 * @param lastLeaders by service group: whom its last finished election named, also while another
 *     one runs
 * @param electionTallies by service group, of those this member runs a service of: how long they
 *     were without a leader
 * @param joined true if another member, heard by this one itself, is alive now
 */
public record View(
    Member self,
    RingState state,
    Map<RumorKind, Long> updateCounters,
    Map<RumorKind, Long> ignoredRumors,
    SortedMap<String, Long> electionsSinceNanos,
    SortedMap<String, String> lastLeaders,
    SortedMap<String, Tally> electionTallies,
    boolean joined) {
  public View {
    updateCounters = Map.copyOf(updateCounters);
    ignoredRumors = Map.copyOf(ignoredRumors);
    electionsSinceNanos = Collections.unmodifiableSortedMap(new TreeMap<>(electionsSinceNanos));
    lastLeaders = Collections.unmodifiableSortedMap(new TreeMap<>(lastLeaders));
    electionTallies = Collections.unmodifiableSortedMap(new TreeMap<>(electionTallies));
  }
}
