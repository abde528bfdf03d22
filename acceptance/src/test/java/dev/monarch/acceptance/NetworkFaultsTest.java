package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members on machines of their own, and what happens between them. */
class NetworkFaultsTest {
  private static final Duration JOINED_WITHIN = Duration.ofSeconds(90);
  private static final Duration CUT_SPAN = Duration.ofSeconds(30);
  private static final String ANSWERED = "\"pingreq\"";
  private static final String UNANSWERED = "\"pingreq/failure\"";

  private static final Set<String> DOUBTS = Set.of("suspect", "confirmed");

  @RegisterExtension final Stage stage = new Stage();

  private List<Supervisor> startWithOneIntroduction(Network network, int members) {
    List<Supervisor> all = new ArrayList<>();
    for (int i = 1; i <= members; i++) {
      Supervisor member = stage.ours("m" + i, network.host(i));
      all.add(all.isEmpty() ? member.permanent() : member.peer(all.getFirst()));
    }
    all.forEach(Supervisor::start);
    all.forEach(Supervisor::awaitUp);
    return all;
  }

  @Test
  void twentyMembersJoinThroughOneIntroduction() {
    Network network = stage.network(20);
    List<Supervisor> all = startWithOneIntroduction(network, 20);

    Duration joined = Rings.awaitAgreement(all, "Alive", JOINED_WITHIN.multipliedBy(2));
    System.out.printf(
        "acceptance: 20 members know each other %s after the last start%n",
        Waiting.seconds(joined));
  }

  @Test
  void aOneWayCutIsRepairedByTheOthersPings() {
    Network network = stage.network(5);
    List<Supervisor> all = startWithOneIntroduction(network, 5);
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);

