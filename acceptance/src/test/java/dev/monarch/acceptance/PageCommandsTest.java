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

/**
 * The commands of the page, typed on five machines: a ring of three permanent peers that know each
 * other, and two ordinary members that know one of them. Ports are the default ones, everything
 * listens on all addresses, and no protocol time is shortened.
 */
class PageCommandsTest {
  private static final Duration JOINED_WITHIN = Duration.ofSeconds(90);
  private static final Duration RETURNED_WITHIN = Duration.ofSeconds(60);
  private static final Duration PARTITION = Duration.ofMinutes(2);
  private static final Duration HEALED_WITHIN = Duration.ofMinutes(2);

  /** The spread of a rumor takes a second or two; TCP alone was seen to take 94 s. */
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(45);

  /** A change is in the log a moment after it was decided, some a longer moment than others. */
  private static final Duration NOTED_LATE = Duration.ofSeconds(1);

  private static final String CONFIGS = "service_config";

  @RegisterExtension final Stage stage = new Stage();

  /** {@code hab sup run} on machines 1 to 5, as the page says it. */
  private List<Supervisor> startFive(Network network) {
    Supervisor a = stage.ours("A", network.host(1));
    Supervisor b = stage.ours("B", network.host(2));
    Supervisor c = stage.ours("C", network.host(3));
    Supervisor d = stage.ours("D", network.host(4)).peer(a);
    Supervisor e = stage.ours("E", network.host(5)).peer(a);
    a.permanent().peer(b, c);
    b.permanent().peer(a, c);
    c.permanent().peer(a, b);
    List<Supervisor> all = List.of(a, b, c, d, e);
    all.forEach(Supervisor::start);
    all.forEach(Supervisor::awaitUp);
    return all;
  }

  @Test
  @Check({"supervisor-98", "butterfly-31"})
  void aKilledMemberIsConfirmedEverywhereInTimeAndAliveAgainWhenItReturns() {
    Network network = stage.network(5);
    List<Supervisor> all = startFive(network);
    Duration joined = Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);
    Supervisor d = all.get(3);
    List<Supervisor> others = all.stream().filter(member -> member != d).toList();
    String id = d.memberId();

    // It dies somewhere between these two.
    Instant killing = Instant.now();
    d.kill();
    Instant killed = Instant.now();
    Rings.awaitSeen(others, List.of(d), "Confirmed", Prediction.confirmedEverywhere(all.size()));
    // Who hears of it late may be told the confirmation alone.
    List<Instant> suspected = firsts(others, id, Set.of("suspect", "confirmed"), killing);
    List<Instant> confirmed = firsts(others, id, Set.of("confirmed"), killing);
    Instant firstSuspicion = suspected.stream().min(Instant::compareTo).orElseThrow();
    Instant firstConfirmation = confirmed.stream().min(Instant::compareTo).orElseThrow();
    Instant lastConfirmation = confirmed.stream().max(Instant::compareTo).orElseThrow();
    assertThat(Duration.between(firstSuspicion, firstConfirmation))
        .as("from the first suspicion to the first confirmation")
        .isBetween(
            Prediction.SUSPICION.minus(NOTED_LATE), Prediction.confirmedEverywhere(all.size()));
    assertThat(Duration.between(killing, lastConfirmation))
        .as("from before kill -9 to confirmed everywhere")
        .isGreaterThanOrEqualTo(Prediction.confirmedAtTheEarliest());
    assertThat(Duration.between(killed, lastConfirmation))
        .as("from kill -9 to confirmed everywhere")
        .isLessThanOrEqualTo(Prediction.confirmedEverywhere(all.size()));

    d.up();
    Duration returned = Rings.awaitAgreement(all, "Alive", RETURNED_WITHIN);
    assertThat(d.memberId()).isEqualTo(id);
    System.out.printf(
        "acceptance: five as on the page: joined %s after the last start, kill -9 to suspect %s,"
            + " to confirmed everywhere %s, alive everywhere %s after the return%n",
        Waiting.seconds(joined),
        Waiting.seconds(Duration.between(killed, firstSuspicion)),
        Waiting.seconds(Duration.between(killed, lastConfirmation)),
        Waiting.seconds(returned));
  }

  private static List<Instant> firsts(
      List<Supervisor> observers, String member, Set<String> healths, Instant after) {
    List<Instant> instants = new ArrayList<>();
    for (Supervisor observer : observers) {
      instants.add(
          observer.ringLog().since(member, after).stream()
              .filter(change -> healths.contains(change.to()))
              .map(RingLog.Change::at)
              .findFirst()
              .orElseThrow(
                  () -> new AssertionError(observer + " never held " + member + " " + healths)));
    }
    return instants;
  }

  @Test
  void aPartitionOfTwoMinutesHealsThroughPermanentPeersAndWhatWasMissedIsTold() throws IOException {
    Network network = stage.network(5);
    List<Supervisor> all = startFive(network);
    Rings.awaitAgreement(all, "Alive", JOINED_WITHIN);
    List<Supervisor> left = all.subList(0, 2);
    List<Supervisor> right = all.subList(2, 5);

    long cut = System.nanoTime();
    network.cut(network.hosts(1, 2), network.hosts(3, 4, 5));
    Duration limit = Prediction.confirmedEverywhere(all.size());
    Rings.awaitSeen(left, right, "Confirmed", limit);
    Rings.awaitSeen(right, left, "Confirmed", limit);
    Rings.awaitAgreement(left, "Alive", JOINED_WITHIN);
    Rings.awaitAgreement(right, "Alive", JOINED_WITHIN);
    Duration rest = PARTITION.minusNanos(System.nanoTime() - cut);
    Rings.assertKeepEachOther(right, rest.isNegative() ? Duration.ZERO : rest);
    Stranger.push(left.getFirst(), Stranger.config("left.default", 1, "side = 1"));
    Stranger.push(right.getLast(), Stranger.config("right.default", 2, "side = 2"));
    Waiting.throughout(
        "nothing crosses the cut",
        Duration.ofSeconds(5),
        () -> {
          boolean crossed =
              right
                  .getFirst()
                  .gateway()
                  .butterfly()
                  .at(CONFIGS, "list", "left.default")
                  .isPresent();
          return new Waiting.Look(!crossed, "the left side's rumor on the right side");
        });

    network.heal();
    Duration healed = Rings.awaitAgreement(all, "Alive", HEALED_WITHIN);
    // A connection that lived through the cut would deliver only when TCP tries again.
    long told = System.nanoTime();
    for (Supervisor each : all) {
      Rings.awaitIncarnation(each, CONFIGS, "left.default", "service_config", 1, TOLD_WITHIN);
      Rings.awaitIncarnation(each, CONFIGS, "right.default", "service_config", 2, TOLD_WITHIN);
    }
    System.out.printf(
        "acceptance: split AB | CDE for two minutes, healed by itself in %s, all rumors across %s"
            + " later%n",
        Waiting.seconds(healed), Waiting.seconds(Duration.ofNanos(System.nanoTime() - told)));
  }
}
