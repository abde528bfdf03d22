package dev.monarch.supervisor.hooks;

import dev.monarch.launcher.LauncherException;
import dev.monarch.supervisor.Durations;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.HookResult;
import dev.monarch.supervisor.service.Line;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs hooks (supervisor.md 4.5).
 *
 * <p>A hook leads a process group of its own, reads nothing, and both of its outputs are read at
 * the same time: one that fills its standard error first is no trouble, as it is for the original
 * (14.1, row 7). If it takes too long or is cancelled, the whole group is killed. What it leaves in
 * the background after its own end lives on, and its words are still printed; it carries the tag of
 * the hook, so that whoever wants to end it finds it.
 *
 * <p>A hook that waits costs one virtual thread, and two small platform threads which read: the JDK
 * blocks a carrier while it reads a pipe, and a hundred hooks that hang must not use them up.
 */
public final class HookRunner {
  /** What a hook wrote just before its end is in the pipe already; background jobs keep it open. */
  private static final long LAST_WORDS_MILLIS = 500;

  /** Readers keep a buffer and a line on the heap. */
  private static final long READER_STACK_BYTES = 128 * 1024;

  private static final File NOTHING = new File("/dev/null");

  private static final int SIGNAL_BASE = 128;

  private final HookGroups groups;
  private final Consumer<Line> lines;
  private final Durations<Hook> durations = new Durations<>(Hook.class);

  /**
   * @param lines prints; called by several threads
   */
  public HookRunner(HookGroups groups, Consumer<Line> lines) {
    this.groups = groups;
    this.lines = lines;
  }

  public Durations<Hook> durations() {
    return durations;
  }

  /**
   * Starts a hook.
   *
   * @param limit how long it may run
   * @param ended told once how it ended, by a thread of this runner
   */
  public Run start(HookCommand command, Duration limit, Consumer<HookResult> ended) {
    var run = new Run();
    Thread.ofVirtual()
        .name(command.speaker() + " " + command.hook().fileName())
        .start(
            () -> {
              long begin = System.nanoTime();
              HookResult result = run(command, limit, run);
              durations.count(command.hook(), Duration.ofNanos(System.nanoTime() - begin));
              ended.accept(result);
            });
    return run;
  }

  /** A hook on its way. */
  public static final class Run {
    private final CountDownLatch cancelled = new CountDownLatch(1);

    private Run() {}

    /** Kills the hook's group, if it has not ended; its end is told as usual. */
    public void cancel() {
      cancelled.countDown();
    }
  }

  private HookResult run(HookCommand command, Duration limit, Run run) {
    Process process;
    try {
      process = spawn(command);
    } catch (IOException | LauncherException failure) {
      return new HookResult.NotStarted(String.valueOf(failure.getMessage()));
    }
    var readers = new CountDownLatch(2);
    var lastLine = new AtomicReference<>("");
    read(
        command,
        process.getInputStream(),
        HookCommand.stdoutLog(command.logs(), command.hook()),
        lastLine::set,
        readers);
    read(
        command,
        process.getErrorStream(),
        HookCommand.stderrLog(command.logs(), command.hook()),
        _ -> {},
        readers);
    try {
      return await(process, limit, run, readers, lastLine::get);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("nobody interrupts the thread of a hook", interrupted);
    } catch (LauncherException failure) {
      return new HookResult.NotStarted(String.valueOf(failure.getMessage()));
    }
  }

  private Process spawn(HookCommand command) throws IOException, LauncherException {
    Path file = command.file();
    if (!Files.isRegularFile(file)) {
      throw new IOException("expected a file " + file + ", found none");
    }
    if (!Files.isExecutable(file)) {
      throw new IOException("expected an executable file " + file + ", found no permission for it");
    }
    ProcessBuilder builder =
        new ProcessBuilder(groups.command(command.runAs(), List.of(file.toString())))
            .redirectInput(NOTHING);
    builder.environment().clear();
    builder.environment().putAll(command.environment());
    return command.tag().given(builder::start);
  }

  private HookResult await(
      Process process, Duration limit, Run run, CountDownLatch readers, Supplier<String> lastLine)
      throws InterruptedException, LauncherException {
    var ended = new AtomicBoolean();
    var _ =
        process
            .onExit()
            .thenRun(
                () -> {
                  ended.set(true);
                  run.cancelled.countDown();
                });
    boolean inTime = run.cancelled.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    boolean byItself = ended.get();
    if (!byItself) {
      groups.kill((int) process.pid());
    }
    int code = process.waitFor();
    boolean _ = readers.await(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    if (!byItself) {
      return inTime ? new HookResult.Cancelled() : new HookResult.TimedOut();
    }
    // The JDK adds 128 to a signal's number, as shells do: a code that is above is taken for one.
    return code > SIGNAL_BASE
        ? new HookResult.Signalled(code - SIGNAL_BASE)
        : new HookResult.Exited(code, lastLine.get());
  }

  private void read(
      HookCommand command,
      InputStream stream,
      Path log,
      Consumer<String> listener,
      CountDownLatch readers) {
    Thread reader =
        new Thread(
            null,
            () -> {
              try (stream;
                  var kept = new Log(log)) {
                Lines.read(
                    stream,
                    text -> {
                      kept.write(text);
                      listener.accept(text);
                      lines.accept(command.line(text));
                    });
              } catch (IOException broken) {
                lines.accept(
                    command.line(
                        "expected to read what the hook writes, found: " + broken.getMessage()));
              } finally {
                readers.countDown();
              }
            },
            command.speaker() + " " + log.getFileName(),
            READER_STACK_BYTES);
    reader.setDaemon(true);
    reader.start();
  }

  /** The file of what a hook wrote. A disk that is full costs the file, not the hook. */
  private final class Log implements AutoCloseable {
    private final Path path;
    private OutputStream out = OutputStream.nullOutputStream();

    Log(Path path) {
      this.path = path;
      attempt(() -> out = new BufferedOutputStream(Files.newOutputStream(path)));
    }

    void write(String text) {
      attempt(
          () -> {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
            out.flush();
          });
    }

    @Override
    public void close() {
      attempt(() -> out.close());
    }

    private interface Attempt {
      void make() throws IOException;
    }

    private void attempt(Attempt attempt) {
      try {
        attempt.make();
      } catch (IOException failure) {
        out = OutputStream.nullOutputStream();
        lines.accept(
            new Line(
                Line.SUPERVISOR,
                "HK",
                "expected to write "
                    + path
                    + ", found: "
                    + failure
                    + "; what hooks say is not kept"));
      }
    }
  }
}