    List<Supervisor> cutOff = all.subList(1, 3);
    double answeredBefore = indirectProbes(cutOff, ANSWERED);
    double unansweredBefore = indirectProbes(cutOff, UNANSWERED);
    network.cutOneWay(network.hosts(2), network.hosts(3));
    Rings.assertKeepEachOther(all, CUT_SPAN);
    double answered = indirectProbes(cutOff, ANSWERED) - answeredBefore;
    assertThat(answered).as("indirect probes of the two that do not hear each other").isPositive();
    assertThat(indirectProbes(cutOff, UNANSWERED) - unansweredBefore)
        .as("those of them that nobody answered, all for want of time")
        .isLessThan(answered);
  }

  private static double indirectProbes(List<Supervisor> members, String type) {
    return members.stream()
        .mapToDouble(
            each -> each.gateway().metric("hab_butterfly_swim_probes_sent_total", "type=" + type))
        .sum();
  }

  @Test
  @Check("butterfly-30")
  void anOriginalKeepsTwoOfOursAliveForEachOther() {
    Network network = stage.network(3);
    Supervisor original = stage.original("original", network.host(3)).permanent().up();
    Supervisor first = stage.ours("first", network.host(1)).peer(original).up();
    Supervisor second = stage.ours("second", network.host(2)).peer(original).up();
    List<Supervisor> all = List.of(original, first, second);
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);

    network.cut(network.hosts(1), network.hosts(2));
    Rings.assertSeenThroughout(all, all, "Alive", CUT_SPAN);
    original.assertUnharmed();
  }

  @Test
  void aSplitRingOfOriginalsAndOursHealsAndCatchesUp() throws IOException {
    Network network = stage.network(4);
    Supervisor ours = stage.ours("ours", network.host(1)).permanent().up();
    Supervisor original = stage.original("original", network.host(2)).permanent().peer(ours).up();
    Supervisor secondOurs = stage.ours("secondOurs", network.host(3)).peer(ours).up();
    Supervisor secondOriginal =
        stage.original("secondOriginal", network.host(4)).peer(original).up();
    List<Supervisor> left = List.of(ours, secondOriginal);
    List<Supervisor> right = List.of(original, secondOurs);
    List<Supervisor> all = List.of(ours, original, secondOurs, secondOriginal);
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);

    network.cut(network.hosts(1, 4), network.hosts(2, 3));
    Rings.awaitSeen(left, right, "Confirmed", Prediction.confirmedEverywhere(4));
    Rings.awaitSeen(right, left, "Confirmed", Prediction.confirmedEverywhere(4));
    Stranger.push(ours, Stranger.config("left.default", 1, "side = 1"));
    Stranger.push(original, Stranger.config("right.default", 2, "side = 2"));
    network.heal();
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN.multipliedBy(2));
    for (Supervisor each : all) {
      Rings.awaitIncarnation(
          each, "service_config", "left.default", "service_config", 1, JOINED_WITHIN);
      Rings.awaitIncarnation(
          each, "service_config", "right.default", "service_config", 2, JOINED_WITHIN);
      each.assertUnharmed();
    }
  }

  @Test
  void aFrozenMemberIsGivenUpAndComesBackWhenItThaws() {
    Network network = stage.network(4);
    List<Supervisor> all = startWithOneIntroduction(network, 4);
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);
    Supervisor frozen = all.get(3);
    List<Supervisor> others = all.subList(0, 3);

    frozen.freeze();
    Rings.awaitSeen(others, List.of(frozen), "Confirmed", Prediction.confirmedEverywhere(4));
    frozen.resume();
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);
    assertThat(frozen.incarnation()).as("it refuted its death").isPositive();
  }

  @Test
  void aMemberThatLosesItsNetworkInterfaceLivesOnAndComesBack() {
    Network network = stage.network(3);
    List<Supervisor> all = startWithOneIntroduction(network, 3);
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);
    Supervisor lost = all.get(2);
    List<Supervisor> others = all.subList(0, 2);

    lost.host().unplug();
    Rings.awaitSeen(others, List.of(lost), "Confirmed", Prediction.confirmedEverywhere(3));
    lost.host().plugIn(network.gateway());
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);

    // A packet filter at the sender makes sending fail with EPERM instead.
    Instant forbidden = Instant.now();
    lost.host().forbidSending("udp dport 9638");
    awaitDoubted(others, lost, forbidden, Prediction.confirmedEverywhere(3));
    lost.host().allowSending();
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);
    assertThat(lost.console()).doesNotContain("Exception");
  }

  /** Each of them, at some time since: a suspicion is short, and may be told as a confirmation. */
  private static void awaitDoubted(
      List<Supervisor> observers, Supervisor subject, Instant since, Duration within) {
    Waiting.until(
        observers + " suspect " + subject,
        within,
        () -> {
          List<List<RingLog.Change>> changes =
              observers.stream()
                  .map(each -> each.ringLog().since(subject.memberId(), since))
                  .toList();
          return new Waiting.Look(
              changes.stream()
                  .allMatch(seen -> seen.stream().anyMatch(change -> DOUBTS.contains(change.to()))),
              changes.toString());
        });
  }

  @Test
  @Check("supervisor-100")
  void aRingKeyOnOneSideOnlyFormsNoMembership() {
    Network network = stage.network(3);
    Supervisor keyed = stage.ours("keyed", network.host(1));
    Supervisor open = stage.ours("open", network.host(2));
    Supervisor alsoKeyed = stage.ours("alsoKeyed", network.host(3));
    String cache = stage.directory().resolve("keys").toString();
    for (Supervisor each : List.of(keyed, alsoKeyed)) {
      each.with("--ring", "acme", "--cache-key-path", cache);
    }
    Command.Ending generated =
        keyed
            .withEnvironment("HAB_CACHE_KEY_PATH", cache)
            .hab("ring", "key", "generate", "acme", "--cache-key-path", cache);
    assertThat(generated.exit()).as(generated.output()).isZero();
    keyed.peer(open, alsoKeyed).start();
    open.peer(keyed, alsoKeyed).start();
    List.of(keyed, open).forEach(Supervisor::awaitUp);

    Waiting.until(
        "each hears what it does not understand",
        JOINED_WITHIN,
        () -> {
          double atKeyed = failures(keyed);
          double atOpen = failures(open);
          return new Waiting.Look(atKeyed > 2 && atOpen > 2, atKeyed + " and " + atOpen);
        });
    alsoKeyed.peer(keyed).up();
    Rings.awaitAgreement(List.of(keyed, alsoKeyed), "Alive", JOINED_WITHIN);
    Waiting.throughout(
        "no membership across the key",
        Duration.ofSeconds(10),
        () -> {
          String seen = "" + keyed.gateway().members() + open.gateway().members();
          boolean apart =
              !keyed.gateway().members().containsKey(open.memberId())
                  && !open.gateway().members().containsKey(keyed.memberId());
          return new Waiting.Look(apart, seen);
        });
  }

  private static double failures(Supervisor member) {
    return member
        .gateway()
        .metric("hab_butterfly_swim_messages_received_total", "mode=\"failure\"");
  }
}
