package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our commands drive an original Supervisor, which cannot tell them from its own. */
class OurClientTest {
  /** It looks once a second. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Duration TOLD_WITHIN = Duration.ofSeconds(20);

  @RegisterExtension final Stage stage = new Stage();

  @Test
  void aServiceIsLoadedStoppedStartedChangedAndUnloaded() throws IOException {
    Supervisor original = stage.original("original");
    SyntheticPackage.install(original, "web");
    original.up();
    says(original, "", 0, "No services loaded.", "svc", "status");
    says(
        original, "", 0, "The acme/web service was successfully loaded", "svc", "load", "acme/web");
    awaitStatus(
        original,
        "acme/web/1\\.0/20260101000000 +standalone +up +up +[0-9]+ +[0-9]+ +web\\.default");
    says(original, "", 1, "[Err: 3] Service already loaded.", "svc", "load", "acme/web");
    says(original, "", 2, "[Err: 2] Service not loaded, acme/none", "svc", "status", "acme/none");
    says(original, "", 0, "Supervisor stopping acme/web", "svc", "stop", "acme/web");
    awaitStatus(original, ".* +down +down +[0-9]+ +<none> +web\\.default");
    says(original, "", 0, "Supervisor starting acme/web", "svc", "start", "acme/web");
    awaitStatus(original, ".* +up +up +[0-9]+ +[0-9]+ +web\\.default");
    says(original, "", 0, "Updating acme/web", "svc", "update", "acme/web", "--group", "blue");
    awaitStatus(original, ".* +up +up +[0-9]+ +[0-9]+ +web\\.blue");
    says(original, "", 0, "Unloading acme/web", "svc", "unload", "acme/web");
    awaitStatus(original, "No services loaded\\.");
    original.assertUnharmed();
  }

  @Test
  void configurationAndFilesAreInjectedAndShown() throws IOException {
    Supervisor original = stage.original("original");
    SyntheticPackage.install(original, "web");
    original.up();
    says(original, "", 0, "successfully loaded", "svc", "load", "acme/web");
    awaitStatus(original, ".* +up +up .*");
    Waiting.until(
        "the original shows the default configuration",
        SOON,
        () -> {
          Command.Ending shown = original.control("", "config", "show", "acme/web");
          return new Waiting.Look(
              shown.equals(new Command.Ending(0, "port = 1\n")), shown.output());
        });
    says(original, "", 1, "[Err: 2] Service not loaded, a/b", "config", "show", "a/b");

    says(original, "port = 2\n", 0, "Applied configuration", "config", "apply", "web.default", "5");
    awaitVersion(original, 5);
    says(
        original,
        "port = = 1\n",
        1,
        "[Err: 6] Unable to decode",
        "config",
        "apply",
        "web.default",
        "6");
    says(
        original,
        "port = 3\n",
        0,
        "does not tell who has applied it",
        "config",
        "apply",
        "--wait",
        "web.default",
        "7");
    awaitVersion(original, 7);

    Path file = Files.writeString(stage.directory().resolve("app.lic"), "for all\n");
    says(original, "", 0, "Uploaded file", "file", "upload", "web.default", "1", "" + file);
    Path there = new Service(original, "web").file("files/app.lic");
    Waiting.until(
        there + " is there", SOON, () -> new Waiting.Look(Files.exists(there), "no such file"));
    assertThat(there).hasContent("for all");
    original.assertUnharmed();
  }

  @Test
  void itRestartsAndLetsAMemberDepartAndKnowsItsSecret() throws IOException {
    Supervisor original = stage.original("original").permanent();
    SyntheticPackage.install(original, "web");
    original.up();
    Supervisor ours = stage.ours("ours").peer(original).up();
    Rings.awaitAgreement(List.of(original, ours), "Alive", Duration.ofSeconds(40));
    says(original, "", 0, "Departure recorded.", "sup", "depart", ours.memberId());
    assertThat(ours.awaitExit(TOLD_WITHIN)).as(ours.tail()).isEqualTo(86);

    says(original, "", 0, "successfully loaded", "svc", "load", "acme/web");
    String running = ".* +up +up +[0-9]+ +[0-9]+ +web\\.default";
    awaitStatus(original, running);
    String pid = pid(original);
    says(original, "", 0, "Restart recorded.", "sup", "restart");
    Waiting.until(
        "the next Supervisor looks after process " + pid,
        Supervisor.UP_WITHIN,
        () -> {
          boolean restarted = original.console().split("Starting ctl-gateway", -1).length > 2;
          String status = original.control("", "svc", "status").output();
          return new Waiting.Look(restarted && status.contains(" " + pid + " "), status);
        });

    original.withEnvironment("HAB_CTL_SECRET", "another");
    Files.delete(original.file("CTL_SECRET"));
    says(original, "", 1, "[Err: 4] secret key mismatch", "svc", "status");
  }

  @Test
  void withTlsOnlyWhoShowsTheRightCertificateIsHeard() throws IOException {
    Supervisor original = stage.original("original");
    TlsPairs pairs = TlsPairs.made(stage, original);
    pairs.protect(original).up();
    assertThat(pairs.status(original, TlsPairs.CLIENT))
        .isEqualTo(new Command.Ending(0, "No services loaded.\n"));
    pairs.assertOthersAreRefused(original);
  }

  private static String pid(Supervisor original) {
    String row = original.control("", "svc", "status").output().lines().toList().getLast();
    return Pattern.compile(" +").splitAsStream(row).toList().get(5);
  }

  private static void says(
      Supervisor original, String input, int exit, String text, String... words) {
    Command.Ending ending = original.control(input, words);
    assertThat(ending.output()).as(List.of(words).toString()).contains(text);
    assertThat(ending.exit()).as(List.of(words).toString()).isEqualTo(exit);
  }

  private static void awaitStatus(Supervisor original, String lastLine) {
    Waiting.until(
        "the last line of its status is " + lastLine,
        SOON,
        () -> {
          String status = original.control("", "svc", "status").output();
          return new Waiting.Look(status.lines().toList().getLast().matches(lastLine), status);
        });
  }

  private static void awaitVersion(Supervisor original, long version) {
    Rings.awaitIncarnation(
        original, "service_config", "web.default", "service_config", version, TOLD_WITHIN);
  }
}
