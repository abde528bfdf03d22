package dev.monarch.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A ring of members embedded in JVMs, of which those of the group that elects have one each, so
 * that one can be killed alone, and all others share one; and what they have reported.
 */
final class Nodes implements AutoCloseable {
  /** How the processes are started. */
  @FunctionalInterface
  interface Program {
    /** Main class and arguments of a process with these members, and the seeds that all share. */
    List<String> command(int first, int last, int group, int seeds);
  }

  private static final Duration SETTLING_LIMIT = Duration.ofMinutes(10);
  private static final Duration TAKEOVER_LIMIT = Duration.ofMinutes(3);

  /** Everybody's peers are the group and so many who are never killed. */
  private static final int SEEDS_OUTSIDE = 2;

  private final String name;
  private final Program program;
  private final int members;
  private final int group;
  private final Path log;
  private final Map<Integer, Process> processes = new HashMap<>();
  private final Thread atExit = new Thread(this::stopAll, "stop members");

  /** By who reports, then by whom it is about: the last of "alive" and "dead". */
  private final Map<Integer, Map<Integer, Report>> health = new TreeMap<>();

  private final Map<Integer, Report> leaders = new TreeMap<>();

  Nodes(String name, Program program, int members, int group, Path log) {
    this.name = name;
    this.program = program;
    this.members = members;
    this.group = group;
    this.log = log;
    Runtime.getRuntime().addShutdownHook(atExit);
    System.err.printf("%s: starting %d members%n", name, members);
    for (int number = 1; number <= group; number++) {
      start(number, number);
    }
    start(group + 1, members);
  }

  private void start(int first, int last) {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path")));
    command.addAll(program.command(first, last, group, Math.min(members, group + SEEDS_OUTSIDE)));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      processes.put(first, process);
      Thread.ofVirtual().name("reports of " + first).start(() -> read(process));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
  }

  private void read(Process process) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
      }
    } catch (IOException e) {
      // The process was killed in the middle of a line.
    }
  }

  private synchronized void note(String line) {
    Report report;
    try {
      report = Report.parse(line);
    } catch (IllegalArgumentException e) {
      System.err.println(name + ": " + line);
      return;
    }
    switch (report.kind()) {
      case LEADS -> leaders.put(report.node(), report);
      case ALIVE, DEAD -> {
        Map<Integer, Report> known = health.computeIfAbsent(report.node(), _ -> new TreeMap<>());
        Report before = known.get(report.other());
        // Only the first of several reports of one death counts.
        if (before == null || before.kind() != report.kind()) {
          known.put(report.other(), report);
        }
      }
    }
  }

  /** Waits until all members hold each other alive and know the same leader; returns that one. */
  int awaitSettled() {
    RunningSupervisor.await(
        name + ": all members know each other and their leader",
        SETTLING_LIMIT,
        () -> unsettled().isEmpty());
    return leader().orElseThrow();
  }

  /** What is not settled yet; empty if all is. */
  private synchronized Optional<String> unsettled() {
    for (int node = 1; node <= members; node++) {
      Map<Integer, Report> known = health.getOrDefault(node, Map.of());
      for (int other = 1; other <= members; other++) {
        Report report = known.get(other);
        if (node != other && (report == null || report.kind() != Report.Kind.ALIVE)) {
          return Optional.of(node + " does not hold " + other + " alive");
        }
      }
    }
    return leaders.size() == members && leader().isPresent()
        ? Optional.empty()
        : Optional.of("they do not know one leader");
  }

  /** The leader that all agree upon who have reported one. */
  private synchronized Optional<Integer> leader() {
    List<Integer> named = leaders.values().stream().map(Report::other).distinct().toList();
    return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
  }

  /** Kills the leader, waits until another one is agreed upon, and starts the dead one again. */
  Takeover killLeader() {
    int victim = awaitSettled();
    Instant killed = kill(victim);
    RunningSupervisor.await(
        name + ": " + victim + " is dead for all, and another one leads",
        TAKEOVER_LIMIT,
        () -> isReplaced(victim));
    Takeover takeover = takeover(victim, killed);
    start(victim, victim);
    return takeover;
  }

  private Instant kill(int victim) {
    Process process = Objects.requireNonNull(processes.get(victim));
    Instant before = Instant.now();
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    synchronized (this) {
      health.remove(victim);
      leaders.remove(victim);
    }
    return before;
  }

  private synchronized boolean isReplaced(int victim) {
    return leader().filter(leader -> leader != victim).isPresent()
        && health.values().stream().allMatch(known -> isDead(known.get(victim)));
  }

  private static boolean isDead(@Nullable Report last) {
    return last != null && last.kind() == Report.Kind.DEAD;
  }

  private synchronized Takeover takeover(int victim, Instant killed) {
    List<Takeover.Sighting> survivors = new ArrayList<>();
    health.forEach(
        (node, known) ->
            survivors.add(
                new Takeover.Sighting(
                    seconds(killed, known.get(victim)), seconds(killed, leaders.get(node)))));
    return Takeover.of(survivors);
  }

  private static double seconds(Instant since, @Nullable Report report) {
    return Duration.between(since, Objects.requireNonNull(report).at()).toNanos() / 1e9;
  }

  private void stopAll() {
    processes.values().forEach(Process::destroyForcibly);
    for (Process process : processes.values()) {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException alreadyStopping) {
      // Then it runs, too, and finds nothing left to stop.
    }
  }
}
