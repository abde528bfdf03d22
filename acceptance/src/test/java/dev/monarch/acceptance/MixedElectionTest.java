package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.SysInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Groups in which originals and ours elect their leader together, each on a machine of its own.
 *
 * <p>All members keep the same rules (butterfly.md 9): the most suitable wins, as the hook {@code
 * suitability} says from the second election on, then the greatest id; who led before wins again if
 * it is there. Where ours do more than the rules ask (decisions 11 to 17) the originals follow by
 * the rules they have, and a step says so. Ids are chosen, so that it is known who has to win.
 */
class MixedElectionTest {
  private static final int GOSSIP_PORT = 9638;
  private static final LeaderGroup GROUP = new LeaderGroup("db");
  private static final int MACHINES = 5;
  private static final Duration AGREE_WITHIN = Duration.ofSeconds(40);

  /** After all know of what made the election necessary; originals tell once a second. */
  private static final Duration ELECTED_WITHIN = Duration.ofSeconds(15);

  private static final Duration DEPARTED_WITHIN = Duration.ofSeconds(20);
  private static final Duration CUT_SPAN = Duration.ofSeconds(30);
  private static final Duration HEALED_WITHIN = Duration.ofSeconds(90);

  /** Two records of a group, one heard after the other. */
  private record Pair(Election stored, Election incoming) {}

  /** The rows of butterfly.md 9.3, each in a group of its own. */
  private static final List<Pair> PAIRS =
      List.of(
          new Pair(running("row1", "a", 1, 0, "a", "b"), running("row1", "a", 1, 0, "a", "b")),
          new Pair(running("row2", "b", 1, 9, "b", "c"), finished("row2", "a", 1, 0, "a")),
          new Pair(finished("row3", "a", 1, 0, "a", "b"), running("row3", "b", 1, 9, "b", "c")),
          new Pair(running("row4", "a", 2, 0, "a"), finished("row4", "b", 1, 9, "b")),
          new Pair(running("row5", "a", 1, 5, "a"), running("row5", "b", 1, 4, "b")),
          new Pair(running("row6", "b", 1, 4, "b"), running("row6", "a", 1, 5, "a")),
          new Pair(running("row7", "b", 1, 5, "b"), running("row7", "a", 1, 5, "a")),
          new Pair(running("row8", "a", 1, 5, "a"), running("row8", "b", 1, 5, "b")),
          new Pair(running("later", "a", 1, 5, "a"), running("later", "b", 2, 4, "b")));

  @RegisterExtension final Stage stage = new Stage();

  private final List<Supervisor> all = new ArrayList<>();
  private Network network;
  private long term;

  @BeforeEach
  void machines() {
    Machine.needsOriginal();
    network = stage.network(MACHINES);
  }

  @Test
  @Check({"butterfly-58", "butterfly-60", "butterfly-61"})
  void oneOriginalAndTwoOfOurs() throws IOException {
    Supervisor first = member(stage.ours("ours1", network.host(1)), 1, 5);
    Supervisor original = member(stage.original("original2", network.host(2)), 2, 0);
    all.forEach(GROUP::join);
    network.cut(network.hosts(1), network.hosts(2));
    all.forEach(Supervisor::up);
    GROUP.awaitNobody(all, AGREE_WITHIN);
    network.heal();
    Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);
    LeaderGroup.Agreement ofTwo = GROUP.awaitLeader(all, original, Duration.ofSeconds(10));
    say("two that meet, the hook of one saying 5", original, ofTwo);
    assertThat(ofTwo.term()).isZero();
    for (Supervisor each : all) {
      assertThat(GROUP.seenBy(each).votes())
          .containsExactlyInAnyOrder(first.memberId(), original.memberId());
    }
    Supervisor third = member(stage.ours("ours3", network.host(3)), 3, 3);
    GROUP.join(third);
    third.up();
    allFollow(original);

