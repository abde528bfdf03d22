package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples as their page tells to run them: one command, what is seen then, and Ctrl-C. */
class ExamplesTest {
  /** Up to three JVMs and their services on a loaded machine. */
  private static final Duration SEEN_WITHIN = Duration.ofMinutes(2);

  private static final Duration ENDS_WITHIN = Duration.ofSeconds(90);

  @RegisterExtension final Stage stage = new Stage();

  /** Not below the stage: the name of PostgreSQL's socket may have 107 bytes. */
  private Path root = Path.of("not", "yet");

  @BeforeEach
  void makeRoot() throws IOException {
    Machine.needsProgram("curl", "curl");
    root = Files.createTempDirectory("monarch-examples-");
    // The services' users look for their files here.
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path made = root;
    stage.closing(() -> Stage.delete(made));
    ChainTest.needsOpenWayTo(root);
  }

  @Test
  void theRingRewritesItsLoadBalancerWhenAMemberLeavesAndWhenItReturns() throws IOException {
    Machine.needsProgram("nginx", "nginx-light");
    Machine.needsProgram("redis-server", "redis-server");
    Machine.needsProgram("redis-cli", "redis-tools");
    Machine.needsProgram("python3", "python3");
    needsAddress("127.0.31.1");
    Running all = start("web");
    Path configuration = root.resolve("web/a/hab/svc/nginx/config/nginx.conf");

    all.prints("from 127.0.31.2:", "curl", "-s", "http://127.0.31.1:8080/");
    all.prints("from 127.0.31.3:", "curl", "-s", "http://127.0.31.1:8080/");
    all.prints("server 127.0.31.2:8000", "cat", configuration.toString());

    long launcher = Long.parseLong(Files.readString(root.resolve("web/c/hab/launcher/LOCK")));
    hab(Map.of("FS_ROOT", root.resolve("web/c").toString()), "sup", "term").must();
    Waiting.until(
        "c has ended",
        ENDS_WITHIN,
        () -> new Waiting.Look(!Machine.isRunning(launcher), all.tail()));
    all.printsNot("server 127.0.31.3:8000", "cat", configuration.toString());
    all.prints("from 127.0.31.2:", "curl", "-s", "http://127.0.31.1:8080/");

    Running again = start("web", "c");
    again.prints("server 127.0.31.3:8000", "cat", configuration.toString());
    again.prints("from 127.0.31.3:", "curl", "-s", "http://127.0.31.1:8080/");
    assertThat(hab(Map.of(), "ring", "members", "--url", "http://127.0.31.1:9631").must())
        .contains("127.0.31.2", "127.0.31.3");
    again.interrupt();
    all.interrupt();
  }

  @Test
  void theFirstMemberOfTheRedisGroupIsCopiedByTheOthers() throws IOException {
    Machine.needsProgram("redis-server", "redis-server");
    Machine.needsProgram("redis-cli", "redis-tools");
    needsAddress("127.0.32.1");
    Running all = start("redis");
    all.printsAtOneOf(
        List.of("127.0.32.1", "127.0.32.2", "127.0.32.3"), "connected_slaves:2", "replication");
    all.interrupt();
  }

  @Test
  void theElectedMemberOfTheLedgerIsCopiedByTheOthers() throws IOException {
    Machine.needsProgram("redis-server", "redis-server");
    Machine.needsProgram("redis-cli", "redis-tools");
    needsAddress("127.0.35.1");
    Running all = start("ledger");
    all.printsAtOneOf(
        List.of("127.0.35.1", "127.0.35.2", "127.0.35.3"), "connected_slaves:2", "replication");
    all.interrupt();
  }

  @Test
  void thePostgresqlClusterIsMadeOnceAndKeepsItsDataAcrossStarts() throws IOException {
    for (String program : List.of("postgres", "initdb", "pg_isready", "pg_ctl", "psql")) {
      needsOfPostgresql(program);
    }
    needsAddress("127.0.33.1");
    String health = "http://127.0.33.1:9631/services/postgresql/default/health";
    Running first = start("postgresql");
    first.prints("\"OK\"", "curl", "-s", health);
    psql("create table kept (it int)").must();
    first.interrupt();

    Running second = start("postgresql");
    second.prints("\"OK\"", "curl", "-s", health);
    assertThat(psql("select count(*) from kept").must().strip()).isEqualTo("0");
    second.interrupt();
    assertThat(second.said()).doesNotContain("hook[init]:(HK): creating");
  }

  /** The page's own command, asking one question. */
  private Command psql(String question) {
    String ask =
        "psql -h %s -d postgres -Atc '%s'"
            .formatted(root.resolve("postgresql/a/hab/svc/postgresql/var"), question);
    return System.getProperty("user.name").equals("root")
        ? Command.of("su", "postgres", "-c", ask)
        : Command.of("sh", "-c", ask);
  }

