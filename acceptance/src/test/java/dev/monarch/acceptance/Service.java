package dev.monarch.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One service of a Supervisor, as its files and its processes tell. Its run hook has to begin with
 * {@link #NOTED}.
 */
record Service(Supervisor member, String name) {
  /** The first lines of a run hook: every process that ever was one is written down. */
  static final String NOTED = "#!/bin/sh\necho $$ >> {{pkg.svc_var_path}}/pids\n";

  /** Enough for a start or a stop on a loaded machine. */
  static final Duration SOON = Duration.ofMinutes(2);

  Path file(String below) {
    return member.root().resolve("hab/svc").resolve(name).resolve(below);
  }

  Path specFile() {
    return member.file("specs/" + name + ".spec");
  }

  String spec() {
    return read(specFile());
  }

  /** Puts a spec where the Supervisor looks, as configuration management does. */
  Service spec(String toml) {
    try {
      Files.createDirectories(specFile().getParent());
      Files.writeString(specFile(), toml);
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + specFile() + ": " + e, e);
    }
    return this;
  }

  /** What a file below its directory says. */
  String text(String below) {
    return read(file(below));
  }

  /** Waits until its process runs, and returns the id. */
  long awaitRunning() {
    Waiting.until(
        name + " runs",
        SOON,
        () -> {
          long pid = pid();
          return new Waiting.Look(
              Machine.isRunning(pid) && everRun().contains(pid), "no process " + pid);
        });
    return pid();
  }

  /** Waits until it runs in another process than this, and returns the id. */
  long awaitOtherThan(long former) {
    Waiting.until(
        name + " runs in another process than " + former,
        SOON,
        () -> new Waiting.Look(pid() != former && Machine.isRunning(pid()), "" + pid()));
    return awaitRunning();
  }

  /** Waits until this process is gone, and returns how long that took. */
  Duration awaitEnd(long pid) {
    return Waiting.until(
        name + " has ended",
        SOON,
        () -> new Waiting.Look(!Machine.isRunning(pid), "process " + pid + " runs"));
  }

  private long pid() {
    return Long.parseLong(text("PID").strip());
  }

  /** All that were ever started, in their order. */
  List<Long> everRun() {
    return text("var/pids").lines().map(Long::valueOf).toList();
  }

  /** Those of them that run. */
  List<Long> running() {
    return everRun().stream().filter(Machine::isRunning).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file + ": " + e, e);
    }
  }
}