    isCutOffAndReturns(third, original);
    isKilledAndReturns(original, first);
    // The one named is the greatest; an original whose hook says more wins over it (decision 17).
    GROUP.rate(original, 4);
    handsOver(first, original);
    leavesAndReturns(original, first);
    GROUP.rate(original, 3);
    isKilledAndReturns(first, third);
  }

  @Test
  @Check({"butterfly-56", "butterfly-60", "butterfly-61"})
  void twoOriginalsAndOneOfOurs() throws IOException {
    Supervisor first = member(stage.original("original1", network.host(1)), 1, 0);
    Supervisor ours = member(stage.ours("ours2", network.host(2)), 2, 2);
    Supervisor third = member(stage.original("original3", network.host(3)), 3, 0);
    all.forEach(Supervisor::up);
    Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);
    GROUP.join(ours);
    say("a group of one", ours, GROUP.awaitLeader(all, ours, ELECTED_WITHIN));
    List.of(first, third).forEach(GROUP::join);
    allFollow(ours);

    isCutOffAndReturns(first, ours);
    isKilledAndReturns(ours, third);
    isKilledAndReturns(third, ours);
    handsOver(ours, third);
    leavesAndReturns(third, ours);
    GROUP.rate(first, 9);
    handsOver(ours, first);
    leavesAndReturns(first, ours);
    leavesAndReturns(ours, first);
  }

  /**
   * Each side hears bad news about itself when it is healed, and an original that leads gives up at
   * once over that, where one of ours has patience (decision 16). Then all who led before are
   * equally suitable; the majority's leader has the greater id and wins that way, too.
   */
  @Test
  @Check({"butterfly-59", "butterfly-62", "butterfly-63"})
  void fiveThatSplitAndFourThatSplit() throws IOException {
    Supervisor one = member(stage.ours("ours1", network.host(1)), 1, 0);
    Supervisor three = member(stage.original("original3", network.host(2)), 3, 0);
    Supervisor four = member(stage.ours("ours4", network.host(3)), 4, 5);
    Supervisor five = member(stage.original("original5", network.host(4)), 5, 5);
    Supervisor six = member(stage.ours("ours6", network.host(5)), 6, 0);
    all.forEach(Supervisor::start);
    all.forEach(Supervisor::awaitUp);
    Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);
    GROUP.join(three);
    say("a group of one", three, GROUP.awaitLeader(all, three, ELECTED_WITHIN));
    without(three).forEach(GROUP::join);
    allFollow(three);

    List<Supervisor> minority = List.of(one, three);
    List<Supervisor> majority = List.of(four, five, six);
    cut(minority, majority);
    LeaderGroup.Agreement elected = GROUP.awaitLeader(majority, five, ELECTED_WITHIN);
    say("the majority of suitabilities 5, 5 and 0", five, elected);
    assertThat(elected.term()).isEqualTo(term + 1);
    sayNobody("the minority", minority, ELECTED_WITHIN);
    heals(five);

    assertThat(six.stop()).as(six.tail()).isZero();
    all.remove(six);
    Rings.awaitSeen(all, List.of(six), "Departed", DEPARTED_WITHIN);
    allFollow(five);
    cut(List.of(one, five), List.of(three, four));
    sayNobody("each of two halves", all, ELECTED_WITHIN);
    GROUP.assertNobodyThroughout(all, Duration.ofSeconds(5));
    heals(five);
  }

  @Test
  void theRecordsOfStrangersAreMergedTheSameWay() throws IOException {
    Supervisor original = stage.original("original", network.host(1)).up();
    Supervisor ours = stage.ours("ours", network.host(2)).up();
    for (Supervisor each : List.of(original, ours)) {
      try (Pusher pusher = new Pusher(each.address(), GOSSIP_PORT)) {
        for (Pair pair : PAIRS) {
          for (String owner : List.of("a", "b")) {
            pusher.push(Stranger.message(service(pair.stored().group(), owner)));
          }
          pusher.push(Stranger.message(new ElectionRumor(pair.stored())));
          pusher.push(Stranger.message(new ElectionRumor(pair.incoming())));
        }
        pusher.push(Stranger.message(Stranger.config("last.default", 1, "")));
      }
      Rings.awaitIncarnation(
          each, "service_config", "last.default", "service_config", 1, AGREE_WITHIN);
    }

    Json merged = original.gateway().butterfly().at("election", "list").orElseThrow();
    assertThat(merged.fields()).hasSize(PAIRS.size());
    assertThat(ours.gateway().butterfly().at("election", "list")).contains(merged);
    original.assertUnharmed();
  }

  private static Election running(
      String service, String candidate, long term, long suitability, String... votes) {
    return record(service, candidate, term, suitability, ElectionStatus.RUNNING, votes);
  }

  private static Election finished(
      String service, String candidate, long term, long suitability, String... votes) {
    return record(service, candidate, term, suitability, ElectionStatus.FINISHED, votes);
  }

  private static Election record(
      String service,
      String candidate,
      long term,
      long suitability,
      ElectionStatus status,
      String... votes) {
    return new Election(candidate, service + ".default", term, suitability, status, List.of(votes));
  }

  private static Rumor service(String group, String owner) {
    return new Rumor.ServiceRumor(
        owner,
        owner,
        Stranger.group(group),
        1,
        false,
        "acme/db/1.0/20260101000000",
        Bytes.utf8(""),
        new SysInfo("127.0.0.9", "host", "127.0.0.9", 9638, "127.0.0.9", 9631, "127.0.0.9", 9632),
        0);
  }

  private Supervisor member(Supervisor member, int id, long suitability) throws IOException {
    GROUP.install(member, Integer.toString(id).repeat(32));
    GROUP.rate(member, suitability);
    if (!all.isEmpty()) {
      member.peer(all.getFirst());
    }
    all.add(member.permanent());
    return member;
  }

  private List<Supervisor> without(Supervisor one) {
    return all.stream().filter(member -> member != one).toList();
  }

  /** Everybody lives, runs the service and follows this one, whose term counts from now on. */
  private void allFollow(Supervisor leader) {
    Rings.awaitAgreement(all, "Alive", HEALED_WITHIN);
    all.forEach(member -> GROUP.running(member).awaitRunning());
    LeaderGroup.Agreement agreed = GROUP.awaitLeader(all, leader, AGREE_WITHIN);
    all.forEach(Supervisor::assertUnharmed);
    term = agreed.term();
  }

  private void isKilledAndReturns(Supervisor leader, Supervisor heir) {
    List<Supervisor> left = without(leader);
    leader.kill();
    Duration found =
        Rings.awaitSeen(
            left, List.of(leader), "Confirmed", Prediction.confirmedEverywhere(all.size()));
    isReplaced(leader + " killed, held dead after " + Waiting.seconds(found), left, heir);
    returns(leader, heir);
  }

  private void leavesAndReturns(Supervisor leader, Supervisor heir) {
    List<Supervisor> left = without(leader);
    assertThat(leader.stop()).as(leader.tail()).isZero();
    Duration found = Rings.awaitSeen(left, List.of(leader), "Departed", DEPARTED_WITHIN);
    isReplaced(leader + " stopped, held departed after " + Waiting.seconds(found), left, heir);
    returns(leader, heir);
  }

  private void isReplaced(String what, List<Supervisor> left, Supervisor heir) {
    LeaderGroup.Agreement elected = GROUP.awaitLeader(left, heir, ELECTED_WITHIN);
    say(what, heir, elected);
    assertThat(elected.term()).isEqualTo(term + 1);
    term = elected.term();
  }

  /** Who led before follows, also an original that starts as the leader it was on its disk. */
  private void returns(Supervisor former, Supervisor leader) {
    long before = term;
    former.up();
    allFollow(leader);
    assertThat(term).as("the term after %s returned", former).isEqualTo(before);
  }

  private void isCutOffAndReturns(Supervisor follower, Supervisor leader) {
    network.cut(
        List.of(follower.host()), without(follower).stream().map(Supervisor::host).toList());
    GROUP.assertFollowThroughout(without(follower), leader, CUT_SPAN);
    Waiting.until(
        follower + " is alone, without a quorum in the next term",
        ELECTED_WITHIN,
        () -> {
          LeaderGroup.View view = GROUP.seenBy(follower);
          return new Waiting.Look(
              view.lacksQuorum()
                  && view.term() == term + 1
                  && view.candidate().equals(follower.memberId())
                  && view.leader().equals(leader.memberId()),
              view.toString());
        });
    heals(leader);
  }

  private void cut(List<Supervisor> some, List<Supervisor> others) {
    network.cut(
        some.stream().map(Supervisor::host).toList(),
        others.stream().map(Supervisor::host).toList());
    Duration bound = Prediction.confirmedEverywhere(all.size());
    Rings.awaitSeen(some, others, "Confirmed", bound);
    Rings.awaitSeen(others, some, "Confirmed", bound);
  }

  private void heals(Supervisor leader) {
    long before = term;
    network.heal();
    LeaderGroup.Agreement agreed = GROUP.awaitLeader(all, leader, HEALED_WITHIN);
    say("healed", leader, agreed);
    assertThat(agreed.term()).isGreaterThan(before);
    allFollow(leader);
  }

  private void handsOver(Supervisor leader, Supervisor heir) {
    Command.Ending done = leader.hab("svc", "leader", GROUP.group(), "--step-down");
    assertThat(done.output()).contains("The lead of " + GROUP.group() + " is handed over");
    assertThat(done.exit()).isZero();
    isReplaced(leader + " stepped down", all, heir);
    allFollow(heir);
  }

  private static void sayNobody(String who, Collection<Supervisor> members, Duration within) {
    Duration after = GROUP.awaitNobody(members, within);
    List<String> said =
        members.stream().map(member -> member + " " + GROUP.seenBy(member).status()).toList();
    System.out.printf(
        "acceptance: leaders: %s: nobody leads after %s: %s%n", who, Waiting.seconds(after), said);
  }

  private static void say(String what, Supervisor leader, LeaderGroup.Agreement agreed) {
    System.out.printf(
        "acceptance: leaders: %s: %s leads in term %d, agreed after %s%n",
        what, leader, agreed.term(), Waiting.seconds(agreed.after()));
  }
}
