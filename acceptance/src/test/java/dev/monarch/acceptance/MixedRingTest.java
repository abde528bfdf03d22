package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two originals and two of ours in one ring. After everything that happens, all four agree, and no
 * thread of an original has died.
 */
class MixedRingTest {
  private static final Duration AGREE_WITHIN = Duration.ofSeconds(40);
  private static final Duration CONFIRMED_WITHIN = Prediction.confirmedEverywhere(4);

  @RegisterExtension final Stage stage = new Stage();

  @ParameterizedTest(name = "first peer original: {0}, ring key: {1}")
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  @Check({"butterfly-23", "butterfly-34", "butterfly-42", "supervisor-102"})
  void fourAgreeWhateverHappensToOneOfThem(boolean originalFirst, boolean keyed) {
    Supervisor original = stage.original("original");
    Supervisor ours = stage.ours("ours");
    Supervisor secondOriginal = stage.original("secondOriginal");
    Supervisor secondOurs = stage.ours("secondOurs");
    Supervisor first = originalFirst ? original : ours;
    List<Supervisor> all = List.of(original, ours, secondOriginal, secondOurs);
    if (keyed) {
      String key = Keys.generate(stage, original);
      all.forEach(member -> member.withEnvironment("HAB_RING_KEY", key));
    }
    for (Supervisor member : all) {
      if (member != first) {
        member.peer(first);
      }
    }
    first.permanent().up();
    all.stream().filter(member -> member != first).forEach(Supervisor::up);
    Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);
    unharmed(all);

    for (Supervisor victim : List.of(secondOurs, secondOriginal)) {
      String id = victim.memberId();
      victim.kill();
      Rings.awaitSeen(without(all, victim), List.of(victim), "Confirmed", CONFIRMED_WITHIN);
      victim.up();
      Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);
      assertThat(victim.memberId()).isEqualTo(id);
      unharmed(all);
    }

    for (Supervisor leaver : List.of(secondOurs, secondOriginal)) {
      assertThat(leaver.stop()).as(leaver.tail()).isZero();
      Rings.awaitSeen(without(all, leaver), List.of(leaver), "Departed", Duration.ofSeconds(20));
      leaver.up();
      Rings.awaitAgreement(all, "Alive", AGREE_WITHIN);
      unharmed(all);
    }
  }

  private static List<Supervisor> without(List<Supervisor> all, Supervisor one) {
    return all.stream().filter(member -> member != one).toList();
  }

  private static void unharmed(List<Supervisor> all) {
    all.forEach(Supervisor::assertUnharmed);
  }
}
