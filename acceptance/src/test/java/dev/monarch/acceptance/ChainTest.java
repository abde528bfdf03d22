package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * nginx passes requests to applications that count them in Redis: the packages of {@code examples},
 * each under a Supervisor of its own, while clients never stop asking.
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

    try (Load load = new Load(URI.create("http://" + web.address() + ":8080/"))) {
      awaitAnswerOf(load, first);
      awaitAnswerOf(load, second);
      load.assertNoFailureFor(QUIET);

      Load.Counts before = load.counts();
      second.kill();
      Duration lost = awaitUpstream(web, LOST_WITHIN, first);
      Load.Counts during = load.counts().minus(before);
      load.assertNoFailureFor(QUIET);

      Load.Counts gone = load.counts();
      long started = System.nanoTime();
      second.start();
      awaitUpstream(web, STARTED_WITHIN, first, second);
      Duration returned = Duration.ofNanos(System.nanoTime() - started);
      awaitAnswerOf(load, second);
      Load.Counts back = load.counts().minus(gone);
      load.assertNoFailureFor(QUIET);

      System.out.printf(
          "acceptance: chain: from the kill to the new upstream list %s, with %s; from the start to"
              + " its return %s, with %s%n",
          Waiting.seconds(lost), during, Waiting.seconds(returned), back);
      // All that were under way at the killed one, and one for each time nginx tries it again.
      assertThat(during.failed()).as("%s", during).isLessThan(during.answered() / 20 + CLIENTS);
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

  /** Clients that ask one request after the other until they are closed. */
  private static final class Load implements AutoCloseable {
    /** What an application whose machine is gone costs nginx is less. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_WITHIN)
            .build();
    private final HttpRequest request;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean closed;
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

    Load(URI place) {
      request = HttpRequest.newBuilder(place).timeout(ANSWER_WITHIN).build();
      for (int i = 0; i < CLIENTS; i++) {
        Thread.ofVirtual().name("client-" + i).start(this::askOn);
      }
    }

    private void askOn() {
      while (!closed) {
        String answer = ask();
        if (answer.startsWith("200 ")) {
          answered.incrementAndGet();
        } else if (!closed) {
          failed.incrementAndGet();
          lastFailure = answer;
        }
        pause();
      }
    }

    /** Some hundred requests a second are a load; more would be a test of this machine. */
    private static void pause() {
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** One more request; the status and what was said, or why there was no answer. */
    String ask() {
      try {
        HttpResponse<byte[]> response =
            client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        return e.toString();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "interrupted";
      }
    }

    Counts counts() {
      return new Counts(answered.get(), failed.get());
    }

    void assertNoFailureFor(Duration span) {
      Counts before = counts();
      Waiting.throughout(
          "all requests are answered",
          span,
          () -> {
            Counts since = counts().minus(before);
            return new Waiting.Look(since.failed() == 0, since + ", the last: " + lastFailure);
          });
      assertThat(counts().minus(before).answered()).isPositive();
    }

    @Override
    public void close() {
      closed = true;
      // Waits for the requests under way, and so for all that the clients still do.
      client.close();
    }
  }
}
