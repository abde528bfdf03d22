package dev.monarch.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A seed is a run: the same one always, another one for another seed. */
final class ReplayTest {
  /** Prints the hash of one seed; started in a virtual machine of its own. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      System.out.print(RandomScenario.of(Long.parseLong(args[0])).run().hash());
    }
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed = 1; seed <= 4; seed++) {
      Simulation one = RandomScenario.of(seed).run();
      Simulation other = RandomScenario.of(seed).run();

      assertThat(other.hash()).isEqualTo(one.hash());
      assertThat(other.events()).isEqualTo(one.events());
      assertThat(other.now()).isEqualTo(one.now());
    }
  }

  @Test
  void otherSeedsAreOtherRuns() {
    Set<Long> hashes = new HashSet<>();
    for (long seed = 1; seed <= 8; seed++) {
      hashes.add(RandomScenario.of(seed).run().hash());
    }

    assertThat(hashes).hasSize(8);
  }

  /** Salted hash codes and identities differ between virtual machines; no run depends on them. */
  @Test
  void anotherVirtualMachineGivesTheSameRun() throws IOException, InterruptedException {
    long seed = 7;
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String there =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(process.waitFor()).isZero();
    assertThat(there).isEqualTo(Long.toString(RandomScenario.of(seed).run().hash()));
  }

  @Test
  void aFailureNamesTheSeedTheCommandAndTheLastEvents() {
    Simulation ring =
        Simulation.builder(17).members(3).replayedBy(RandomScenario.replayCommand(17)).build();
    ring.schedule(
        Duration.ofSeconds(20),
        "fail",
        () -> {
          throw ring.complaint("this was to be expected");
        });

    assertThatThrownBy(() -> ring.runFor(Duration.ofMinutes(1)))
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("this was to be expected")
        .hasMessageContaining("seed 17, at 20.0")
        .hasMessageContaining("mvn -q -pl simulator -am test -Dtest=SeedTest -Dseed=17")
        .hasMessageContaining("says Ping of h");
  }

  @Test
  void speedIsMeasured() {
    SimulationSpeed speed = SimulationSpeed.measure(1, 50, Duration.ofSeconds(60), false);

    assertThat(speed.events()).isPositive();
    assertThat(speed.memberSecondsPerSecond()).isPositive();
  }
}
