package dev.monarch.supervisor.http;

import dev.monarch.butterfly.View;
import dev.monarch.butterfly.election.Explanation;
import dev.monarch.butterfly.election.Explanation.Situation;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.ServiceGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who leads a group and why, or why nobody does: what a group of the census has under our own key,
 * as soon as an election of it is known. {@code hab svc leader} shows it.
 */
final class LeadershipDocument {
  private LeadershipDocument() {}

  /** Whether there is anything to say. */
  static boolean concerns(View view, ServiceGroup group) {
    return view.state().elections().stream()
        .anyMatch(election -> election.group().equals(group.text()));
  }

  /**
   * The fields.
   *
   * @param nowNanos on the clock of the view's elections
   */
  static void write(Json json, View view, ServiceGroup group, long nowNanos) {
    Explanation told = Explanation.of(view, group);
    json.text("situation", name(told.situation()));
    json.text("explanation", told.text());
    json.text("leader_id", told.leaderId());
    told.term().ifPresent(term -> json.unsigned("term", term));
    told.suitability().ifPresent(suitability -> json.unsigned("suitability", suitability));
    told.sinceNanos()
        .ifPresent(
            since -> {
              Duration held = Duration.ofNanos(Math.max(0, nowNanos - since));
              json.text("since", Instant.now().minus(held).toString());
            });
    json.number("alive", told.alive());
    json.number("counted", told.counted());
    json.number("needed", told.needed());
    json.texts("waiting_for", waitingFor(told.situation()));
    json.object(
        "members",
        members ->
            told.members()
                .forEach(
                    one -> members.object(one.memberId(), fields -> voter(fields, view, one))));
  }

  private static void voter(Json json, View view, Explanation.Voter voter) {
    json.text("address", address(view, voter.memberId()));
    json.text("health", voter.health().map(LeadershipDocument::text));
    json.flag("counted", voter.counts());
    json.flag("voted", voter.voted());
  }

  private static String text(Health health) {
    return health.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<String> address(View view, String memberId) {
    return view.state().members().stream()
        .map(Membership::member)
        .filter(member -> member.id().equals(memberId))
        .map(member -> member.address() + ":" + member.gossipPort())
        .findFirst();
  }

  private static String name(Situation situation) {
    return switch (situation) {
      case Situation.Led _ -> "led";
      case Situation.Voting _ -> "voting";
      case Situation.WithoutQuorum _ -> "without_quorum";
      case Situation.Bereft _ -> "bereft";
      case Situation.UnknownLeader _ -> "unknown_leader";
      case Situation.NotElecting() -> "not_electing";
      case Situation.Unknown() -> "unknown";
    };
  }

  private static List<String> waitingFor(Situation situation) {
    return switch (situation) {
      case Situation.Voting(String _, List<String> missing) -> missing;
      case Situation.WithoutQuorum(List<String> waitingFor) -> waitingFor;
      case Situation.Led _,
          Situation.Bereft _,
          Situation.UnknownLeader _,
          Situation.NotElecting _,
          Situation.Unknown _ ->
          List.of();
    };
  }
}
