package dev.monarch.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One Supervisor, ours or an original one, as seen from outside. It may be started, ended and
 * started again on its tree; options and environment can be changed in between.
 *
 * <p>On a {@link Network} it is started as the documentation says, at default ports on all
 * addresses. Without one it gets a loopback address of its own and is told so by options.
 */
final class Supervisor {
  /** Generous: a first start on a loaded machine. */
  static final Duration UP_WITHIN = Duration.ofMinutes(2);

  private static final Duration STOPS_WITHIN = Duration.ofSeconds(90);

  /** Some console is hundreds of megabytes long, and is looked at ten times a second. */
  private static final int TAIL_BYTES_MAX = 16 * 1024;

  /** How long {@link #start} keeps others from starting; a start is mostly class loading. */
  private static final Duration START_ALONE_MAX = Duration.ofSeconds(5);

  /** Two at a time, so that a storm of starting JVMs does not look like a fault of the network. */
  private static final Semaphore STARTING = new Semaphore(2, true);

  /** What the console of a Supervisor that goes down in flames looks like, in either language. */
  private static final List<String> DEATHS = List.of("panicked at", "Exception in thread");

  private final String name;
  private Path root;
  private final String address;
  private final Optional<Network.Host> host;
  private final Optional<Path> originals;
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private List<String> prefix = List.of();
  private @Nullable Process process;

  /**
   * @param originals where the original's programs are, for an original one
   */
  Supervisor(
      String name,
      Path root,
      String address,
      Optional<Network.Host> host,
      Optional<Path> originals) {
    this.name = name;
    this.root = root;
    this.address = address;
    this.host = host;
    this.originals = originals;
  }

