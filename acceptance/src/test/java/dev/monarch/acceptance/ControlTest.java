package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the page "Supervisor Networks" injects at any Supervisor of a bastion ring: configuration,
 * files and departures. The bastion members run no services, and one of them is down.
 */
class ControlTest {
  private static final Duration AGREE_WITHIN = Duration.ofMinutes(3);

  /** Usually well below a second; some rounds of gossip if a push was lost. */
  private static final Duration TOLD_WITHIN = Duration.ofMinutes(2);

  private static final int DEPARTED = 86;

  @RegisterExtension final Stage stage = new Stage();

  @Test
  @Check("control-33")
  void configurationAndFilesReachEveryMemberThroughABastionRingOfWhichOneIsDown()
      throws IOException {
    List<Supervisor> bastions = bastionRing();
    Supervisor one = stage.ours("one").peer(bastions.toArray(Supervisor[]::new));
    Supervisor two = stage.ours("two").peer(bastions.toArray(Supervisor[]::new));
    Supervisor late = stage.ours("late").peer(bastions.toArray(Supervisor[]::new));
    for (Supervisor member : List.of(one, two, late)) {
      web(member).spec("ident = \"acme/web\"\n");
    }
    List<Supervisor> members = List.of(one, two);
    members.forEach(Supervisor::up);
    Rings.awaitAgreement(concat(bastions, members), "Alive", AGREE_WITHIN);
    members.forEach(member -> new Service(member, "web").awaitRunning());
    awaitToldOf(bastions.getFirst(), members);
    bastions.getLast().kill();

    Command.Ending told =
        bastions
            .getFirst()
            .control("port = 7000\n", "config", "apply", "--wait", "web.default", "5");
    assertThat(told.output())
        .contains("» Setting new configuration version 5 for web.default\n")
        .contains("★ Applied configuration\n");
    for (Supervisor member : members) {
      assertThat(told.output()).contains("(" + member.memberId() + "): applied version 5");
    }
    assertThat(told.exit()).as(told.output()).isZero();
    members.forEach(member -> awaitText(member, "config/app.conf", "port=7000"));

    Rings.awaitIncarnation(
        bastions.get(1), "service_config", "web.default", "service_config", 5, TOLD_WITHIN);
    Command.Ending older =
        bastions.get(1).control("port = 1\n", "config", "apply", "web.default", "4");
    assertThat(older.exit()).as(older.output()).isZero();
    assertThat(older.output())
        .contains("Version 5 of the configuration of web.default is in force");

    members.forEach(
        member ->
            assertThat(new Service(member, "web").text("config/app.conf")).isEqualTo("port=7000"));
    Command.Ending newer =
        bastions.get(1).control("port = 7001\n", "config", "apply", "web.default", "6");
    assertThat(newer.exit()).as(newer.output()).isZero();
    members.forEach(member -> awaitText(member, "config/app.conf", "port=7001"));

    Path licence = Files.writeString(stage.directory().resolve("app.lic"), "for one and two\n");
    Command.Ending uploaded =
        bastions.get(1).control("", "file", "upload", "web.default", "1", licence.toString());
    assertThat(uploaded.exit()).as(uploaded.output()).isZero();
    assertThat(uploaded.output()).contains("★ Uploaded file\n");
    members.forEach(member -> awaitText(member, "files/app.lic", "for one and two\n"));

    // Who comes later is told by those who are there, and so is the bastion member that was down.
    late.up();
    awaitText(late, "config/app.conf", "port=7001");
    awaitText(late, "files/app.lic", "for one and two\n");
    bastions.getLast().up();
    Rings.awaitIncarnation(
        bastions.getLast(), "service_config", "web.default", "service_config", 6, TOLD_WITHIN);
    for (Supervisor member : concat(bastions, List.of(one, two, late))) {
      member.assertUnharmed();
    }
  }

  @Test
  void aDepartureInjectedAtABastionMemberEndsWhoIsThereAndWhoComesBack() {
    List<Supervisor> bastions = bastionRing();
    Supervisor present = stage.ours("present").peer(bastions.toArray(Supervisor[]::new)).up();
    Supervisor absent = stage.ours("absent").peer(bastions.toArray(Supervisor[]::new)).up();
    Rings.awaitAgreement(concat(bastions, List.of(present, absent)), "Alive", AGREE_WITHIN);
    bastions.getLast().kill();
    absent.kill();

    List<Supervisor> witnesses = bastions.subList(0, 2);
    for (Supervisor leaver : List.of(present, absent)) {
      Command.Ending departure =
          bastions.getFirst().control("", "sup", "depart", leaver.memberId());
      assertThat(departure.exit()).as(departure.output()).isZero();
      assertThat(departure.output())
          .isEqualTo(
              """
              » Permanently marking %s as departed
              ↑ Applying via peer %s:9632
              ★ Departure recorded.
              """
                  .formatted(leaver.memberId(), bastions.getFirst().address()));
    }
    assertThat(present.awaitExit(TOLD_WITHIN)).as(present.tail()).isEqualTo(DEPARTED);
    Rings.awaitSeen(witnesses, List.of(present, absent), "Departed", TOLD_WITHIN);

    absent.launch();
    assertThat(absent.awaitExit(TOLD_WITHIN)).as(absent.tail()).isEqualTo(DEPARTED);
    assertThat(absent.console()).contains("MEMBER_ID");
    bastions.getLast().up();
    Rings.awaitSeen(List.of(bastions.getLast()), List.of(present, absent), "Departed", TOLD_WITHIN);
    Command.Ending nobody =
        bastions.getLast().control("", "sup", "depart", "0123456789abcdef0123456789abcdef");
    assertThat(nobody.exit()).as(nobody.output()).isZero();
  }

