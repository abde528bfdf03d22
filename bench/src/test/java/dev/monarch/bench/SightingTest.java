package dev.monarch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.bench.Detection.Sighting;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading what Supervisors tell about a killed member. */
final class SightingTest {
  private static final Instant KILLED = Instant.parse("2026-01-02T03:04:05Z");

  private static String line(String at, String member, String to) {
    return "{\"at_ns\":1,\"at\":\"%s\",\"member\":\"%s\",\"name\":\"127.0.0.1:9638\",\"from\":null,\"to\":\"%s\",\"incarnation\":0}\n"
        .formatted(at, member, to);
  }

  @Test
  void theFirstSuspicionAndTheConfirmationAfterTheKillCount() {
    String log =
        line("2026-01-02T03:04:01Z", "aa", "suspect")
            + line("2026-01-02T03:04:02Z", "aa", "alive")
            + line("2026-01-02T03:04:08.500Z", "bb", "suspect")
            + line("2026-01-02T03:04:09Z", "aa", "suspect")
            + line("2026-01-02T03:04:18.250Z", "aa", "confirmed");

    assertThat(RingLog.sighting(log, "aa", KILLED)).contains(new Sighting(4, 13.25));
  }

  @Test
  void withoutConfirmationThereIsNoSightingYet() {
    assertThat(RingLog.sighting(line("2026-01-02T03:04:09Z", "aa", "suspect"), "aa", KILLED))
        .isEmpty();
  }

  @Test
  void whoIsConfirmedOnHearsayAloneWasSuspectedThen() {
    assertThat(RingLog.sighting(line("2026-01-02T03:04:19Z", "aa", "confirmed"), "aa", KILLED))
        .contains(new Sighting(14, 14));
  }

  @Test
  void healthIsReadFromTheGatewaysTable() {
    String document =
        "{\"member\":{\"health\":{\"aa\":\"Suspect\",\"bb\": \"Alive\"},"
            + "\"members\":{\"aa\":{\"id\":\"aa\"}}}}";

    assertThat(Gateway.health(document, "aa")).contains("suspect");
    assertThat(Gateway.health(document, "bb")).contains("alive");
    assertThat(Gateway.health(document, "cc")).isEmpty();
  }

  @Test
  void aKillIsDescribedByItsFirstAndLastSurvivor() {
    assertThat(Detection.of(List.of(new Sighting(4, 13), new Sighting(5, 13.5))))
        .isEqualTo(new Detection(4, 5, 13, 13.5));
  }
}
