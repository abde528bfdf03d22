package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An original {@code hab} drives our Supervisor with every command that a Supervisor takes. */
class OriginalClientTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension final Stage stage = new Stage();

  private Supervisor ours;
  private Supervisor client;
  private Service web;

  @BeforeEach
  void install() throws IOException {
    // Never started: it lends its programs and has a tree, and a cli.toml, of its own.
    client = stage.original("client");
    ours = stage.ours("ours");
    PackageFixture.at(ours.root(), "acme/web/1.0.0/20260101000000")
        .defaultToml("port = 80\n[net]\nhost = \"h\"\n")
        .config("app.conf", "port={{cfg.port}}")
        .hook("run", Service.NOTED + "exec sleep 1000000\n")
        .write();
    web = new Service(ours, "web");
  }

  private void up() throws IOException {
    ours.up();
    client.withEnvironment("HAB_CTL_SECRET", Files.readString(ours.file("CTL_SECRET")));
  }

  /** What it prints and how it ends. */
  private Command.Ending hab(String... words) {
    return habAt(ours.address(), words);
  }

  private Command.Ending habAt(String host, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--remote-sup", host + ":9632"));
    return client.hab(all.toArray(String[]::new));
  }

  private void says(int exit, String text, String... words) {
    Command.Ending ending = hab(words);
    assertThat(ending.output()).as(List.of(words).toString()).contains(text);
    assertThat(ending.exit()).as(ending.output()).isEqualTo(exit);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(stage.directory().resolve(name), text);
  }

  private static void await(String expected, Path file, String text) {
    Waiting.until(
        expected,
        SOON,
        () -> {
          try {
            String found = Files.readString(file);
            return new Waiting.Look(found.equals(text), found);
          } catch (IOException notYet) {
            return new Waiting.Look(false, notYet.toString());
          }
        });
  }

  @Test
  @Check({"control-17", "control-18", "control-24", "control-26", "control-27"})
  void servicesAreLoadedShownStoppedStartedUpdatedAndUnloaded() throws IOException {
    up();
    says(0, "No services loaded.", "svc", "status");
    says(0, "The acme/web service was successfully loaded", "svc", "load", "acme/web");
    long first = web.awaitRunning();
    says(0, "acme/web/1.0.0/20260101000000  standalone  up", "svc", "status");
    says(0, "" + first, "svc", "status", "acme/web");
    says(1, "[Err: 2] Service not loaded, acme/none", "svc", "status", "acme/none");
    says(1, "[Err: 3] Service already loaded.", "svc", "load", "acme/web");

    says(0, "Supervisor stopping acme/web", "svc", "stop", "acme/web");
    web.awaitEnd(first);
    assertThat(hab("svc", "stop", "acme/web")).isEqualTo(new Command.Ending(0, ""));
    says(0, "Supervisor starting acme/web", "svc", "start", "acme/web");
    long second = web.awaitOtherThan(first);

    says(0, "Updating acme/web", "svc", "update", "acme/web", "--strategy", "at-once");
    assertThat(web.spec()).contains("update_strategy = \"at-once\"");
    assertThat(web.awaitRunning()).isEqualTo(second);
    says(0, "Updating acme/web", "svc", "update", "acme/web", "--group", "blue");
    web.awaitOtherThan(second);
    says(0, "web.blue", "svc", "status");

    says(0, "Unloading acme/web", "svc", "unload", "acme/web");
    says(1, "[Err: 0] Service acme/web not loaded", "svc", "unload", "acme/web");
    assertThat(ours.stop()).isZero();
  }

  @Test
  @Check({"control-33", "control-35", "supervisor-54"})
  void configurationAndFilesReachTheService() throws IOException {
    up();
    says(0, "successfully loaded", "svc", "load", "acme/web");
    web.awaitRunning();
    says(0, "", "config", "show", "acme/web");
    says(1, "[Err: 2] Service not loaded, acme/none", "config", "show", "acme/none");

    Path rendered = web.file("config/app.conf");
    Path first = write("five.toml", "port = 85\n");
    says(0, "Applied configuration", "config", "apply", "web.default", "5", "" + first);
    await("version 5 is applied", rendered, "port=85");
    // To an original's command this is a success, and it would take no line about it.
    Path lower = write("four.toml", "port = 84\n");
    says(0, "Applied configuration", "config", "apply", "web.default", "4", "" + lower);
    says(0, "Applied configuration", "config", "apply", "web.default", "6", "" + lower);
    await("version 6 is applied", rendered, "port=84");
    assertThat(ours.console())
        .contains("Version 4 of the configuration of web.default changes nothing");
    // What the package does not know is a warning to it, in words of ours, and applied.
    Path odd = write("odd.toml", "port = 87\nprot = 1\n");
    says(0, "prot (expected no such key", "config", "apply", "web.default", "7", "" + odd);
    await("version 7 is applied", rendered, "port=87");
    Path wrong = write("wrong.toml", "port =\n");
    says(1, "[Err: 6] Unable to decode", "config", "apply", "web.default", "8", "" + wrong);
    Path huge = write("huge.toml", "#" + "x".repeat(70_000));
    says(1, "too large", "config", "apply", "web.default", "9", "" + huge);

    Path file = write("a.txt", "hello\n");
    says(0, "Uploaded file", "file", "upload", "web.default", "1", "" + file);
    await("the file is there", web.file("files/a.txt"), "hello\n");
    Path hugeFile = write("huge.bin", "x".repeat(70_000));
    says(1, "too large", "file", "upload", "web.default", "1", "" + hugeFile);
    assertThat(ours.stop()).isZero();
  }

  @Test
  @Check({"control-36", "control-37", "supervisor-90"})
  void membersDepartAndTheSupervisorRestartsUnderItsServices() throws IOException {
    up();
    says(0, "successfully loaded", "svc", "load", "acme/web");
    long pid = web.awaitRunning();
    long supervisor = ours.supervisorPid();

    says(0, "Restart recorded.", "sup", "restart");
    Waiting.until(
        "another Supervisor",
        SOON,
        () ->
            new Waiting.Look(
                ours.supervisorPid() != supervisor && ours.gateway().answers(),
                "" + ours.supervisorPid()));
    assertThat(web.awaitRunning()).isEqualTo(pid);
    Waiting.until(
        "the service is taken over",
        SOON,
        () ->
            new Waiting.Look(
                ours.console().contains("Reattaching to web.default"), ours.console()));

    Command.Ending departed = sure("sup", "depart", "0123456789abcdef0123456789abcdef");
    assertThat(departed.output()).contains("Departure recorded.");
    assertThat(departed.exit()).isZero();
    assertThat(ours.gateway().butterfly().toString()).contains("0123456789abcdef0123456789abcdef");
    assertThat(ours.stop()).isZero();
  }

  /** After a restart the control gateway may be a moment behind the other one. */
  private Command.Ending sure(String... words) {
    List<Command.Ending> last = new ArrayList<>();
    Waiting.until(
        "an answer to " + List.of(words),
        SOON,
        () -> {
          last.add(hab(words));
          return new Waiting.Look(last.getLast().exit() == 0, last.getLast().output());
        });
    return last.getLast();
  }

  @Test
  @Check({"control-2", "control-3", "supervisor-82"})
  void anotherSecretOrNoneIsRefused() throws IOException {
    up();
    for (String secret : List.of("wrong", "")) {
      client.withEnvironment("HAB_CTL_SECRET", secret);
      says(1, "[Err: 4] secret key mismatch", "svc", "status");
    }
    ours.assertUnharmed();
    assertThat(ours.stop()).isZero();
  }

  // ---- TLS ----

  private Path pair(String directory) {
    Path place = stage.directory().resolve(directory);
    Command.Ending ending =
        client.hab(
            "sup",
            "secret",
            "generate-tls",
            "--subject-alternative-name",
            "gateway.example",
            "" + place);
    assertThat(ending.exit()).as(ending.output()).isZero();
    return place;
  }

  private void cliToml(String text) throws IOException {
    Path file = client.root().resolve("hab/etc/cli.toml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  @Check({"control-41", "control-42", "control-44", "supervisor-86"})
  void everythingIsSaidInTlsWithCertificatesOfBothSides() throws IOException {
    Path server = pair("server");
    Path own = pair("own");
    ours.with(
        "--ctl-server-key",
        "" + server,
        "--ctl-server-certificate",
        "" + server,
        "--ctl-client-ca-certificate",
        "" + own);
    up();
    String authority = "ctl_server_ca_certificate = \"%s\"\n".formatted(server);
    String name = "ctl_server_name_indication = \"gateway.example\"\n";
    String identity =
        "ctl_client_key = \"%s\"\nctl_client_certificate = \"%s\"\n".formatted(own, own);

    cliToml(authority + name + identity);
    says(0, "The acme/web service was successfully loaded", "svc", "load", "acme/web");
    web.awaitRunning();
    says(0, "acme/web/1.0.0/20260101000000", "svc", "status");
    Path toml = write("five.toml", "port = 85\n");
    says(0, "Applied configuration", "config", "apply", "web.default", "5", "" + toml);
    await("version 5 is applied", web.file("config/app.conf"), "port=85");
    client.withEnvironment("HAB_CTL_SECRET", "wrong");
    says(1, "[Err: 4] secret key mismatch", "svc", "status");
    client.withEnvironment("HAB_CTL_SECRET", Files.readString(ours.file("CTL_SECRET")));

    cliToml(authority + identity);
    assertThat(hab("svc", "status").exit()).as("an address is no name of it").isEqualTo(1);
    cliToml(authority + name);
    assertThat(hab("svc", "status").exit()).as("without a certificate").isEqualTo(1);
    cliToml(
        authority
            + name
            + "ctl_client_key = \"%s\"\nctl_client_certificate = \"%s\"\n"
                .formatted(server, server));
    assertThat(hab("svc", "status").exit()).as("with a stranger's certificate").isEqualTo(1);
    cliToml("");
    assertThat(hab("svc", "status").exit()).as("in clear").isEqualTo(1);

    cliToml(authority + name + identity);
    says(0, "Unloading acme/web", "svc", "unload", "acme/web");
    ours.assertUnharmed();
    assertThat(ours.stop()).isZero();
  }
}
