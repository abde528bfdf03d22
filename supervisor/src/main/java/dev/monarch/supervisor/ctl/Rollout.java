package dev.monarch.supervisor.ctl;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusMember;
import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.AppliedConfiguration.Outcome;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.ConsoleLine;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the live members of a group make of one version of its configuration, one after the other
 * ({@code hab config apply --wait}).
 *
 * <pre>
 *   a live member          has told of                 counts as
 *   tells                  having applied this         applied, for good
 *                          version or a newer
 *                          having rejected one         rejected, unless it applies it after all
 *                          an older one, or none       awaited
 *                          being down                  down: it is not waited for
 *   never told             -                           not telling: it is not waited for
 *   any, dead meanwhile                                not live: it is not waited for
 * </pre>
 *
 * <p>What was rejected may be applied after all: a key arrives that was missing, or somebody else
 * applies a newer version. The member is told of again then, and the last that is told counts.
 *
 * <p>A member that told once goes on counting as telling: its next rumor may come through an
 * original, which takes what we tell each other out of it, and be made whole a moment later.
 */
public final class Rollout {
  private final ServiceGroup group;
  private final long version;
  private final SortedMap<String, CensusMember> live = new TreeMap<>();
  private final SortedMap<String, AppliedConfiguration> told = new TreeMap<>();
  private final SortedMap<String, AppliedConfiguration> settled = new TreeMap<>();

  /**
   * @param version unsigned
   */
  public Rollout(ServiceGroup group, long version) {
    this.group = group;
    this.version = version;
  }

  /**
   * Looks at the group as it is now.
   *
   * @return a line for each member that has come to an end since the last look, or to a better one
   */
  public List<ConsoleLine> look(Optional<CensusGroup> now) {
    live.clear();
    var lines = new ArrayList<ConsoleLine>();
    for (CensusMember member : now.map(CensusGroup::active).orElse(List.of())) {
      live.put(member.memberId(), member);
      if (member.applied().isPresent()) {
        told.put(member.memberId(), member.applied().get());
        settle(member, member.applied().get()).ifPresent(lines::add);
      }
    }
    return lines;
  }

  private Optional<ConsoleLine> settle(CensusMember member, AppliedConfiguration outcome) {
    boolean isEnd =
        switch (outcome.outcome()) {
          case APPLIED -> !hasApplied(member);
          case REJECTED -> !settled.containsKey(member.memberId());
          case NONE, DOWN -> false;
        };
    if (!isEnd || Long.compareUnsigned(outcome.version(), version) < 0) {
      return Optional.empty();
    }
    settled.put(member.memberId(), outcome);
    String reason = outcome.reason().isEmpty() ? "" : ": " + outcome.reason();
    return Optional.of(
        line(
            outcome.outcome().text()
                + " version "
                + Long.toUnsignedString(outcome.version())
                + reason,
            member));
  }

  private boolean hasApplied(CensusMember member) {
    AppliedConfiguration end = settled.get(member.memberId());
    return end != null && end.outcome() == Outcome.APPLIED;
  }

  /** True if no live member is awaited any more. */
  public boolean isSettled() {
    return awaited().isEmpty();
  }

  private List<CensusMember> awaited() {
    return live.values().stream()
        .filter(member -> told.containsKey(member.memberId()))
        .filter(member -> !settled.containsKey(member.memberId()))
        .filter(member -> !isDown(member))
        .toList();
  }

  private boolean isDown(CensusMember member) {
    return lastOf(member).outcome() == Outcome.DOWN;
  }

  private AppliedConfiguration lastOf(CensusMember member) {
    return told.getOrDefault(member.memberId(), AppliedConfiguration.NONE);
  }

  private List<CensusMember> down() {
    return live.values().stream()
        .filter(member -> !settled.containsKey(member.memberId()))
        .filter(this::isDown)
        .toList();
  }

  private List<CensusMember> silent() {
    return live.values().stream().filter(member -> !told.containsKey(member.memberId())).toList();
  }

  /** A line for each member that has not come to an end. */
  public List<ConsoleLine> rest() {
    var lines = new ArrayList<ConsoleLine>();
    for (CensusMember member : awaited()) {
      AppliedConfiguration last = lastOf(member);
      lines.add(
          line(
              last.outcome() == Outcome.NONE
                  ? "timed out, without any configuration yet"
                  : "timed out, last told of version " + Long.toUnsignedString(last.version()),
              member));
    }
    for (CensusMember member : down()) {
      lines.add(line("down, and will apply it when it starts", member));
    }
    for (CensusMember member : silent()) {
      lines.add(line("does not tell, as an original Supervisor", member));
    }
    if (live.isEmpty() && settled.isEmpty()) {
      lines.add(ConsoleLine.of("no member runs " + group + " now; who joins will apply it"));
    }
    return lines;
  }

  /** How it ended; an error unless every member that tells has applied the version. */
  public ControlReply.Last verdict(Duration limit) {
    long rejected =
        settled.values().stream().filter(one -> one.outcome() == Outcome.REJECTED).count();
    int awaited = awaited().size();
    if (rejected == 0 && awaited == 0) {
      return new NetOk();
    }
    var causes = new ArrayList<String>();
    if (rejected > 0) {
      causes.add(rejected + " rejected it");
    }
    if (awaited > 0) {
      causes.add("%d did not tell within %d s".formatted(awaited, limit.toSeconds()));
    }
    return new NetErr(
        ErrorCode.INTERNAL,
        "expected all members of %s to apply version %s, %s; look at the Supervisors there"
            .formatted(group, Long.toUnsignedString(version), String.join(" and ", causes)));
  }

  private static ConsoleLine line(String what, CensusMember member) {
    return ConsoleLine.of(
        "%s (%s): %s"
            .formatted(printable(member.sys().hostname()), printable(member.memberId()), what));
  }

  /** Names come from the ring and are shown on a terminal. */
  private static String printable(String name) {
    return name.codePoints()
        .limit(80)
        .mapToObj(c -> Character.isISOControl(c) ? " " : Character.toString(c))
        .collect(Collectors.joining());
  }
}
