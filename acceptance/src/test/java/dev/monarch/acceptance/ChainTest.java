package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * nginx passes requests to applications that count them in Redis: the packages of {@code examples},
 * each under a Supervisor of its own, while curl never stops asking.
 *
 * <p>No root is needed: run by anybody else, the services run as that user.
 */
class ChainTest {
  private static final int CLIENTS = 4;

  /** Start of a JVM on a loaded machine, a first program of each service, some rounds of gossip. */
  private static final Duration STARTED_WITHIN = Duration.ofMinutes(2);

  /**
   * Usually 6 s, until it is suspected: eachAlive leaves it out from then on. A suspicion that is
   * heard late, on a loaded machine, may come after a whole round of probes.
   */
  private static final Duration LOST_WITHIN = Duration.ofSeconds(90);

  /** How long requests must all succeed before and after the fault. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  /** A machine that is busy with other tests may lose one of hundreds a second now and then. */
  private static final Duration QUIET_WITHIN = Duration.ofSeconds(60);

  private static final Pattern SERVER =
      Pattern.compile("^ *server (127\\.[0-9.]+):8000 ", Pattern.MULTILINE);

  @RegisterExtension final Stage stage = new Stage();

  @BeforeAll
  static void needsPrograms() {
    Machine.needsProgram("nginx", "nginx-light");
    Machine.needsProgram("redis-server", "redis-server");
    Machine.needsProgram("redis-cli", "redis-tools");
    Machine.needsProgram("python3", "python3");
    Machine.needsProgram("curl", "curl");
    Machine.needs(
        Command.of("curl", "--help", "all").run().output().contains(" --rate "),
        "this curl cannot be told how fast to ask: install 7.84 or later");
  }

  @Test
  void aKilledApplicationLeavesTheListOfItsLoadBalancerAndComesBackWhileRequestsGoOn()
      throws IOException {
    Supervisor web = stage.ours("web");
    Supervisor first = stage.ours("first").peer(web);
    Supervisor second = stage.ours("second").peer(web);
    install(web, "redis");
    install(web, "nginx", "binds = [\"app:app.default\"]", "binding_mode = \"relaxed\"");
    for (Supervisor each : List.of(first, second)) {
      install(each, "app", "binds = [\"redis:redis.default\"]");
    }
    needsOpenWayTo(stage.directory());
    List.of(web, first, second).forEach(Supervisor::up);
    awaitUpstream(web, STARTED_WITHIN, first, second);

    try (Load load = new Load("http://" + web.address() + ":8080/")) {
      awaitAnswerOf(load, first);
      awaitAnswerOf(load, second);
      load.awaitNoFailureFor(QUIET);

      Load.Counts before = load.counts();
      second.kill();
      Duration lost = awaitUpstream(web, LOST_WITHIN, first);
      Load.Counts during = load.counts().minus(before);
      load.awaitNoFailureFor(QUIET);

      Load.Counts gone = load.counts();
      long started = System.nanoTime();
      second.start();
      awaitUpstream(web, STARTED_WITHIN, first, second);
      Duration returned = Duration.ofNanos(System.nanoTime() - started);
      awaitAnswerOf(load, second);
      Load.Counts back = load.counts().minus(gone);
      load.awaitNoFailureFor(QUIET);

      System.out.printf(
          "acceptance: chain: from the kill to the new upstream list %s, with %s; from the start to"
              + " its return %s, with %s%n",
          Waiting.seconds(lost), during, Waiting.seconds(returned), back);
      // All that were under way at the killed one, one for each time nginx tries it again, and
      // what a busy machine loses; without another try it would be every second one.
      assertThat(during.failed()).as("%s", during).isLessThan(during.answered() / 4 + CLIENTS);
    }
    List.of(web, first, second).forEach(Supervisor::assertUnharmed);
  }

  /** Unpacks an example and writes the spec that {@code hab svc load} would. */
  private static void install(Supervisor supervisor, String example, String... specLines)
      throws IOException {
    Path installer = Path.of("..", "examples", "install");
    Command.of(installer.toString(), supervisor.root().toString(), example).must();
    List<String> lines = new ArrayList<>(List.of("ident = \"example/" + example + "\""));
    lines.addAll(List.of(specLines));
    Path spec = supervisor.file("specs/" + example + ".spec");
    Files.createDirectories(spec.getParent());
    Files.write(spec, lines);
  }

  /** Services run as users of their own, and must get through to their files. */
  static void needsOpenWayTo(Path directory) {
    if (System.getProperty("user.name").equals("root")) {
      Command reachable =
          Command.of("su", "-s", "/bin/sh", "nobody", "-c", "test -x '" + directory + "'");
      Machine.needs(
          reachable.run().exit() == 0,
          "users of services cannot enter " + directory + ": check out where everybody may look");
    }
  }