  @Test
  void anNginxAloneSaysThatNobodyIsThere() throws IOException {
    Machine.needsProgram("nginx", "nginx-light");
    needsAddress("127.0.34.1");
    Running nginx = start("nginx");
    nginx.prints("503", "curl", "-si", "http://127.0.34.1:8080/");
    nginx.interrupt();
  }

  private static void needsOfPostgresql(String program) {
    if (Files.exists(Path.of("/usr/lib/postgresql"))) {
      try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
        if (versions.anyMatch(one -> Files.isExecutable(one.resolve("bin").resolve(program)))) {
          return;
        }
      } catch (IOException unreadable) {
        throw new IllegalStateException("cannot read /usr/lib/postgresql", unreadable);
      }
    }
    Machine.needsProgram(program, "postgresql");
  }

  private static void needsAddress(String address) throws IOException {
    boolean free;
    try (var gateway = new ServerSocket(9631, 1, InetAddress.getByName(address))) {
      free = gateway.isBound();
    } catch (BindException taken) {
      free = false;
    }
    Machine.needs(free, "somebody runs an example at " + address + ": end it");
  }

  private Running start(String example, String... members) throws IOException {
    return stage.closing(new Running(example, List.of(members)));
  }

  private static Command hab(Map<String, String> environment, String... arguments) {
    return new Command(
        Stream.concat(Surroundings.hab().stream(), Stream.of(arguments)).toList(), environment);
  }

  /** What stands for {@code ./hab} without building anything: its program is what is tested. */
  private Path program() throws IOException {
    Path program = stage.directory().resolve("hab");
    if (!Files.exists(program)) {
      Files.writeString(
          program,
          """
          #!/bin/sh
          if [ "$1 $2" = 'sup run' ]; then
            exec %s %s "$@"
          fi
          exec %s "$@"
          """
              .formatted(
                  quoted(Surroundings.launcher()),
                  quoted(Surroundings.hab()),
                  quoted(Surroundings.hab())));
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return program;
  }

  private static String quoted(List<String> words) {
    return "'" + String.join("' '", words) + "'";
  }

  /** One {@code examples/NAME/run} in its terminal. */
  private final class Running implements AutoCloseable {
    private final Process process;
    private final Path console;

    Running(String example, List<String> members) throws IOException {
      console = Files.createTempFile(stage.directory(), example + "-", ".console.txt");
      List<String> words = new ArrayList<>();
      words.add(Path.of("..", "examples", example, "run").toString());
      words.addAll(members);
      ProcessBuilder builder = new ProcessBuilder(words);
      Surroundings.clean(builder.environment());
      builder.environment().put("EXAMPLES_ROOT", root.toString());
      builder.environment().put("EXAMPLES_HAB", program().toString());
      process = builder.redirectErrorStream(true).redirectOutput(console.toFile()).start();
      process.getOutputStream().close();
    }

    String said() throws IOException {
      return Files.readString(console);
    }

    /** Repeats a command until its output holds this. */
    void prints(String expected, String... command) {
      await(
          String.join(" ", command) + " prints " + expected,
          () -> Command.of(command).run().output(),
          output -> output.contains(expected));
    }

    /** Repeats a command until its output does not hold this any more. */
    void printsNot(String unexpected, String... command) {
      await(
          String.join(" ", command) + " prints no " + unexpected,
          () -> Command.of(command).run().output(),
          output -> !output.contains(unexpected));
    }

    /** Asks each of these Redis until one of them says this. */
    void printsAtOneOf(List<String> addresses, String expected, String section) {
      await(
          "one of " + addresses + " says " + expected,
          () ->
              String.join(
                  "\n",
                  addresses.stream()
                      .map(
                          address ->
                              Command.of("redis-cli", "-h", address, "info", section)
                                  .run()
                                  .output())
                      .toList()),
          output -> output.contains(expected));
    }

    private void await(String expected, Supplier<String> look, Predicate<String> condition) {
      Waiting.until(
          expected,
          SEEN_WITHIN,
          () -> {
            if (!process.isAlive()) {
              throw new AssertionError("it has ended:\n" + tail());
            }
            String seen = look.get();
            return new Waiting.Look(condition.test(seen), seen + "\n" + tail());
          });
    }

    private String tail() {
      try {
        List<String> lines = said().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
      } catch (IOException unreadable) {
        return unreadable.toString();
      }
    }

    /** Ctrl-C, after which nothing of it is left. */
    void interrupt() {
      List<ProcessHandle> family = process.descendants().toList();
      Command.of("kill", "-INT", "" + process.pid()).must();
      Waiting.until(
          "all of it has ended",
          ENDS_WITHIN,
          () ->
              new Waiting.Look(
                  !process.isAlive()
                      && family.stream().noneMatch(each -> Machine.isRunning(each.pid())),
                  tail()));
    }

    @Override
    public void close() {
      List<ProcessHandle> family = process.descendants().toList();
      process.destroyForcibly();
      family.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
