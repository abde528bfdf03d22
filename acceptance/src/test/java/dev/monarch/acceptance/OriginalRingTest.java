package dev.monarch.acceptance;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The harness held against originals among themselves: what it measures there it may ask of us. */
class OriginalRingTest {
  @RegisterExtension final Stage stage = new Stage();

  @Test
  void originalsJoinLoseOneAndGetItBack() {
    Supervisor first = stage.original("first").permanent().up();
    Supervisor second = stage.original("second").peer(first).up();
    Supervisor third = stage.original("third").peer(first).up();
    List<Supervisor> all = List.of(first, second, third);

    Rings.awaitAgreement(all, "Alive", Duration.ofSeconds(30));
    third.kill();
    Rings.awaitSeen(List.of(first, second), List.of(third), "Suspect", Duration.ofSeconds(30));
    Rings.awaitSeen(List.of(first, second), List.of(third), "Confirmed", Duration.ofSeconds(30));
    third.up();
    Rings.awaitAgreement(all, "Alive", Duration.ofSeconds(90));
    third.stop();
    Rings.awaitSeen(List.of(first, second), List.of(third), "Departed", Duration.ofSeconds(30));
    all.forEach(Supervisor::assertUnharmed);
  }

  @Test
  void originalsOnMachinesOfTheirOwnAreSplitAndHeal() {
    Network network = stage.network(3);
    Supervisor first = stage.original("first", network.host(1)).permanent().up();
    Supervisor second = stage.original("second", network.host(2)).peer(first).up();
    Supervisor third = stage.original("third", network.host(3)).peer(first).up();
    List<Supervisor> all = List.of(first, second, third);

    Rings.awaitAgreement(all, "Alive", Duration.ofSeconds(30));
    network.cut(network.hosts(1), network.hosts(2, 3));
    Rings.awaitSeen(List.of(first), List.of(second, third), "Confirmed", Duration.ofSeconds(45));
    Rings.awaitSeen(List.of(second, third), List.of(first), "Confirmed", Duration.ofSeconds(45));
    network.heal();
    Rings.awaitAgreement(all, "Alive", Duration.ofSeconds(60));
    all.forEach(Supervisor::assertUnharmed);
  }
}
