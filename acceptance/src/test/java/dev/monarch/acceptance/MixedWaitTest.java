package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What ours tell each other, in the hearing of an original. */
class MixedWaitTest {
  private static final Duration AGREE_WITHIN = Duration.ofSeconds(40);

  private static final Duration TOLD_WITHIN = Duration.ofSeconds(20);

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
}