  @Test
  @Check("control-37")
  void aRestartReplacesTheSupervisorAndLeavesItsServices() throws IOException {
    Supervisor member = stage.ours("member");
    Service web = web(member).spec("ident = \"acme/web\"\n");
    member.up();
    long pid = web.awaitRunning();
    long supervisor = member.supervisorPid();

    Command.Ending defaults = member.control("", "config", "show", "acme/web");
    assertThat(defaults).isEqualTo(new Command.Ending(0, "port = 80\n"));
    Command.Ending invalid = member.control("port = = 1\n", "config", "apply", "web.default", "1");
    assertThat(invalid.exit()).isEqualTo(1);
    assertThat(invalid.output()).contains("[Err: 6] Unable to decode configuration as TOML");
    Command.Ending odd =
        member.control("port = 80\nprot = 1\n", "config", "apply", "web.default", "1");
    assertThat(odd.exit()).as(odd.output()).isZero();
    assertThat(odd.output())
        .contains("Ø [Err: 7] Configuration is at odds with ")
        .contains(": prot (expected no such key, found a number); ")
        .contains("★ Applied configuration\n");

    Command.Ending restart = member.control("", "sup", "restart");
    assertThat(restart)
        .isEqualTo(
            new Command.Ending(
                0,
                "» Restarting supervisor %s:9632\n★ Restart recorded.\n"
                    .formatted(member.address())));
    Waiting.until(
        "another Supervisor than " + supervisor + " runs",
        Supervisor.UP_WITHIN,
        () -> new Waiting.Look(member.supervisorPid() != supervisor, member.tail()));
    member.awaitUp();
    assertThat(web.everRun()).containsExactly(pid);
    assertThat(Machine.isRunning(pid)).isTrue();
  }

  @Test
  @Check({"control-44", "supervisor-86"})
  void withTlsOnlyWhoShowsTheRightCertificateIsHeard() throws IOException {
    Supervisor member = stage.ours("member");
    TlsPairs pairs = TlsPairs.made(stage, member);
    pairs.protect(member).up();
    assertThat(pairs.status(member, TlsPairs.CLIENT))
        .isEqualTo(new Command.Ending(0, "No services loaded.\n"));
    pairs.assertOthersAreRefused(member);
  }

  /** It waits for those of a group that it knows of by then. */
  private static void awaitToldOf(Supervisor bastion, List<Supervisor> members) {
    Waiting.until(
        bastion + " knows that " + members + " run the service and tell of it",
        TOLD_WITHIN,
        () -> {
          Json population =
              bastion
                  .gateway()
                  .document("/census")
                  .at("census_groups", "web.default", "population")
                  .orElseThrow();
          return new Waiting.Look(
              members.stream()
                  .allMatch(member -> population.at(member.memberId(), "monarch").isPresent()),
              population.toString());
        });
  }

  /** Three permanent peers without services, each a peer of the others. */
  private List<Supervisor> bastionRing() {
    List<Supervisor> bastions = Stream.of("A", "B", "C").map(stage::ours).toList();
    for (Supervisor bastion : bastions) {
      bastion
          .permanent()
          .peer(bastions.stream().filter(other -> other != bastion).toArray(Supervisor[]::new));
    }
    bastions.forEach(Supervisor::up);
    return bastions;
  }

  private static Service web(Supervisor member) throws IOException {
    PackageFixture.at(member.root(), "acme/web/1.0.0/20260101000000")
        .user("root", "root")
        .defaultToml("port = 80")
        .config("app.conf", "port={{cfg.port}}")
        .hook("run", Service.NOTED + "exec sleep 1000000\n")
        .write();
    return new Service(member, "web");
  }

  private static void awaitText(Supervisor member, String file, String text) {
    Service web = new Service(member, "web");
    Waiting.until(
        member + " has \"" + text.strip() + "\" in " + file,
        TOLD_WITHIN,
        () -> new Waiting.Look(web.text(file).equals(text), web.text(file)));
  }

  private static List<Supervisor> concat(List<Supervisor> some, List<Supervisor> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
