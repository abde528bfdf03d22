package dev.monarch.launcher;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The parent of one Supervisor at a time, and of all services (supervisor.md 11).
 *
 * <p>One thread decides: it takes what happened from a queue and acts. Its life:
 *
 * <pre>
 *   state      happened                      then
 *   running    TERM, INT                     ask the Supervisor to shut down; stopping
 *   running    HUP                           ask the Supervisor to make room for the next one
 *   running    the Supervisor ended          {@link AfterSupervisor}
 *   running    it does not register in time  kill it, as if it had ended
 *   stopping   the Supervisor ended          stop the rest; ended
 *   stopping   it does not end in time       kill it; stop the rest; ended
 * </pre>
 *
 * <p>A request for a restart that comes before the Supervisor registered is made once it has; one
 * for a shutdown reaches it as TERM. Services are stopped with their own signal and time limit,
 * however it comes to it.
 */
final class Launcher {
  /** Ours to write, and to take away in the end. */
  static final String PID_FILE = "PID";

  /**
   * Beyond the longest time that a service may take to stop: the hooks after it, and a goodbye to
   * the ring. A Supervisor that needs more hangs.
   */
  static final Duration SHUTDOWN_BEYOND_SERVICES_MAX = Duration.ofSeconds(60);

  /** Class loading on a loaded machine takes seconds. */
  static final Duration REGISTERS_WITHIN = Duration.ofSeconds(60);

  /**
   * How long a Supervisor may take.
   *
   * @param toRegister from its start
   * @param toShutDown beyond the longest time that a service may take to stop
   */
  record Limits(Duration toRegister, Duration toShutDown) {}

  /** A Supervisor that ends at once is started this often and no more. */
  private static final Duration BETWEEN_STARTS_MIN = Duration.ofSeconds(1);

  /** The name a Supervisor has in the journal. */
  private static final String SUPERVISOR = "the Supervisor";

  private final Path directory;
  private final List<String> command;
  private final Map<String, String> environment;
  private final LocalProcessHost host;
  private final Limits limits;
  private final BlockingQueue<Happened> happened = new LinkedBlockingQueue<>();

  /** Where events go; null as long as no Supervisor is registered. */
  private volatile @Nullable Connection supervisor;

  private boolean everRegistered;

  sealed interface Happened {
    /** TERM or INT. */
    record Terminated() implements Happened {}

    /** HUP. */
    record HungUp() implements Happened {}

    record Registered(int pid) implements Happened {}

    record Ended(int pid, ExitStatus status) implements Happened {}
  }

  /**
   * @param command of the Supervisor, all its arguments included
   * @param environment of the Supervisor; ours is added
   */
  Launcher(
      Path directory,
      List<String> command,
      Map<String, String> environment,
      LocalProcessHost host,
      Limits limits) {
    this.directory = directory;
    this.command = List.copyOf(command);
    this.environment = environment;
    this.host = host;
    this.limits = limits;
  }

  /** Tells what happened outside. Returns at once. */
  void tell(Happened what) {
    happened.add(what);
  }

  /** Runs until there is nothing left to look after, and returns the exit code. */
  int run() throws LauncherException, InterruptedException {
    writePid();
    try (SupervisorSocket socket = SupervisorSocket.open(directory)) {
      host.adoptOrphans();
      host.subscribe(this::forward);
      Thread.ofPlatform().daemon().name("supervisors").start(() -> accept(socket));
      int exit = supervise(socket.path());
      host.stopAll();
      if (everRegistered) {
        host.say("Hasta la vista, services.");
      }
      return exit;
    } finally {
      removePid();
    }
  }

  private int supervise(Path pipe) throws LauncherException, InterruptedException {
    while (true) {
      long startedAt = System.nanoTime();
      AfterSupervisor next = startAndWatch(pipe);
      supervisor = null;
      switch (next) {
        case AfterSupervisor.End(int exitCode) -> {
          return exitCode;
        }
        case AfterSupervisor.StartNext() -> {
          if (isTerminatedWithin(startedAt + BETWEEN_STARTS_MIN.toNanos() - System.nanoTime())) {
            return 0;
          }
        }
      }
    }
  }

  private AfterSupervisor startAndWatch(Path pipe) throws LauncherException, InterruptedException {
    int pid;
    try {
      pid = start(pipe);
    } catch (LauncherException failure) {
      if (!everRegistered) {
        throw failure;
      }
      // A full disk, perhaps: no reason to stop services.
      host.say("error: " + failure.getMessage());
      return new AfterSupervisor.StartNext();
    }
    return new Watch(pid).untilItEnds();
  }

  /** Waits between two Supervisors. */
  private boolean isTerminatedWithin(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (true) {
      Happened what = happened.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (what instanceof Happened.Terminated) {
        return true;
      }
      if (what == null) {
        return false;
      }
    }
  }

  private int start(Path pipe) throws LauncherException {
    Map<String, String> variables = new LinkedHashMap<>(environment);
    variables.put("HAB_LAUNCHER_PIPE", pipe.toString());
    variables.put("HAB_LAUNCHER_PID", Long.toString(ProcessHandle.current().pid()));
    return host.spawnBeside(
        SUPERVISOR,
        command,
        variables,
        limits.toShutDown(),
        end -> tell(new Happened.Ended(end.pid(), end.status())));
  }

