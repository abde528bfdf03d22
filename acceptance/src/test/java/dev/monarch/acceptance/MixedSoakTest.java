package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Ten originals and ten of ours on a network that loses one frame in a hundred and holds up each of
 * the others for up to 100 ms.
 *
 * <p>The build gives them {@code -Dsoak.minutes=1}; check 73 of butterfly.md asks for 1440.
 */
class MixedSoakTest {
  private static final int MEMBERS = 20;
  private static final Duration SPAN = Duration.ofMinutes(Long.getLong("soak.minutes", 1));
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration AGREE_WITHIN = Duration.ofMinutes(2);

  @RegisterExtension final Stage stage = new Stage();

  @Test
  @Check("butterfly-73")
  void lossAndJitterKillNobodyAndBreakNoThread() throws InterruptedException {
    Machine.needsOriginal();
    BadSwitch bad = new BadSwitch(0.01, Duration.ofMillis(100), 73);
    Network network = stage.network(MEMBERS, bad);
    List<Supervisor> all = new ArrayList<>();
    for (int i = 1; i <= MEMBERS; i++) {
      Network.Host host = network.host(i);
      Supervisor member =
          i % 2 == 1 ? stage.original("original" + i, host) : stage.ours("ours" + i, host);
      all.add(i == 1 ? member.permanent() : member.peer(all.getFirst()));
      member.start();
    }
    all.forEach(Supervisor::awaitUp);
    Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);

    List<Seen> looks = new ArrayList<>();
    long end = System.nanoTime() + SPAN.toNanos();
    while (System.nanoTime() < end) {
      TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
      looks.add(look(all));
      assertThat(looks.getLast().departed()).isEmpty();
    }
    Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);
    all.forEach(Supervisor::assertUnharmed);
    System.out.printf(
        "acceptance: a mixed ring of %d for %d min: %s; %d looks, %d with a suspect, %d with one"
            + " confirmed, none with one departed%n",
        MEMBERS,
        SPAN.toMinutes(),
        bad,
        looks.size(),
        looks.stream().filter(look -> !look.suspect().isEmpty()).count(),
        looks.stream().filter(look -> !look.confirmed().isEmpty()).count());
  }

  /** Who calls whom anything worse than alive. */
  private record Seen(List<String> suspect, List<String> confirmed, List<String> departed) {}

  private static Seen look(List<Supervisor> all) {
    Seen seen = new Seen(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Supervisor observer : all) {
      if (!observer.isRunning()) {
        throw new AssertionError(observer + " has ended:\n" + observer.tail());
      }
      observer
          .gateway()
          .members()
          .forEach(
              (id, member) -> {
                String said = observer + " calls " + id + " " + member;
                switch (member.health()) {
                  case "Alive" -> {}
                  case "Suspect" -> seen.suspect().add(said);
                  case "Confirmed" -> seen.confirmed().add(said);
                  default -> seen.departed().add(said);
                }
              });
    }
    return seen;
  }
}
