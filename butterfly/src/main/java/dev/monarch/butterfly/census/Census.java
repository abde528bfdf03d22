package dev.monarch.butterfly.census;

import dev.monarch.butterfly.View;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionUpdateRumor;
import dev.monarch.wire.RumorKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All service groups of a ring, as one member sees them.
 *
 * <p>{@link CensusKeeper} puts it together and remembers who led last; a census made of a view has
 * nothing to remember, and shows no leader while an election runs.
 *
 * @param localMemberId the member that sees it so
 * @param groups by canonical text
 * @param counters accepted changes per store since the start
 */
public record Census(
    String localMemberId, SortedMap<String, CensusGroup> groups, Map<RumorKind, Long> counters) {

  public Census {
    groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    var all = new EnumMap<RumorKind, Long>(RumorKind.class);
    for (RumorKind kind : RumorKind.values()) {
      all.put(kind, counters.getOrDefault(kind, 0L));
    }
    counters = Map.copyOf(all);
  }

  public static Census of(View view) {
    return keeper(view).census(view.updateCounters());
  }

  /** A keeper that knows what a view shows. */
  public static CensusKeeper keeper(View view) {
    var keeper = new CensusKeeper(view.self().id());
    view.state().members().forEach(keeper::learn);
    view.state().services().forEach(keeper::learn);
    view.state().serviceConfigs().forEach(keeper::learn);
    view.state().serviceFiles().forEach(keeper::learn);
    view.state().elections().forEach(known -> keeper.learn(new ElectionRumor(known)));
    view.state().updateElections().forEach(known -> keeper.learn(new ElectionUpdateRumor(known)));
    view.lastLeaders().forEach(keeper::recall);
    return keeper;
  }

  /** The members of a group that are alive or suspect, by id. */
  public List<CensusMember> active(String group) {
    return Optional.ofNullable(groups.get(group)).map(CensusGroup::active).orElse(List.of());
  }
}
