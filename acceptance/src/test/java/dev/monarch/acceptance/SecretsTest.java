package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a Supervisor and its commands know and nobody else shall see. */
class SecretsTest {
  /** Where a secret lives; whoever may read these files has it. */
  private static final List<String> HOMES = List.of("CTL_SECRET", ".sym.key", ".box.key");

  @RegisterExtension final Stage stage = new Stage();

  @Test
  void secretsAreOnNoConsoleInNoProcessListAtNoGatewayAndInNoFileButTheirs() throws IOException {
    Supervisor member = stage.ours("member");
    String ringKey = Keys.generate(stage, member);
    member.withEnvironment("HAB_RING_KEY", ringKey);
    PackageFixture.at(member.root(), "acme/web/1.0.0/20260101000000")
        .user("root", "root")
        .defaultToml("port = 80")
        .config("app.conf", "port={{cfg.port}}")
        .hook("run", Service.NOTED + "exec sleep 1000000\n")
        .write();
    Service web = new Service(member, "web").spec("ident = \"acme/web\"\n");
    member.up();
    String environment = read(Path.of("/proc/" + web.awaitRunning() + "/environ"));
    String control = Files.readString(member.file("CTL_SECRET")).strip();
    String wrong = "a-secret-that-is-wrong";
    Supervisor client = stage.ours("client").withEnvironment("HAB_CTL_SECRET", wrong);

    List<Command.Ending> endings = new ArrayList<>();
    endings.add(member.svc("status"));
    endings.add(member.control("port = 81\n", "config", "apply", "web.default", "1"));
    endings.add(client.hab("svc", "status", "--remote-sup", member.address() + ":9632"));
    endings.add(client.hab("svc", "status", "--remote-sup", member.address() + ":9"));
    assertThat(endings).extracting(Command.Ending::exit).containsExactly(0, 0, 1, 3);

    String ring = ringKey.strip().lines().toList().getLast();
    // Whoever looks for a secret has to know one when it is there.
    assertThat(filesWith(member.root(), control)).containsExactly(member.file("CTL_SECRET"));
    assertThat(filesWith(stage.directory().resolve("keys"), ring))
        .singleElement()
        .asString()
        .endsWith(".sym.key");
    assertThat(List.of(control, ring)).allSatisfy(each -> assertThat(each).hasSizeGreaterThan(40));
    assertThat(read(Path.of("/proc/" + member.supervisorPid() + "/environ"))).contains(ring);
    assertThat(commandLines()).anyMatch(line -> line.contains(member.address()));

    List<String> secrets = List.of(control, ring, wrong);
    for (String secret : secrets) {
      for (Command.Ending ending : endings) {
        assertThat(ending.output()).doesNotContain(secret);
      }
      assertThat(member.console()).doesNotContain(secret);
      for (String document : List.of("/butterfly", "/census", "/services", "/metrics")) {
        assertThat(member.gateway().get(document).toString()).doesNotContain(secret);
      }
      assertThat(commandLines()).noneMatch(line -> line.contains(secret));
      assertThat(filesWith(stage.directory(), secret))
          .allMatch(file -> HOMES.stream().anyMatch(file.toString()::endsWith));
    }
    assertThat(environment).contains("PATH=").doesNotContain(secrets.toArray(String[]::new));
  }

  private static List<String> commandLines() throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(one -> one.getFileName().toString().chars().allMatch(Character::isDigit))
          .map(one -> read(one.resolve("cmdline")))
          .toList();
    }
  }

  private static List<Path> filesWith(Path root, String text) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (Files.isRegularFile(file) && read(file).contains(text)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path gone, IOException why) {
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  /** Nothing of what is gone by now. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
