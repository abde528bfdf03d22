package dev.monarch.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.cli.CommandFailed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One Supervisor of the demonstration: a process with a tree of its own. */
final class DemoMember {
  /** What the process is, seen from outside. */
  enum State {
    RUNNING,
    FROZEN,
    STOPPING,
    STOPPED,
    KILLED,
    /** It ended and nobody asked it to. */
    ENDED
  }

  /** Enough of a log to see why a Supervisor ended. */
  private static final int TAIL_LINES = 3;

  private final Seat seat;
  private final Path tree;
  private final List<String> command;
  private final DemoService roster;
  private final DemoService captain;
  private Optional<Process> process = Optional.empty();
  private State wanted = State.STOPPED;
  private long logRead;
  private String partLine = "";

  DemoMember(Seat seat, List<Seat> all, Path directory, List<String> hab) throws IOException {
    this.seat = seat;
    this.tree = Files.createDirectories(directory.resolve("" + seat.letter()));
    this.command = new ArrayList<>(hab);
    command.addAll(
        List.of(
            "sup",
            "run",
            "--listen-gossip",
            seat.gossip(),
            "--listen-http",
            seat.http(),
            "--listen-ctl",
            seat.ctl(),
            "--ring-log",
            ringLog().toString(),
            "--no-color"));
    if (seat.permanent()) {
      command.add("--permanent-peer");
    }
    for (Seat other : all) {
      if (seat.peers().indexOf(other.letter()) >= 0) {
        command.add("--peer=" + other.name());
      }
    }
    Files.createFile(cutFile());
    this.roster = DemoService.roster(tree);
    this.captain = DemoService.captain(tree);
  }

  Seat seat() {
    return seat;
  }

  private Path ringLog() {
    return tree.resolve("ring.jsonl");
  }

  private Path cutFile() {
    return tree.resolve("cut");
  }

  private Path output() {
    return tree.resolve("output");
  }

  State state() {
    boolean lives = process.filter(Process::isAlive).isPresent();
    return switch (wanted) {
      case RUNNING, FROZEN -> lives ? wanted : State.ENDED;
      case STOPPING, STOPPED -> lives ? State.STOPPING : State.STOPPED;
      case KILLED, ENDED -> wanted;
    };
  }

  /**
   * Lets it run.
   *
   * @return true if that took a new process, which begins with an empty mind
   */
  boolean start() {
    if (state() == State.FROZEN) {
      signal("CONT");
      wanted = State.RUNNING;
      return false;
    }
    if (process.filter(Process::isAlive).isPresent()) {
      return false;
    }
    try {
      roster.forget();
      captain.forget();
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()));
      // What the operator's shell sets is meant for the operator's Supervisor.
      builder.environment().keySet().removeIf(name -> name.startsWith("HAB_"));
      builder.environment().put("FS_ROOT", tree.toString());
      builder.environment().put("HAB_RING_CUT_FILE", cutFile().toString());
      Process started = builder.start();
      process = Optional.of(started);
      // For whoever looks after frozen members when we are gone.
      Files.writeString(tree.resolve("pid"), Long.toString(started.pid()));
      wanted = State.RUNNING;
      return true;
    } catch (IOException e) {
      throw new CommandFailed(
          "Cannot start Supervisor %c: %s".formatted(seat.letter(), e.getMessage()));
    }
  }

  void stop() {
    if (state() == State.FROZEN) {
      signal("CONT");
    }
    // Process.destroy would close its standard input as well, and so end it at once (Attached).
    process.filter(Process::isAlive).ifPresent(p -> p.toHandle().destroy());
    wanted = State.STOPPED;
  }

  void kill() {
    family().forEach(ProcessHandle::destroyForcibly);
    wanted = State.KILLED;
  }

  /** It and its services, like all that runs on a machine. */
  private List<ProcessHandle> family() {
    return process.filter(Process::isAlive).stream()
        .flatMap(p -> Stream.concat(Stream.of(p.toHandle()), p.descendants()))
        .toList();
  }

  void freeze() {
    if (state() == State.RUNNING) {
      signal("STOP");
      wanted = State.FROZEN;
    }
  }

  /** Java sends TERM and KILL only. */
  private void signal(String name) {
    List<String> kill = new ArrayList<>(List.of("kill", "-" + name));
    family().forEach(one -> kill.add(Long.toString(one.pid())));
    if (kill.size() == 2) {
      return;
    }
    try {
      int _ =
          new ProcessBuilder(kill)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
    } catch (IOException e) {
      throw new CommandFailed("Cannot run the command kill: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Cuts the network between this member and those, and no others. */
  void cut(List<Seat> others) {
    try {
      Path next = tree.resolve("cut.next");
      Files.writeString(
          next, others.stream().map(s -> s.name() + "\n").collect(Collectors.joining()));
      Files.move(next, cutFile(), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new CommandFailed("Cannot write %s: %s".formatted(cutFile(), e.getMessage()));
    }
  }

  /** Its id, as soon as it has one. */
  Optional<String> memberId() {
    for (String hab : List.of("hab", "opt/hab")) {
      try {
        String id = Files.readString(tree.resolve(hab + "/sup/default/MEMBER_ID")).strip();
        if (!id.isEmpty()) {
          return Optional.of(id);
        }
      } catch (IOException notYet) {
        // Asked again soon.
      }
    }
    return Optional.empty();
  }

  /** Who is alive, as its service goes by; empty as long as it has not started. */
  Optional<DemoService.Knowledge> roster() {
    return roster.knowledge();
  }

  /** Who leads, as its service goes by; empty as long as it has not started. */
  Optional<DemoService.Knowledge> captain() {
    return captain.knowledge();
  }

  /** What its ring log says that was not read before. */
  List<RingLogLine> news() {
    List<RingLogLine> news = new ArrayList<>();
    if (Files.exists(ringLog())) {
      try (var log = new RandomAccessFile(ringLog().toFile(), "r")) {
        log.seek(logRead);
        byte[] bytes = new byte[Math.toIntExact(log.length() - logRead)];
        log.readFully(bytes);
        logRead += bytes.length;
        // The log is ASCII but for names, and a part of a character is a part of a line.
        String[] lines = (partLine + new String(bytes, UTF_8)).split("\n", -1);
        partLine = lines[lines.length - 1];
        for (int i = 0; i < lines.length - 1; i++) {
          RingLogLine.parse(lines[i]).ifPresent(news::add);
        }
      } catch (IOException e) {
        throw new CommandFailed("Cannot read %s: %s".formatted(ringLog(), e.getMessage()));
      }
    }
    return news;
  }

  /** Why it ended by itself: its last words. */
  Optional<String> failure() {
    if (state() != State.ENDED) {
      return Optional.empty();
    }
    String words = "";
    try (var lines = Files.lines(output())) {
      List<String> all = lines.filter(line -> !line.isBlank()).toList();
      words = String.join(" / ", all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()));
    } catch (IOException e) {
      words = "it said nothing";
    }
    return Optional.of(
        "Supervisor %c ended with exit code %s: %s"
            .formatted(
                seat.letter(), process.map(p -> "" + p.exitValue()).orElse("unknown"), words));
  }

  /** Ends the process, whatever it is doing. */
  void end() {
    kill();
    process.ifPresent(
        p -> {
          try {
            p.waitFor(5, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }
}
