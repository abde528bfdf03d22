package dev.monarch.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A Supervisor with one service, which ends when a test tells it to. Its arguments are a directory
 * and what it shall do otherwise than a good one: {@code hang} when it is told to shut down, or
 * {@code refuse} to start, with code 2.
 */
public final class ScriptedSupervisor {
  /** A code in this file of the directory is what it ends with. */
  static final String EXIT_FILE = "exit";

  private final Path directory;
  private final boolean hangs;
  private final LauncherClient launcher;

  private ScriptedSupervisor(Path directory, boolean hangs, LauncherClient launcher) {
    this.directory = directory;
    this.hangs = hangs;
    this.launcher = launcher;
  }

  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    if (words.contains("refuse")) {
      System.exit(2);
    }
    Path pipe = Path.of(Optional.ofNullable(System.getenv("HAB_LAUNCHER_PIPE")).orElseThrow());
    var supervisor =
        new ScriptedSupervisor(
            Path.of(words.getFirst()),
            words.contains("hang"),
            LauncherClient.connect(pipe, LauncherClient.ANSWERS_WITHIN));
    supervisor.run();
  }

  private void run() throws LauncherException, IOException, InterruptedException {
    List<RunningService> services = launcher.running();
    if (services.isEmpty()) {
      launcher.spawn(
          new SpawnRequest(
              "web.default",
              directory.resolve("run"),
              Map.of("PATH", "/usr/bin:/bin"),
              Optional.empty(),
              Signal.USR1,
              Duration.ofSeconds(10),
              ProcessTag.random()));
    } else {
      say("Reattaching to " + services.getFirst().serviceGroup());
    }
    RunningService web = launcher.running().getFirst();
    launcher.subscribe(event -> heard(event, web));
    say("service " + web.pid());
    say("supervisor %d of %s".formatted(pid(), System.getenv("HAB_LAUNCHER_PID")));
    Path exit = directory.resolve(EXIT_FILE);
    while (!Files.exists(exit)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    int code = Integer.parseInt(Files.readString(exit).strip());
    Files.delete(exit);
    System.exit(code);
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private void heard(LauncherEvent event, RunningService web) {
    say("heard " + event);
    switch (event) {
      case LauncherEvent.Exited _ -> {}
      case LauncherEvent.ShutdownRequested() -> {
        if (!hangs) {
          System.exit(0);
        }
      }
      case LauncherEvent.RestartRequested() -> System.exit(0);
      case LauncherEvent.LauncherLost() -> {
        ProcessGroups.end(List.of(new StopOrder(web.pid(), Signal.USR1, Duration.ofSeconds(10))));
        System.exit(86);
      }
    }
  }

  /** In one piece, as lines of two processes meet in one file. */
  private static void say(String line) {
    System.out.print(line + "\n");
    System.out.flush();
  }
}
