package dev.monarch.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.bench.Takeover.Sighting;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a leader that was killed is replaced: simulated, real, and how it is told. */
final class TakeoverTest {
  @Test
  void simulatedLeadersAreReplacedOnceTheirDeathIsKnown() {
    DetectionTime calculated = new DetectionTime(8);

    List<Takeover> kills = ElectionBench.simulated(8, 3, 10);

    assertThat(kills)
        .hasSize(10)
        .allSatisfy(
            kill -> {
              assertThat(kill.deathFirst())
                  .isBetween(
                      calculated.firstConfirmedSeconds(0) - 0.1,
                      calculated.firstConfirmedSeconds(1) + 0.1);
              assertThat(kill.agreed()).isGreaterThan(kill.deathFirst());
              // In the time of the simulation, which is the same on every machine.
              assertThat(kill.sinceDeathLast()).isLessThan(0.5);
            });
  }

  @Test
  @Timeout(120)
  void realMembersReportTheDeathOfTheirLeaderAndTheNextOne(@TempDir Path directory) {
    try (Nodes nodes =
        new Nodes(
            "Monarch", ElectionBench.monarch(directory), 4, 3, directory.resolve("stderr.txt"))) {
      int before = nodes.awaitSettled();

      Takeover kill = nodes.killLeader();

      assertThat(kill.agreed()).isGreaterThan(kill.deathFirst());
      assertThat(nodes.awaitSettled()).isNotEqualTo(before);
    }
  }

  @Test
  void aTakeoverIsDescribedByItsFirstAndLastSurvivor() {
    Takeover takeover = Takeover.of(List.of(new Sighting(12, 13.5), new Sighting(13, 13.25)));

    assertThat(takeover).isEqualTo(new Takeover(12, 13, 13.5));
    assertThat(takeover.sinceDeathLast()).isEqualTo(0.5);
  }

  @Test
  void aReportIsReadAsItWasWritten() {
    Report report =
        new Report(Instant.parse("2026-01-02T03:04:05.000006Z"), 4, Report.Kind.LEADS, 12);

    assertThat(report.line()).isEqualTo("1767323045000006 4 leads 12");
    assertThat(Report.parse(report.line())).isEqualTo(report);
    assertThatThrownBy(() -> Report.parse("warning: two words"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