  /** One Supervisor, from its start to its end. */
  private final class Watch {
    private final int pid;
    private boolean registered;
    private boolean stopping;
    private boolean killed;
    private boolean restartWanted;
    private long deadline = System.nanoTime() + limits.toRegister().toNanos();

    Watch(int pid) {
      this.pid = pid;
    }

    AfterSupervisor untilItEnds() throws LauncherException, InterruptedException {
      while (true) {
        Happened what = await();
        switch (what) {
          case null -> tooLate();
          case Happened.Registered(int id) when id == pid -> registered();
          case Happened.Registered _ -> {}
          case Happened.Terminated _ -> terminate();
          case Happened.HungUp _ -> hangUp();
          case Happened.Ended(int id, ExitStatus status) when id == pid -> {
            return ended(status);
          }
          case Happened.Ended _ -> {}
        }
      }
    }

    /** Null if it is too late for what is awaited. */
    private @Nullable Happened await() throws InterruptedException {
      return (registered && !stopping) || killed
          ? happened.take()
          : happened.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void registered() throws LauncherException {
      registered = true;
      everRegistered = true;
      if (stopping) {
        shutDown();
      } else if (restartWanted) {
        forward(new LauncherEvent.RestartRequested());
      }
    }

    private void terminate() throws LauncherException {
      if (stopping) {
        return;
      }
      stopping = true;
      // The group of a process may take all of its time, and then whoever left the group.
      Duration longest = host.longestStop().multipliedBy(2).plus(limits.toShutDown());
      deadline = System.nanoTime() + longest.toNanos();
      shutDown();
    }

    private void shutDown() throws LauncherException {
      if (supervisor == null) {
        // It does not listen yet, or not any more.
        boolean _ = ProcessGroups.signal(pid, Signal.TERM);
      } else {
        forward(new LauncherEvent.ShutdownRequested());
      }
    }

    private void hangUp() {
      if (registered) {
        forward(new LauncherEvent.RestartRequested());
      } else {
        restartWanted = true;
      }
    }

    private void tooLate() throws LauncherException {
      host.say(
          stopping
              ? "warning: the Supervisor did not shut down in time and is killed"
              : "warning: the Supervisor did not register within %d s and is killed"
                  .formatted(limits.toRegister().toSeconds()));
      killed = true;
      boolean _ = ProcessGroups.signal(pid, Signal.KILL);
    }

    private AfterSupervisor ended(ExitStatus status) {
      if (killed && !stopping && everRegistered) {
        // Ours was the signal, and the services are innocent.
        return new AfterSupervisor.StartNext();
      }
      if (status instanceof ExitStatus.Killed(int number) && !stopping) {
        host.say(
            "Supervisor process killed by signal %d; shutting everything down now"
                .formatted(number));
      }
      return AfterSupervisor.decide(status, everRegistered, stopping);
    }
  }

  /** Tells the Supervisor. One that comes later asks for the services that run. */
  private void forward(LauncherEvent event) {
    Connection to = supervisor;
    if (to != null) {
      try {
        to.send(new Message.Told(event));
      } catch (IOException gone) {
        to.close();
      }
    }
  }

  private void accept(SupervisorSocket socket) {
    try {
      while (true) {
        SocketChannel channel = socket.accept();
        Thread.ofPlatform().daemon().name("requests").start(() -> serve(new Connection(channel)));
      }
    } catch (IOException closed) {
      // The Launcher ends.
    }
  }

  private void serve(Connection connection) {
    try (connection) {
      while (true) {
        if (!(connection.receive() instanceof Message.Request request)) {
          return;
        }
        connection.send(answer(request, connection));
        if (request instanceof Message.Register(_, _, int pid)) {
          tell(new Happened.Registered(pid));
        }
      }
    } catch (IOException gone) {
      if (connection.equals(supervisor)) {
        supervisor = null;
      }
    }
  }

  private Message.Answer answer(Message.Request request, Connection from) {
    try {
      return switch (request) {
        case Message.Register(int number, int version, _) -> {
          if (version != Message.VERSION) {
            throw new LauncherException(
                "expected a Supervisor that speaks version %d, found version %d; restart the Launcher as well"
                    .formatted(Message.VERSION, version));
          }
          supervisor = from;
          yield new Message.Done(number);
        }
        case Message.Spawn(int number, SpawnRequest spawn) ->
            new Message.Spawned(number, host.spawn(spawn));
        case Message.SignalTo(int number, int pid, Signal signal) -> {
          host.signal(pid, signal);
          yield new Message.Done(number);
        }
        case Message.ListRunning(int number) -> new Message.Running(number, host.running());
      };
    } catch (LauncherException refused) {
      return new Message.Refused(request.number(), String.valueOf(refused.getMessage()));
    }
  }

  private void writePid() throws LauncherException {
    Path file = directory.resolve(PID_FILE);
    try {
      Files.writeString(
          file, Long.toString(ProcessHandle.current().pid()), StandardCharsets.US_ASCII);
    } catch (IOException failure) {
      throw new LauncherException(
          "expected to write %s, found: %s; check who owns it".formatted(file, Cause.of(failure)),
          failure);
    }
  }

  private void removePid() {
    try {
      Files.deleteIfExists(directory.resolve(PID_FILE));
    } catch (IOException stays) {
      // It tells nothing but a number that nobody relies on.
    }
  }
}
