package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services that find each other through the ring. */
class DiscoveryTest {
  private static final Duration THROUGH_THE_RING = Duration.ofSeconds(60);

  /** Suspicion, confirmation and their way to everybody. */
  private static final Duration LOSS_IS_KNOWN = Duration.ofSeconds(90);

  @RegisterExtension final Stage stage = new Stage();

  @Test
  @Check({"supervisor-65", "supervisor-66"})
  void aServiceFollowsAnotherOneAcrossTheRingAsItComesGoesAndReturns() throws IOException {
    Supervisor database = stage.ours("database").permanent();
    Supervisor patient = stage.ours("patient").permanent().peer(database);
    Supervisor relaxed = stage.ours("relaxed").permanent().peer(database);
    Service pg = pg(database);
    Service strict = web(patient, "strict");
    Service easy = web(relaxed, "relaxed");
    List<Supervisor> all = List.of(database, patient, relaxed);
    all.forEach(Supervisor::start);
    all.forEach(Supervisor::awaitUp);
    Rings.awaitAgreement(all, "Alive", LOSS_IS_KNOWN);

    long early = easy.awaitRunning();
    awaitText(easy, "nobody");
    Waiting.until(
        "the strict one waits and says so again and again",
        THROUGH_THE_RING,
        () ->
            new Waiting.Look(
                patient
                        .console()
                        .lines()
                        .filter(line -> line.contains("Waiting for service binds..."))
                        .count()
                    > 1,
                patient.tail()));
    assertThat(strict.file("PID")).doesNotExist();

    pg.spec("ident = \"acme/pg\"\n");
    String found = database.address() + ":5432";
    print("pg is found by the relaxed one", awaitText(easy, found));
    print("pg is found by the strict one", awaitText(strict, found));
    long late = strict.awaitRunning();

    database.kill();
    print("the relaxed one knows that pg is gone", awaitText(easy, "nobody"));
    print("the strict one knows that pg is gone", awaitText(strict, "nobody"));

    database.up();
    pg.awaitRunning();
    print("the relaxed one knows that pg is back", awaitText(easy, found));
    print("the strict one knows that pg is back", awaitText(strict, found));
    assertThat(easy.everRun()).containsExactly(early);
    assertThat(strict.everRun()).containsExactly(late);
  }

  private static Service pg(Supervisor member) throws IOException {
    PackageFixture.at(member.root(), "acme/pg/1.0.0/20260101000000")
        .user("root", "root")
        .defaultToml("port = 5432")
        .exports("port=port")
        .hook("run", Service.NOTED + "exec sleep 1000000\n")
        .write();
    return new Service(member, "pg");
  }

  /** It takes a new configuration without a restart. */
  private static Service web(Supervisor member, String bindingMode) throws IOException {
    PackageFixture.at(member.root(), "acme/web/1.0.0/20260101000000")
        .user("root", "root")
        .binds("db=port")
        .config(
            "db.conf",
            "{{#if bind.db}}{{#eachAlive bind.db.members as"
                + " |m|}}{{m.sys.ip}}:{{m.cfg.port}}{{/eachAlive}}{{else}}nobody{{/if}}")
        .hook("reconfigure", "#!/bin/sh\nexit 0\n")
        .hook("run", Service.NOTED + "exec sleep 1000000\n")
        .write();
    return new Service(member, "web")
        .spec(
            """
            ident = "acme/web"
            binds = ["db:pg.default"]
            binding_mode = "%s"
            """
                .formatted(bindingMode));
  }

  private static Duration awaitText(Service web, String text) {
    return Waiting.until(
        web.member() + "'s web reads " + text,
        LOSS_IS_KNOWN,
        () ->
            new Waiting.Look(
                web.text("config/db.conf").equals(text),
                web.text("config/db.conf") + "\n" + web.member().tail()));
  }

  private static void print(String what, Duration time) {
    System.out.println("discovery: " + what + " after " + Waiting.seconds(time));
  }
}