  private static Duration awaitUpstream(Supervisor web, Duration within, Supervisor... expected) {
    List<String> addresses = List.of(expected).stream().map(Supervisor::address).sorted().toList();
    return Waiting.until(
        "nginx passes requests to " + addresses,
        within,
        () -> {
          List<String> listed = upstream(web);
          return new Waiting.Look(listed.equals(addresses), listed + "\n" + web.tail());
        });
  }

  private static List<String> upstream(Supervisor web) {
    Path file = web.root().resolve("hab/svc/nginx/config/nginx.conf");
    try {
      return SERVER
          .matcher(Files.readString(file))
          .results()
          .map((MatchResult found) -> found.group(1))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file + ": " + e, e);
    }
  }

  private static void awaitAnswerOf(Load load, Supervisor application) {
    Waiting.until(
        application + " answers requests",
        STARTED_WITHIN,
        () -> {
          String answer = load.ask();
          return new Waiting.Look(answer.contains("from " + application.address() + ":"), answer);
        });
  }

  /** Clients that ask one request after the other until they are closed: each is one curl. */
  private static final class Load implements AutoCloseable {
    /** Some hundred requests a second are a load; more would be a test of this machine. */
    private static final String RATE_OF_EACH = "50/s";

    /** Half an hour of them. */
    private static final String NUMBERED = "?n=[1-100000]";

    /** What an application whose machine is gone costs nginx is less. */
    private static final List<String> CURL =
        List.of("curl", "-q", "--noproxy", "*", "--silent", "--show-error", "--max-time", "20");

    private final String place;
    private final List<Process> clients = new ArrayList<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile String lastFailure = "none";

    /** Requests since the load began or between two looks. */
    record Counts(long answered, long failed) {
      Counts minus(Counts earlier) {
        return new Counts(answered - earlier.answered, failed - earlier.failed);
      }

      @Override
      public String toString() {
        return failed + " of " + (answered + failed) + " requests failed";
      }
    }

    Load(String place) throws IOException {
      this.place = place;
      for (int i = 0; i < CLIENTS; i++) {
        Process client = start();
        clients.add(client);
        Thread.ofPlatform().daemon().name("client-" + i).start(() -> count(client));
      }
    }

    private Process start() throws IOException {
      List<String> words = new ArrayList<>(CURL);
      words.addAll(List.of("--rate", RATE_OF_EACH, "--output", "/dev/null"));
      // There nothing is held back until a buffer is full.
      words.addAll(List.of("--write-out", "%{stderr}%{http_code} after %{time_total} s\\n"));
      words.add(place + NUMBERED);
      ProcessBuilder builder = new ProcessBuilder(words);
      Surroundings.clean(builder.environment());
      return builder.redirectErrorStream(true).start();
    }

    /** A line for each request, and one before it that says why there was no answer. */
    private void count(Process client) {
      try (BufferedReader lines = client.inputReader()) {
        String why = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("curl: ")) {
            why = ", " + line;
          } else if (line.startsWith("200 ")) {
            answered.incrementAndGet();
          } else {
            lastFailure = line + why;
            failed.incrementAndGet();
            why = "";
          }
        }
      } catch (IOException closed) {
        // Its output is closed when it is ended.
      }
    }

    /** One more request: what was said, or why there was no answer. */
    String ask() {
      List<String> words = new ArrayList<>(CURL);
      words.add(place);
      return Command.of(words.toArray(String[]::new)).run().output();
    }

    Counts counts() {
      return new Counts(answered.get(), failed.get());
    }

    void awaitNoFailureFor(Duration span) {
      var begin = new AtomicLong(System.nanoTime());
      var before = new AtomicReference<>(counts());
      Waiting.until(
          "all requests of " + Waiting.seconds(span) + " are answered",
          QUIET_WITHIN,
          () -> {
            if (!clients.stream().allMatch(Process::isAlive)) {
              throw new AssertionError("a client has ended, the last failure: " + lastFailure);
            }
            long now = System.nanoTime();
            Counts since = counts().minus(before.get());
            if (since.failed() > 0) {
              before.set(counts());
              begin.set(now);
            }
            return new Waiting.Look(
                since.failed() == 0 && since.answered() > 0 && now - begin.get() >= span.toNanos(),
                since + ", the last: " + lastFailure);
          });
    }

    @Override
    public void close() {
      clients.forEach(Process::destroyForcibly);
    }
  }
}
