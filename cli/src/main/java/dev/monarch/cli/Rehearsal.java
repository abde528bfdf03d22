package dev.monarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.cli.demo.DemoService;
import dev.monarch.supervisor.Supervisor;
import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.supervisor.config.SupervisorOptions;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.ServiceProcess;
import dev.monarch.wire.control.ControlReply.ServiceStatus;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.Ident;
import dev.monarch.wire.control.ProcessState;
import dev.monarch.wire.control.Transaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs harmless command lines, and a ring of two if asked to, so that the JVM can store the classes
 * they load, and later starts find them ready. All that is stored is loaded at every start, so
 * commands have a store of their own without the Supervisor. Only {@code ./hab} calls it, after a
 * build.
 */
final class Rehearsal {
  private static final List<String> LINES =
      List.of(
          "--version",
          "help",
          "help ring key generate",
          "sup run --help",
          "sup run --generate-config",
          "ring members --url http://127.0.0.1:1",
          "ring key export no-such-ring --cache-key-path /nonexistent",
          "ring members --no-such-option",
          "completion bash");

  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);

  /** A machine too slow for this starts a little slower for ever; nothing else. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long LOOK_MILLIS = 50;

  private Rehearsal() {}

  /** Rehearses commands, or with the word {@code ring} a ring as well. */
  public static void main(String[] args) throws Exception {
    for (String line : LINES) {
      int _ = say(line, Map.of(), NOWHERE);
    }
    Path tree = Files.createTempDirectory("hab-rehearsal");
    try {
      if (List.of(args).contains("ring")) {
        ring(tree);
      } else {
        status(tree);
      }
    } finally {
      delete(tree);
    }
    System.exit(0);
  }

  /** The question that is asked most often, answered as a Supervisor with one service would. */
  private static void status(Path tree) throws IOException, InterruptedException {
    var service =
        new ServiceStatus(
            new Ident("demo", "roster", Optional.of("1.0.0"), Optional.of("20260101000000")),
            new ServiceProcess(OptionalLong.of(1), OptionalInt.of(1), ProcessState.UP),
            new ServiceGroup("roster.default"),
            Optional.of(DesiredState.UP));
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread gateway =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    try (Socket client = listening.accept()) {
                      OutputStream out = client.getOutputStream();
                      out.write(
                          ControlCodec.frame(Transaction.HANDSHAKE.lastReply(), new NetOk())
                              .encode());
                      out.write(
                          ControlCodec.frame(Transaction.REQUEST.lastReply(), service).encode());
                      client.shutdownOutput();
                      client.getInputStream().transferTo(OutputStream.nullOutputStream());
                    } catch (IOException broken) {
                      // Then there is a class or two less to be found ready.
                    }
                  });
      int _ =
          say(
              "svc status --remote-sup 127.0.0.1:" + listening.getLocalPort(),
              Map.of("FS_ROOT", tree.toString()),
              NOWHERE);
      boolean _ = gateway.join(Duration.ofNanos(PATIENCE_NANOS));
    }
  }

  private static int say(String line, Map<String, String> env, PrintStream out) {
    return Main.run(
        line.split(" "),
        new Surroundings(env, new ByteArrayInputStream(new byte[0]), out, NOWHERE, false, false));
  }

  /** Where the Supervisors of the rehearsal listen. */
  private record Seat(Path tree, int gossip, int http, int ctl) {
    static Seat in(Path tree) throws IOException {
      return new Seat(Files.createDirectories(tree), freePort(), freePort(), freePort());
    }

    private static int freePort() throws IOException {
      try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      }
    }

    Map<String, String> env() {
      return Map.of("FS_ROOT", tree.toString(), "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    }

    Supervisor supervisor(List<String> peers) {
      var options =
          SupervisorOptions.builder()
              .give(SupervisorOption.LISTEN_GOSSIP, "127.0.0.1:" + gossip)
              .give(SupervisorOption.LISTEN_HTTP, "127.0.0.1:" + http)
              .give(SupervisorOption.LISTEN_CTL, "127.0.0.1:" + ctl)
              .giveAll(SupervisorOption.PEER, peers)
              .build();
      return new Supervisor(
          options, new dev.monarch.supervisor.Surroundings(env(), NOWHERE, NOWHERE, false));
    }
  }

  /** Two Supervisors find each other, one is told by the other, and asked all that can be. */
  private static void ring(Path tree) throws IOException, InterruptedException {
    Seat one = Seat.in(tree.resolve("one"));
    Seat other = Seat.in(tree.resolve("other"));
    DemoService _ = DemoService.roster(other.tree());
    DemoService _ = DemoService.captain(other.tree());
    Files.writeString(
        other.tree().resolve("hab/pkgs/demo/roster/1.0.0/20260101000000/config/greeting"),
        "{{cfg.greeting}}\n");
    List<Supervisor> ring =
        List.of(one.supervisor(List.of()), other.supervisor(List.of("127.0.0.1:" + one.gossip())));
    var threads = new ArrayList<Thread>();
    for (Supervisor supervisor : ring) {
      threads.add(Thread.ofPlatform().daemon().start(supervisor::run));
    }
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!(areTogether(other) && hasRun(other)) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    configure(one);
    ask(other);
    ring.forEach(Supervisor::stop);
    for (Thread thread : threads) {
      boolean _ = thread.join(Duration.ofNanos(PATIENCE_NANOS));
    }
  }

  private static boolean areTogether(Seat seat) {
    var said = new ByteArrayOutputStream();
    int exit =
        say(
            "ring members --url http://127.0.0.1:" + seat.http(),
            seat.env(),
            new PrintStream(said, true, UTF_8));
    return exit == 0
        && said.toString(UTF_8).lines().filter(line -> line.contains("alive")).count() >= 2;
  }

  /** Whether its service has, which then has something to be reconfigured. */
  private static boolean hasRun(Seat seat) {
    return Files.exists(seat.tree().resolve("hab/svc/roster/data/known"));
  }

  private static void ask(Seat seat) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String path : List.of("/", "/butterfly", "/census", "/services", "/metrics")) {
        var uri = URI.create("http://127.0.0.1:" + seat.http() + path);
        var _ = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
      }
    }
    for (String line : List.of("svc status", "svc stop demo/roster", "svc start demo/roster")) {
      int _ = say(line + " --remote-sup 127.0.0.1:" + seat.ctl(), seat.env(), NOWHERE);
    }
  }

  /** Somebody who runs no service hands the group configuration, and hears what became of it. */
  private static void configure(Seat seat) throws IOException {
    Path file = Files.writeString(seat.tree().resolve("greeting.toml"), "greeting = \"hello\"\n");
    int _ =
        say(
            "config apply roster.default 1 %s --wait=5 --remote-sup 127.0.0.1:%d"
                .formatted(file, seat.ctl()),
            seat.env(),
            NOWHERE);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
