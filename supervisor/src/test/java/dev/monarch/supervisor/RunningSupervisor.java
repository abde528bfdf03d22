package dev.monarch.supervisor;

import static dev.monarch.supervisor.Eventually.eventually;

import dev.monarch.supervisor.config.Layout;
import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.supervisor.config.SupervisorOptions;
import dev.monarch.supervisor.http.JsonTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** A Supervisor on a thread of this process, with an address and a tree of its own. */
final class RunningSupervisor implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final long DEADLINE_SECONDS = 90;

  private final Path root;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final String address;
  private final Supervisor supervisor;
  private boolean started;

  private RunningSupervisor(
      Path root,
      String address,
      Map<String, String> environment,
      UnaryOperator<SupervisorOptions.Builder> more) {
    this.root = root;
    this.address = address;
    this.environment.put("FS_ROOT", root.toString());
    this.environment.putAll(environment);
    this.supervisor =
        new Supervisor(
            more.apply(SupervisorOptions.builder()).build(),
            new Surroundings(
                this.environment,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false));
  }

  /** An address nobody else uses, ports included, whatever else runs on this machine. */
  static String anAddress() {
    while (true) {
      String address =
          "127.%d.%d.%d"
              .formatted(1 + RANDOM.nextInt(254), RANDOM.nextInt(256), 1 + RANDOM.nextInt(254));
      try (ServerSocket _ = new ServerSocket(9638, 1, java.net.InetAddress.getByName(address))) {
        return address;
      } catch (IOException taken) {
        // Another draw.
      }
    }
  }

  /** With default ports on an address of its own and the given options. */
  static RunningSupervisor start(
      Path root, Map<String, String> environment, UnaryOperator<SupervisorOptions.Builder> more) {
    return start(root, anAddress(), environment, more);
  }

  static RunningSupervisor start(
      Path root,
      String address,
      Map<String, String> environment,
      UnaryOperator<SupervisorOptions.Builder> more) {
    var running =
        new RunningSupervisor(
            root,
            address,
            environment,
            builder ->
                more.apply(
                    builder
                        .give(SupervisorOption.LISTEN_GOSSIP, address + ":9638")
                        .give(SupervisorOption.LISTEN_HTTP, address + ":9631")
                        .give(SupervisorOption.LISTEN_CTL, address + ":9632")));
    running.start();
    return running;
  }

  static RunningSupervisor start(Path root) {
    return start(root, Map.of(), options -> options);
  }

  /** With exactly these options. */
  static RunningSupervisor startWith(
      Path root, Map<String, String> environment, UnaryOperator<SupervisorOptions.Builder> more) {
    var running = new RunningSupervisor(root, "127.0.0.1", environment, more);
    running.start();
    return running;
  }

  private void start() {
    started = true;
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                exit.complete(supervisor.run());
              } catch (RuntimeException | Error failure) {
                exit.completeExceptionally(failure);
              }
            });
  }

  String address() {
    return address;
  }

  Layout layout() {
    return Layout.of(Map.of("FS_ROOT", root.toString()));
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Waits for the first life's gateway, or whatever line is the last of a start. */
  RunningSupervisor awaitUp() {
    return awaitLine("Starting http-gateway on ");
  }

  RunningSupervisor awaitLine(String piece) {
    eventually(
        () -> out() + err() + (exit.isDone() ? "[ended]" : ""),
        seen -> seen.contains(piece) || seen.contains("[ended]"));
    if (!out().contains(piece)) {
      throw new AssertionError("ended before it said \"" + piece + "\": " + out() + err());
    }
    return this;
  }

  String memberId() {
    awaitUp();
    return out()
        .lines()
        .filter(line -> line.contains("Member-ID "))
        .map(line -> line.substring(line.indexOf("Member-ID ") + 10))
        .findFirst()
        .orElseThrow();
  }

  HttpResponse<String> get(String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://" + address + ":9631" + path)).build(),
          BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new AssertionError(out() + err(), failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** What it says about the health of a member; empty text if it does not know it. */
  String healthOf(String memberId) {
    Object health =
        JsonTree.object(get("/butterfly").body()).get("member") instanceof Map<?, ?> member
            ? member.get("health")
            : null;
    return health instanceof Map<?, ?> byId && byId.get(memberId) instanceof String text
        ? text
        : "";
  }

  void restart() {
    supervisor.restart();
  }

  int stop() {
    supervisor.stop();
    return awaitExit();
  }

  int awaitExit() {
    try {
      return exit.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException failure) {
      throw new AssertionError("did not end: " + out() + err(), failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  List<String> lines() {
    return out().lines().toList();
  }

  @Override
  public void close() {
    if (started && !exit.isDone()) {
      stop();
    }
  }
}
