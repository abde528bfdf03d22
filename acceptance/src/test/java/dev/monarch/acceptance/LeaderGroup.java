package dev.monarch.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A service group of topology leader: how one gets into it, and what its members say at their
 * gateways of who leads it. An original writes those documents once a second.
 */
record LeaderGroup(String service) {
  private static final Json NOTHING = new Json.Leaf("nothing");

  /**
   * What one member believes.
   *
   * @param candidate whom its record names, elected or not; empty if it has none
   * @param status the record's, as {@code /butterfly} tells
   * @param censusStatus the group's, as {@code /census} tells
   * @param leader who leads or led last, as {@code /census} tells
   */
  record View(
      String candidate,
      long term,
      String status,
      Set<String> votes,
      String censusStatus,
      String leader) {
    boolean follows(String id) {
      return status.equals("Finished")
          && candidate.equals(id)
          && censusStatus.equals("ElectionFinished")
          && leader.equals(id);
    }

    boolean lacksQuorum() {
      return status.equals("NoQuorum") && censusStatus.equals("ElectionNoQuorum");
    }

    boolean isUnderWay() {
      return status.equals("Running") && censusStatus.equals("ElectionInProgress");
    }
  }

  /** In which term all followed the one that was waited for, and how long that took. */
  record Agreement(long term, Duration after) {}

  String group() {
    return service + ".default";
  }

  /**
   * Gives a Supervisor that never ran its id, and the package, whose {@code suitability} tells what
   * {@link #rate} wrote last.
   */
  void install(Supervisor member, String id) throws IOException {
    Files.createDirectories(member.file(""));
    Files.writeString(member.file("MEMBER_ID"), id);
    rate(member, 0);
    SyntheticPackage.install(
        member,
        service,
        Map.of(
            "hooks/run",
            Service.NOTED + "exec sleep 1000000\n",
            "hooks/suitability",
            "#!/bin/sh\nread value < %s\necho $value\n".formatted(rating(member))));
  }

  void rate(Supervisor member, long suitability) throws IOException {
    Files.writeString(rating(member), suitability + "\n");
  }

  private static Path rating(Supervisor member) {
    return member.root().resolve("rating");
  }

  /** Loads the service, now or at the next start. */
  void join(Supervisor member) {
    running(member).spec("ident = \"acme/%s\"\ntopology = \"leader\"\n".formatted(service));
  }

  Service running(Supervisor member) {
    return new Service(member, service);
  }

  View seenBy(Supervisor member) {
    Json election =
        member.gateway().butterfly().at("election", "list", group(), "election").orElse(NOTHING);
    Json census = member.gateway().document("/census").at("census_groups", group()).orElse(NOTHING);
    return new View(
        election.text("member_id"),
        election.number("term").longValueExact(),
        election.text("status"),
        texts(election.at("votes").orElse(NOTHING)),
        census.text("election_status"),
        census.text("leader_id"));
  }

  private static Set<String> texts(Json row) {
    Set<String> texts = new LinkedHashSet<>();
    if (row instanceof Json.Row(List<Json> items)) {
      items.forEach(item -> texts.add(item.text()));
    }
    return texts;
  }

  Map<String, View> seenBy(Collection<Supervisor> members) {
    Map<String, View> views = new TreeMap<>();
    members.forEach(member -> views.put(member.name(), seenBy(member)));
    return views;
  }

  /** Waits until all of these follow that one in the same term. */
  Agreement awaitLeader(Collection<Supervisor> members, Supervisor leader, Duration within) {
    String id = leader.memberId();
    Duration after =
        Waiting.until(
            members + " follow " + leader + " in one term",
            within,
            () -> {
              Map<String, View> views = seenBy(members);
              boolean agreed =
                  views.values().stream().allMatch(view -> view.follows(id))
                      && views.values().stream().map(View::term).distinct().count() == 1;
              return new Waiting.Look(agreed, views.toString());
            });
    return new Agreement(seenBy(leader).term(), after);
  }

  /** All of these follow that one for the whole span. */
  void assertFollowThroughout(Collection<Supervisor> members, Supervisor leader, Duration span) {
    String id = leader.memberId();
    Waiting.throughout(
        members + " follow " + leader,
        span,
        () -> {
          Map<String, View> views = seenBy(members);
          return new Waiting.Look(
              views.values().stream().allMatch(view -> view.follows(id)), views.toString());
        });
  }

  /**
   * Waits until none of these has a leader. Ours say that there is no quorum. An original that
   * heard of the search before it lost the quorum goes on saying that it is under way (W22).
   */
  Duration awaitNobody(Collection<Supervisor> members, Duration within) {
    return Waiting.until(
        "nobody leads " + members,
        within,
        () -> new Waiting.Look(isWithoutLeader(members), seenBy(members).toString()));
  }

  void assertNobodyThroughout(Collection<Supervisor> members, Duration span) {
    Waiting.throughout(
        "nobody leads " + members,
        span,
        () -> new Waiting.Look(isWithoutLeader(members), seenBy(members).toString()));
  }

  private boolean isWithoutLeader(Collection<Supervisor> members) {
    return members.stream()
        .allMatch(
            member -> {
              View view = seenBy(member);
              return view.lacksQuorum() || (member.isOriginal() && view.isUnderWay());
            });
  }
}
