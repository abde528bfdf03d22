package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What ours tell each other, in the hearing of an original. */
class MixedWaitTest {
  private static final Duration AGREE_WITHIN = Duration.ofSeconds(40);

  private static final Duration TOLD_WITHIN = Duration.ofSeconds(20);

  /** Commands come from outside of the machine. */
  private static final String EVERYWHERE = "--listen-ctl=0.0.0.0:9632";

  @RegisterExtension final Stage stage = new Stage();

  @Test
  void whoWaitsHearsOfEachOfOursAndThatAnOriginalDoesNotTell() throws IOException {
    Supervisor original = stage.original("original").permanent().up();
    Supervisor one = stage.ours("one").peer(original).up();
    Supervisor two = stage.ours("two").peer(original).up();
    List<Supervisor> all = List.of(original, one, two);
    Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);
    for (Supervisor member : all) {
      SyntheticPackage.install(member, "web");
      Command.Ending loaded = member.svc("load", "acme/web");
      assertThat(loaded.exit()).as(loaded.output()).isZero();
    }
    Waiting.until(
        "all three run the service, and two of them tell",
        TOLD_WITHIN,
        () -> {
          Json population =
              one.gateway()
                  .document("/census")
                  .at("census_groups", "web.default", "population")
                  .orElseThrow();
          boolean complete =
              all.stream().allMatch(member -> population.at(member.memberId()).isPresent())
                  && population.at(two.memberId(), "monarch").isPresent();
          return new Waiting.Look(complete, population.toString());
        });

    Command.Ending told =
        one.control("port = 7\n", "config", "apply", "--wait", "web.default", "5");

    assertThat(told.output())
        .contains("(" + one.memberId() + "): applied version 5")
        .contains("(" + two.memberId() + "): applied version 5")
        .contains("(" + original.memberId() + "): does not tell, as an original Supervisor");
    assertThat(told.exit()).as(told.output()).isZero();
    Rings.awaitIncarnation(
        original, "service_config", "web.default", "service_config", 5, TOLD_WITHIN);
    all.forEach(Supervisor::assertUnharmed);
  }

  @Test
  void whoIsHeardOfThroughAnOriginalAloneDoesNotTellUntilItIsHeardItself() throws IOException {
    Network network = stage.network(3);
    Supervisor original = stage.original("original", network.host(3)).permanent().up();
    Supervisor one = stage.ours("one", network.host(1)).peer(original).with(EVERYWHERE).up();
    Supervisor two = stage.ours("two", network.host(2)).peer(original).with(EVERYWHERE).up();
    Rings.awaitAgreement(List.of(original, one, two), "Alive", AGREE_WITHIN);
    network.cut(network.hosts(1), network.hosts(2));
    SyntheticPackage.install(two, "web");
    Command.Ending loaded = two.svc("load", "acme/web");
    assertThat(loaded.exit()).as(loaded.output()).isZero();
    awaitSeen("one hears of it", one, two.memberId());

    Command.Ending told =
        one.control("port = 7\n", "config", "apply", "--wait", "web.default", "5");

    assertThat(told.output())
        .contains("(" + two.memberId() + "): does not tell, as an original Supervisor");
    assertThat(told.exit()).as(told.output()).isZero();
    awaitSeen("two applies it all the same", two, two.memberId(), "monarch");
    Rings.awaitIncarnation(two, "service_config", "web.default", "service_config", 5, TOLD_WITHIN);
    assertThat(seen(one, two.memberId(), "monarch")).isEmpty();

    network.heal();
    Command.Ending again = one.control("port = 8\n", "config", "apply", "web.default", "6");
    assertThat(again.exit()).as(again.output()).isZero();
    awaitSeen("it tells", one, two.memberId(), "monarch");
    original.assertUnharmed();
  }

  private static Optional<Json> seen(Supervisor by, String... member) {
    return by.gateway()
        .document("/census")
        .at("census_groups", "web.default", "population")
        .flatMap(population -> population.at(member));
  }

  private static void awaitSeen(String what, Supervisor by, String... member) {
    Waiting.until(
        what,
        TOLD_WITHIN,
        () ->
            new Waiting.Look(
                seen(by, member).isPresent(), by.gateway().document("/census").toString()));
  }
}
