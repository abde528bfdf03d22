package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIGKILL at any instant. */
class CrashTest {
  private static final int KILLS = 10;
  private static final long SEED = 4711;

  /** From the first instruction of the JVM to some rounds of gossip. */
  private static final int LIFE_MILLIS_MAX = 4000;

  /** Nothing here is about how long it takes. */
  private static final Duration REPAIRED_WITHIN = Duration.ofMinutes(3);

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
    Rings.awaitAgreement(both, "Alive", REPAIRED_WITHIN);
    push(stable, 1);
    Rings.awaitIncarnation(
        victim, "service_config", "crash.default", "service_config", 1, REPAIRED_WITHIN);
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
    Rings.awaitAgreement(both, "Alive", REPAIRED_WITHIN);
    assertThat(victim.memberId()).isEqualTo(id);

    // Once more, and now alone in the world: what it knows then is from its own disk.
    push(stable, 2);
    Rings.awaitIncarnation(
        victim, "service_config", "crash.default", "service_config", 2, REPAIRED_WITHIN);
    Waiting.until(
        "it is written down",
        REPAIRED_WITHIN,
        () -> new Waiting.Look(victim.rumorFileHolds("two = 2"), "an older rumor file"));
    victim.kill();
    stable.kill();
    victim.withoutOptions().up();
    assertThat(victim.gateway().members()).containsKey(stable.memberId());
    Rings.awaitIncarnation(
        victim, "service_config", "crash.default", "service_config", 2, REPAIRED_WITHIN);
  }

  private enum Victim {
    LAUNCHER,
    SUPERVISOR,
    BOTH
  }

  /** The lock lives as long as the process: whoever finds it taken is the second one. */
  private static final String ALONE =
      Service.NOTED
          + """
          # {{cfg.round}}
          exec 9> {{pkg.svc_var_path}}/alone
          flock -n 9 || echo $$ >> {{pkg.svc_var_path}}/second
          exec sleep 1000000
          """;

  @Test
  void whoeverOfTheTwoIsKilledAtWhateverInstantNoServiceRunsTwiceNoneIsLostAndNoneStaysBehind()
      throws IOException, InterruptedException {
    Machine.needsProgram("flock", "util-linux");
    SplittableRandom random = new SplittableRandom(SEED);
    Supervisor member = stage.ours("member");
    List<Service> services =
        Stream.of("web", "db")
            .map(name -> new Service(member, name).spec("ident = \"acme/" + name + "\"\n"))
            .toList();
    for (Service service : services) {
      PackageFixture.at(member.root(), "acme/" + service.name() + "/1.0.0/20260101000000")
          .user("root", "root")
          .defaultToml("round = 0")
          .hook("run", ALONE)
          .write();
    }

    for (int kill = 1; kill <= KILLS; kill++) {
      member.launch();
      Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
      if (random.nextBoolean()) {
        services.forEach(Service::awaitRunning);
        // A restart is under way when the kill comes.
        for (Service service : services) {
          Path user = member.root().resolve("hab/user/" + service.name() + "/config/user.toml");
          Files.createDirectories(user.getParent());
          Files.writeString(user, "round = " + kill + "\n");
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
      } else {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LIFE_MILLIS_MAX));
      }
      kill(victim, member);
      member.awaitExit(REPAIRED_WITHIN);
      for (Service service : services) {
        assertThat(service.file("var/second"))
            .as("after kill %d of seed %d, of %s", kill, SEED, victim)
            .doesNotExist();
      }
    }

    member.up();
    for (Service service : services) {
      long pid = service.awaitRunning();
      Waiting.until(
          "one process of " + service.name(),
          Service.SOON,
          () ->
              new Waiting.Look(
                  service.running().equals(List.of(pid)), service.running().toString()));
      assertThat(service.file("var/second")).doesNotExist();
    }
    assertThat(member.stop()).isZero();
    assertThat(services).allSatisfy(service -> assertThat(service.running()).isEmpty());
  }

  /** With one signal for both, as near to the same instant as there is. */
  private static void kill(Victim victim, Supervisor member) {
    Optional<String> supervisor =
        member
            .process()
            .children()
            .filter(each -> each.info().command().filter(of -> of.endsWith("/java")).isPresent())
            .map(each -> "" + each.pid())
            .findFirst();
    List<String> words = new ArrayList<>(List.of("kill", "-KILL"));
    if (victim != Victim.SUPERVISOR || supervisor.isEmpty()) {
      words.add("" + member.process().pid());
    }
    if (victim != Victim.LAUNCHER) {
      supervisor.ifPresent(words::add);
    }
    // Whoever ended meanwhile cannot be killed.
    Command.of(words.toArray(String[]::new)).run();
  }

  private static void push(Supervisor member, long version) throws IOException {
    Stranger.push(
        member, Stranger.config("crash.default", version, version == 2 ? "two = 2" : "one = 1"));
  }
}