  Supervisor with(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  Supervisor withEnvironment(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Starts it by these words, such as a program that takes rights away. */
  Supervisor by(String... words) {
    prefix = List.of(words);
    return this;
  }

  /** Puts it on another one's tree; its console stays apart. */
  Supervisor on(Path tree) {
    root = tree;
    return this;
  }

  Supervisor permanent() {
    return with("--permanent-peer");
  }

  Supervisor peer(Supervisor... peers) {
    for (Supervisor peer : peers) {
      with("--peer=" + peer.address);
    }
    return this;
  }

  /** Forgets the options given so far. */
  Supervisor withoutOptions() {
    options.clear();
    return this;
  }

  String name() {
    return name;
  }

  String address() {
    return address;
  }

  boolean isOriginal() {
    return originals.isPresent();
  }

  Network.Host host() {
    return host.orElseThrow();
  }

  Gateway gateway() {
    return new Gateway(address, Gateway.DEFAULT_PORT);
  }

  /** The directory given as {@code FS_ROOT}. */
  Path root() {
    return root;
  }

  Path file(String below) {
    return root.resolve("hab/sup/default").resolve(below);
  }

  Path rumorFile() {
    return file("data/" + memberId() + ".rst");
  }

  /** Whether the rumor file on disk contains this text. */
  boolean rumorFileHolds(String text) {
    try {
      return new String(Files.readAllBytes(rumorFile()), StandardCharsets.ISO_8859_1)
          .contains(text);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + rumorFile() + ": " + e, e);
    }
  }

  RingLog ringLog() {
    return new RingLog(root.resolve(name + ".ring-log.jsonl"));
  }

  String memberId() {
    return read(file("MEMBER_ID")).strip();
  }

  BigInteger incarnation() {
    return new BigInteger(read(file("data/INCARNATION")).strip());
  }

  /** What it said on its console since it was first started. */
  String console() {
    return read(consoleFile());
  }

  /** Whether a line of its console contains this, however much else it said. */
  boolean says(String text) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(consoleFile()), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(text)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + consoleFile() + ": " + e, e);
    }
  }

  private Path consoleFile() {
    return root.resolve(name + ".console.txt");
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file + ": " + e, e);
    }
  }

  /** Starts it and waits until its gateway answers. */
  Supervisor up() {
    start();
    return awaitUp();
  }

  /** Starts it, in turn with others, and leaves it to itself as soon as it answers. */
  Supervisor start() {
    STARTING.acquireUninterruptibly();
    try {
      launch();
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < START_ALONE_MAX.toNanos()
          && isRunning()
          && !gateway().answers()) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      STARTING.release();
    }
    return this;
  }

  /** Starts it and does not look back. */
  Supervisor launch() {
    if (isRunning()) {
      throw new IllegalStateException(name + " is running already");
    }
    try {
      Files.createDirectories(root);
      ProcessBuilder builder = new ProcessBuilder(words());
      Surroundings.clean(builder.environment());
      builder.environment().putAll(fixedEnvironment());
      builder.environment().putAll(environment);
      builder
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(consoleFile().toFile()));
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + name, e);
    }
    return this;
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    host.ifPresent(machine -> words.addAll(machine.prefix()));
    words.addAll(prefix);
    if (originals.isPresent()) {
      words.add(originals.get().resolve("hab-launch").toString());
    } else {
      words.addAll(Surroundings.launcher());
      words.addAll(Surroundings.hab());
      words.add("sup");
    }
    words.add("run");
    if (host.isEmpty()) {
      words.addAll(
          List.of(
              "--listen-gossip",
              address + ":9638",
              "--listen-http",
              address + ":9631",
              "--listen-ctl",
              address + ":9632",
              "--sys-ip-address",
              address));
    }
    words.add("--no-color");
    if (originals.isEmpty()) {
      words.addAll(List.of("--ring-log", ringLog().file().toString()));
    }
    words.addAll(options);
    return words;
  }

  private Map<String, String> fixedEnvironment() {
    Map<String, String> fixed = new LinkedHashMap<>();
    fixed.put("FS_ROOT", root.toString());
    fixed.put("HAB_LICENSE", "accept-no-persist");
    // Nobody listens there: no test asks a real depot.
    fixed.put("HAB_BLDR_URL", "http://127.0.0.1:9");
    fixed.put("HAB_NONINTERACTIVE", "true");
    fixed.put("HAB_NOCOLORING", "true");
    originals.ifPresent(
        directory -> {
          fixed.put("HAB_SUP_BINARY", directory.resolve("hab-sup").toString());
          fixed.put("HAB_LAUNCH_BINARY", directory.resolve("hab-launch").toString());
        });
    return fixed;
  }

  /** A command of this Supervisor's own {@code hab}, against its tree and control gateway. */
  Command.Ending hab(String... arguments) {
    return command(
        originals
            .map(directory -> List.of(directory.resolve("hab").toString()))
            .orElseGet(Surroundings::hab),
        Map.of(),
        "",
        List.of(arguments));
  }

  /** A command of our {@code hab} to the control gateway of this Supervisor, whosever it is. */
  Command.Ending control(String input, String... arguments) {
    return command(
        Surroundings.hab(),
        // Where a user who is not root keeps settings.
        Map.of("HOME", root.toString()),
        input,
        Stream.concat(Stream.of(arguments), Stream.of("--remote-sup", address + ":9632")).toList());
  }

  /** What our {@code hab} finds in its settings from now on, whoever runs it. */
  void settings(String toml) {
    try {
      for (String directory : List.of("hab/etc", ".hab/etc")) {
        Path place = Files.createDirectories(root.resolve(directory));
        Files.writeString(place.resolve("cli.toml"), toml);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot write settings below " + root + ": " + e, e);
    }
  }

  private Command.Ending command(
      List<String> program, Map<String, String> more, String input, List<String> arguments) {
    List<String> words = new ArrayList<>();
    host.ifPresent(machine -> words.addAll(machine.prefix()));
    words.addAll(program);
    words.addAll(arguments);
    Map<String, String> variables = fixedEnvironment();
    variables.putAll(environment);
    variables.putAll(more);
    if (Files.exists(file("CTL_SECRET"))) {
      variables.put("HAB_CTL_SECRET", read(file("CTL_SECRET")).strip());
    }
    return new Command(words, variables).run(input);
  }

  /** A {@code hab svc} command to its control gateway. */
  Command.Ending svc(String... arguments) {
    return hab(
        Stream.of(
                Stream.of("svc"),
                Stream.of(arguments),
                Stream.of("--remote-sup", address + ":9632"))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  Supervisor awaitUp() {
    Waiting.until(
        name + " answers at its gateway",
        UP_WITHIN,
        () -> {
          if (!isRunning()) {
            throw new AssertionError(name + " has ended:\n" + tail());
          }
          return new Waiting.Look(
              gateway().answers() && Files.exists(file("MEMBER_ID")), "silence\n" + tail());
        });
    return this;
  }

  boolean isRunning() {
    return process != null && process.isAlive();
  }

  Process process() {
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process;
  }

  /** The Supervisor's own process; the one we started is its Launcher. */
  long supervisorPid() {
    return process()
        .children()
        .filter(child -> child.info().command().filter(name -> name.endsWith("/java")).isPresent())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no Supervisor at present\n" + tail()))
        .pid();
  }

  /** SIGKILL to it and all its children: what a failing machine looks like. */
  void kill() {
    if (process != null) {
      List<ProcessHandle> family = family();
      family.forEach(ProcessHandle::destroyForcibly);
      awaitExit(STOPS_WITHIN);
      Waiting.until(
          name + " and its children are gone",
          STOPS_WITHIN,
          () ->
              new Waiting.Look(
                  family.stream().noneMatch(each -> Machine.isRunning(each.pid())),
                  family.toString()));
    }
  }

  /** Everything stops where it is, but the kernel still accepts connections and datagrams. */
  void freeze() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    for (ProcessHandle each : family()) {
      Command.of("kill", "-" + signal, "" + each.pid()).must();
    }
  }

  /** Resident memory of its Launcher, itself and its services. */
  long residentBytes() {
    return family().stream().mapToLong(each -> Machine.residentBytes(each.pid())).sum();
  }

  private List<ProcessHandle> family() {
    return Stream.concat(Stream.of(process().toHandle()), process().descendants()).toList();
  }

  /** SIGTERM, as from an init system; returns the exit code. */
  int stop() {
    process().destroy();
    return awaitExit(STOPS_WITHIN);
  }

  int awaitExit(Duration within) {
    try {
      if (!process().waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            name + " was expected to end within " + Waiting.seconds(within) + "\n" + tail());
      }
      return process().exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Fails if a thread of it died or it understood less than it was sent. */
  void assertUnharmed() {
    for (String death : DEATHS) {
      if (says(death)) {
        throw new AssertionError("a thread of " + name + " died:\n" + tail());
      }
    }
    if (isRunning()) {
      double undecodable =
          gateway().metric("hab_butterfly_swim_messages_received_total", "type=\"undecodable\"")
              + gateway()
                  .metric("hab_butterfly_gossip_messages_received_total", "type=\"undecodable\"");
      if (undecodable != 0) {
        throw new AssertionError(name + " did not understand " + undecodable + " messages");
      }
    }
  }

  /** The last lines of its console. */
  String tail() {
    if (!Files.exists(consoleFile())) {
      return name + " was never started";
    }
    List<String> lines = lastOfConsole().lines().toList();
    return name
        + " ("
        + (isRunning()
            ? "running"
            : process == null ? "not started" : "exit " + process.exitValue())
        + ") said:\n  "
        + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
  }

  private String lastOfConsole() {
    try (FileChannel file = FileChannel.open(consoleFile())) {
      ByteBuffer last = ByteBuffer.allocate(TAIL_BYTES_MAX);
      long from = Math.max(0, file.size() - TAIL_BYTES_MAX);
      int read;
      do {
        read = file.read(last, from + last.position());
      } while (read > 0);
      return StandardCharsets.UTF_8.decode(last.flip()).toString();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + consoleFile() + ": " + e, e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
