package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIGKILL at any instant. */
class CrashTest {
  private static final int KILLS = 10;
  private static final long SEED = 4711;

  /** From the first instruction of the JVM to some rounds of gossip. */
  private static final int LIFE_MILLIS_MAX = 4000;

  @RegisterExtension final Stage stage = new Stage();

  @Test
  @Check("butterfly-69")
  void whateverTheInstantOfTheKillTheNextStartHasItsIdItsIncarnationItsMembersAndItsRumors()
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(SEED);
    Supervisor stable = stage.ours("stable").permanent().up();
    Supervisor victim =
        stage.ours("victim").peer(stable).withEnvironment("HAB_PERSIST_LOOP_PERIOD_SECS", "1").up();
    List<Supervisor> both = List.of(stable, victim);
    Rings.awaitAgreement(both, "Alive", Duration.ofSeconds(30));
    push(stable, 1);
    Rings.awaitIncarnation(
        victim, "service_config", "crash.default", "service_config", 1, Duration.ofSeconds(15));
    String id = victim.memberId();
    BigInteger incarnation = victim.incarnation();

    for (int kill = 1; kill <= KILLS; kill++) {
      victim.kill();
      assertThat(victim.memberId()).isEqualTo(id);
      assertThat(victim.incarnation())
          .as("after kill %d of seed %d", kill, SEED)
          .isGreaterThanOrEqualTo(incarnation);
      incarnation = victim.incarnation();
      victim.launch();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LIFE_MILLIS_MAX));
      assertThat(victim.isRunning()).as(victim.tail()).isTrue();
    }
    victim.awaitUp();
    Rings.awaitAgreement(both, "Alive", Duration.ofSeconds(40));
    assertThat(victim.memberId()).isEqualTo(id);

    // Once more, and now alone in the world: what it knows then is from its own disk.
    push(stable, 2);
    Rings.awaitIncarnation(
        victim, "service_config", "crash.default", "service_config", 2, Duration.ofSeconds(15));
    Waiting.until(
        "it is written down",
        Duration.ofSeconds(10),
        () -> new Waiting.Look(victim.rumorFileHolds("two = 2"), "an older rumor file"));
    victim.kill();
    stable.kill();
    victim.withoutOptions().up();
    assertThat(victim.gateway().members()).containsKey(stable.memberId());
    Rings.awaitIncarnation(
        victim, "service_config", "crash.default", "service_config", 2, Duration.ofSeconds(5));
  }

  private static void push(Supervisor member, long version) throws IOException {
    Stranger.push(
        member, Stranger.config("crash.default", version, version == 2 ? "two = 2" : "one = 1"));
  }
}
