package dev.monarch.launcher;

import static dev.monarch.launcher.Eventually.eventually;
import static dev.monarch.launcher.Scripts.script;
import static dev.monarch.launcher.Scripts.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LocalProcessHostTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<LauncherEvent> events = new CopyOnWriteArrayList<>();
  private LocalProcessHost host;

  @BeforeEach
  void open() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    host = LocalProcessHost.open(tree(), new OutputForm(false, false), out, err);
    host.subscribe(events::add);
  }

  @AfterEach
  void close() {
    host.close();
  }

  private Path tree() {
    return directory.resolve("tree/hab/launcher");
  }

  private Path run(String text) throws IOException {
    return script(directory.resolve("run"), text);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private ExitStatus end() {
    LauncherEvent event = eventually(() -> events, all -> !all.isEmpty()).getFirst();
    return ((LauncherEvent.Exited) event).status();
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  @Test
  void whatAServiceWritesIsPrintedLineByLineWithItsName() throws Exception {
    host.spawn(service("web.default", run("#!/bin/sh\necho one\necho two >&2\nprintf three\n")));
    assertThat(end()).isEqualTo(new ExitStatus.Code(0));
    eventually(this::out, text -> text.contains("Child for service"));
    assertThat(out())
        .startsWith("web.default(O): one\nweb.default(O): three\nhab-launch(SV): Child");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("web.default(E): two\n");
  }

  @Test
  void anExitCodeIsTold() throws Exception {
    int pid = host.spawn(service("web.default", run("#!/bin/sh\nexit 143\n")));
    assertThat(end()).isEqualTo(new ExitStatus.Code(143));
    assertThat(events).containsExactly(exited(pid, new ExitStatus.Code(143)));
    eventually(
        this::out,
        text ->
            text.equals(
                "hab-launch(SV): Child for service 'web.default' with PID %d exited with code exit status: 143\n"
                    .formatted(pid)));
  }

  private static LauncherEvent exited(int pid, ExitStatus status) {
    return new LauncherEvent.Exited("web.default", pid, status);
  }

  @Test
  void aSignalIsToldApartFromACode() throws Exception {
    int pid = host.spawn(service("web.default", run("#!/bin/sh\nexec sleep 600\n")));
    host.signal(pid, Signal.TERM);
    assertThat(end()).isEqualTo(new ExitStatus.Killed(15));
    eventually(this::out, text -> text.contains("exited with code signal: 15 (SIGTERM)\n"));
  }

  @Test
  void aSignalReachesTheWholeGroup() throws Exception {
    int pid =
        host.spawn(
            service("web.default", run("#!/bin/sh\nsleep 600 &\nsleep 600 &\necho ready\nwait\n")));
    eventually(this::out, text -> text.contains("ready"));
    assertThat(ProcessHandle.of(pid).orElseThrow().descendants()).hasSize(2);
    host.signal(pid, Signal.TERM);
    eventually(() -> ProcessGroups.isAlive(pid), alive -> !alive);
  }

  @Test
  void whatIsLeftOfAGroupCanStillBeSignalled() throws Exception {
    int pid = host.spawn(service("web.default", run("#!/bin/sh\nsleep 600 &\nexit 0\n")));
    assertThat(end()).isEqualTo(new ExitStatus.Code(0));
    assertThat(host.running()).isEmpty();
    assertThat(ProcessGroups.isAlive(pid)).isTrue();
    host.signal(pid, Signal.KILL);
    eventually(() -> ProcessGroups.isAlive(pid), alive -> !alive);
  }

  @Test
  void aServiceThatIsGoneOrNeverWasTakesASignalWithoutComplaint() throws Exception {
    int pid = host.spawn(service("web.default", run("#!/bin/sh\nexit 0\n")));
    assertThat(end()).isEqualTo(new ExitStatus.Code(0));
    host.signal(pid, Signal.TERM);
    int foreign = Math.toIntExact(ProcessHandle.current().pid());
    host.signal(foreign, Signal.KILL);
  }

  @Test
  void aServiceHasOneProcessAtATime() throws Exception {
    Path run = run("#!/bin/sh\nexec sleep 600\n");
    int pid = host.spawn(service("web.default", run));
    assertThatThrownBy(() -> host.spawn(service("web.default", run)))
        .isInstanceOf(LauncherException.class)
        .hasMessage("expected no process of web.default, found process " + pid + "; stop it first");
    host.spawn(service("web.blue", run));
    assertThat(host.running())
        .extracting(RunningService::serviceGroup)
        .containsExactly("web.default", "web.blue");
  }

  /**
   * Between the end of a process and the moment it is noted, another start may already be asked.
   */
  @Test
  void aProcessThatHasJustEndedIsInNobodysWay() throws Exception {
    Path run = run("#!/bin/sh\nexec sleep 600\n");
    int former = host.spawn(service("web.default", run));
    // The journal's next file is a pipe: whoever writes it waits for a reader, and all others for
    // it.
    Path next = tree().resolve("journal.next");
    assertThat(new ProcessBuilder("mkfifo", next.toString()).start().waitFor()).isZero();
    var holding = new FutureTask<>(() -> host.spawn(service("other.default", run)));
    Thread holder = Thread.ofPlatform().start(holding);
    eventually(
        holder::getStackTrace,
        stack -> Stream.of(stack).anyMatch(at -> at.getMethodName().equals("intend")));
    var starting = new FutureTask<>(() -> host.spawn(service("web.default", run)));
    Thread starter = Thread.ofPlatform().start(starting);
    eventually(starter::getState, Thread.State.BLOCKED::equals);

    ProcessGroups.signal(former, Signal.KILL);
    eventually(() -> ProcessGroups.isAlive(former), alive -> !alive);
    assertThat(events).as("its end is not noted yet").isEmpty();
    assertThat(Files.readAllLines(next)).hasSize(3);

    int latter = starting.get(60, TimeUnit.SECONDS);
    int other = holding.get(60, TimeUnit.SECONDS);
    eventually(() -> events, all -> all.contains(exited(former, new ExitStatus.Killed(9))));
    assertThat(host.running())
        .extracting(RunningService::pid)
        .containsExactlyInAnyOrder(latter, other);
  }

  @Test
  void aServiceInheritsNothing() throws Exception {
    Path run = run("#!/bin/sh\nenv\nls /proc/self/fd\nps -o pid=,pgid=,sess= -p $$\ncat\n");
    int pid =
        host.spawn(
            new SpawnRequest(
                "web.default",
                run,
                Map.of("PATH", "/usr/bin:/bin", "COLOUR", "grün"),
                Optional.empty(),
                Signal.TERM,
                Duration.ofSeconds(8),
                ProcessTag.random()));
    assertThat(end()).isEqualTo(new ExitStatus.Code(0));
    eventually(this::out, text -> text.contains("Child for service"));
    List<String> lines =
        out()
            .lines()
            .map(line -> line.substring(line.indexOf(": ") + 2).strip().replaceAll(" +", " "))
            .toList();
    assertThat(lines).contains("COLOUR=grün", "%d %d %d".formatted(pid, pid, pid));
    assertThat(lines).noneMatch(line -> line.startsWith("HOME="));
    // Three streams, and the directory that ls reads.
    assertThat(lines.stream().filter(line -> line.matches("[0-9]+")))
        .containsExactly("0", "1", "2", "3");
  }

  @Test
  void asAnotherUserItHasThatUsersIdsAndTheSamePid() throws Exception {
    assumeTrue(isRoot(), "only root may switch users");
    Path run = run("#!/bin/sh\necho $$ $(id -un) $(id -gn) $(id -u)\n");
    int pid =
        host.spawn(
            new SpawnRequest(
                "web.default",
                run,
                Map.of("PATH", "/usr/bin:/bin"),
                Optional.of(new RunAs("nobody", "nogroup")),
                Signal.TERM,
                Duration.ofSeconds(8),
                ProcessTag.random()));
    eventually(
        this::out, text -> text.contains("web.default(O): %d nobody nogroup 65534".formatted(pid)));
  }

  @Test
  void anUnknownUserOrGroupIsNamed() throws Exception {
    Path run = run("#!/bin/sh\n");
    for (RunAs who : List.of(new RunAs("no-such", "root"), new RunAs("root", "no-such"))) {
      var request =
          new SpawnRequest(
              "web.default",
              run,
              Map.of(),
              Optional.of(who),
              Signal.TERM,
              Duration.ofSeconds(8),
              ProcessTag.random());
      assertThatThrownBy(() -> host.spawn(request))
          .isInstanceOf(LauncherException.class)
          .hasMessageContaining("'no-such', found none");
    }
  }

  @Test
  void aProgramThatCannotRunIsNamed() throws Exception {
    Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
    Path missing = directory.resolve("missing");
    Path stranger = script(directory.resolve("stranger"), "#!/no/such/shell\n");
    for (Path binary : List.of(plain, missing, stranger)) {
      assertThatThrownBy(() -> host.spawn(service("web.default", binary)))
          .isInstanceOf(LauncherException.class)
          .hasMessageContaining(binary.toString());
    }
    assertThat(host.running()).isEmpty();
  }

  @Test
  void aScriptThatNamesNoShellIsRunBySh() throws Exception {
    host.spawn(service("web.default", run("echo run by a shell\n")));
    eventually(this::out, text -> text.contains("web.default(O): run by a shell\n"));
  }

  @Test
  void closingStopsEachServiceWithItsOwnSignal() throws Exception {
    Path run =
        run(
            """
            #!/bin/sh
            trap 'echo got USR1; exit 3' USR1
            trap '' TERM
            echo ready
            while :; do sleep 0.05; done
            """);
    host.spawn(
        new SpawnRequest(
            "web.default",
            run,
            Map.of("PATH", "/usr/bin:/bin"),
            Optional.empty(),
            Signal.USR1,
            Duration.ofSeconds(50),
            ProcessTag.random()));
    eventually(this::out, text -> text.contains("ready"));
    host.close();
    eventually(
        this::out,
        text ->
            text.contains("web.default(O): got USR1\n")
                && text.contains("exited with code exit status: 3\n"));
  }

  @Test
  void whoeverDoesNotEndInItsOwnTimeIsKilled() throws Exception {
    Path run = run("#!/bin/sh\ntrap '' TERM\necho ready\nwhile :; do sleep 0.05; done\n");
    host.spawn(
        new SpawnRequest(
            "web.default",
            run,
            Map.of("PATH", "/usr/bin:/bin"),
            Optional.empty(),
            Signal.TERM,
            Duration.ofMillis(300),
            ProcessTag.random()));
    eventually(this::out, text -> text.contains("ready"));
    long begin = System.nanoTime();
    host.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(300));
    eventually(this::out, text -> text.contains("exited with code signal: 9 (SIGKILL)\n"));
  }

  @Test
  void closingEndsAlsoWhoForkedAwayAndLeftNoTraceOfWhoseItWas() throws Exception {
    // No group, no session, no stream, no environment and no parent that could tell.
    host.spawn(
        service(
            "web.default",
            run(
                """
                #!/bin/sh
                (setsid env -i /bin/sh -c 'echo $$ > %1$s; exec sleep 600' < /dev/null > /dev/null 2>&1 &)
                while ! [ -s %1$s ]; do sleep 0.02; done
                """
                    .formatted(directory.resolve("away")))));
    assertThat(end()).isEqualTo(new ExitStatus.Code(0));
    int away = Integer.parseInt(Files.readString(directory.resolve("away")).strip());
    assertThat(ProcessGroups.startTicks(away)).as("it lives").isPresent();
    host.close();
    assertThat(ProcessGroups.startTicks(away)).isEmpty();
    assertThat(Files.readAllLines(tree().resolve("journal"))).hasSize(1);
  }

  /** Whoever is asked to end leaves another one behind, in a session of its own. */
  private static String leavingAnother(Path ready) {
    return """
    trap 'setsid sleep 600 < /dev/null > /dev/null 2>&1 & exit 0' TERM
    echo $$ > %s
    while :; do sleep 0.02; done
    """
        .formatted(ready);
  }

  @Test
  void closingEndsAlsoWhoWasStartedWhenAnotherOneWasEnded() throws Exception {
    Path ready = directory.resolve("ready");
    SpawnRequest request = service("web.default", run("#!/bin/sh\n" + leavingAnother(ready)));
    host.spawn(request);
    eventually(() -> Files.exists(ready), Boolean.TRUE::equals);
    host.close();
    assertThat(request.tag().carriers()).isEmpty();
    assertThat(Files.readAllLines(tree().resolve("journal"))).hasSize(1);
  }

  @Test
  void openingEndsAlsoWhoWasStartedWhenAnotherOneWasEnded() throws Exception {
    ProcessTag tag = ProcessTag.random();
    Path tree = Files.createDirectories(directory.resolve("other"));
    new Journal(tree.resolve("journal"), text -> {})
        .intend(tag, "web.default", Signal.TERM, Duration.ofSeconds(50));
    Path ready = directory.resolve("ready");
    tag.given(new ProcessBuilder("setsid", "sh", "-c", leavingAnother(ready))::start);
    eventually(() -> Files.exists(ready), Boolean.TRUE::equals);
    try (var _ = LocalProcessHost.open(tree, new OutputForm(false, false), out, err)) {
      assertThat(tag.carriers()).isEmpty();
    }
  }

  @Test
  void whatAFormerSupervisorsProcessLeftBehindEndsBeforeTheNextIsStarted() throws Exception {
    String text =
        """
        #!/bin/sh
        (setsid sh -c 'echo $$ > %1$s; exec sleep 600' < /dev/null > /dev/null 2>&1 &)
        while ! [ -s %1$s ]; do sleep 0.02; done
        sleep 600 &
        """
            .formatted(directory.resolve("away"));
    SpawnRequest former = service("web.default", run(text));
    host.spawn(former);
    assertThat(end()).isEqualTo(new ExitStatus.Code(0));
    assertThat(former.tag().carriers()).hasSize(2);

    Path next = script(directory.resolve("next"), "#!/bin/sh\nexec sleep 600\n");
    host.spawn(service("other.default", next));
    assertThat(former.tag().carriers()).hasSize(2);
    int pid = host.spawn(service("web.default", next));
    assertThat(former.tag().carriers()).isEmpty();
    assertThat(ProcessGroups.isAlive(pid)).isTrue();
  }

  @Test
  void whatWasLeftBehindHasTheTimeOfItsService() throws Exception {
    SpawnRequest usual = service("web.default", run("#!/bin/sh\nsleep 600 &\nexit 0\n"));
    host.spawn(
        new SpawnRequest(
            usual.serviceGroup(),
            usual.binary(),
            usual.environment(),
            usual.runAs(),
            usual.stopSignal(),
            Duration.ofSeconds(50),
            usual.tag()));
    assertThat(end()).isEqualTo(new ExitStatus.Code(0));
    assertThat(host.running()).isEmpty();
    assertThat(host.longestStop()).isEqualTo(Duration.ofSeconds(50));
  }

  @Test
  void aMebibyteWithoutALineEndArrivesWhole() throws Exception {
    host.spawn(service("web.default", run("#!/bin/sh\nhead -c 1048576 /dev/zero | tr '\\0' x\n")));
    assertThat(end()).isEqualTo(new ExitStatus.Code(0));
    eventually(this::out, text -> text.contains("Child for service"));
    assertThat(out().chars().filter(c -> c == 'x').count())
        .isEqualTo(
            1_048_576 + "exited with code exit status".chars().filter(c -> c == 'x').count());
    assertThat(out().lines().filter(line -> line.startsWith("web.default(O): x"))).hasSize(16);
  }

  @Test
  void outputThatNobodyTakesMakesTheServiceWaitAndTheHostStillStopsIt() throws Exception {
    host.close();
    CountDownLatch taken = new CountDownLatch(1);
    AtomicLong written = new AtomicLong();
    OutputStream stuck =
        new OutputStream() {
          @Override
          public void write(int one) {
            throw new IllegalStateException("written by lines");
          }

          @Override
          public void write(byte[] bytes) throws IOException {
            try {
              taken.await();
            } catch (InterruptedException interrupted) {
              throw new IOException(interrupted);
            }
            written.addAndGet(bytes.length);
          }
        };
    try (var other =
        LocalProcessHost.open(
            directory.resolve("other"), new OutputForm(false, false), stuck, stuck)) {
      other.subscribe(events::add);
      int pid = other.spawn(service("web.default", run("#!/bin/sh\nexec yes\n")));
      // A pipe holds 64 KiB: whoever waits to write sleeps.
      eventually(() -> state(pid), "S"::equals);
      other.signal(pid, Signal.TERM);
      assertThat(end()).isEqualTo(new ExitStatus.Killed(15));
      taken.countDown();
    }
    assertThat(written.get()).isPositive();
  }

  private static String state(int pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String comm = Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
      return comm.equals("yes") ? stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1) : comm;
    } catch (IOException gone) {
      return "gone";
    }
  }

  @Test
  void aSecondHostIsKeptOut() {
    assertThatThrownBy(() -> LocalProcessHost.open(tree(), new OutputForm(false, false), out, err))
        .isInstanceOf(LauncherException.class)
        .hasMessageContaining("expected to be the only Supervisor on " + directory.resolve("tree"))
        .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")");
  }

  @Test
  void whatHappenedBeforeAnybodyListenedIsToldFirst() throws Exception {
    try (var other =
        LocalProcessHost.open(directory.resolve("other"), new OutputForm(false, false), out, err)) {
      int pid = other.spawn(service("web.default", run("#!/bin/sh\nexit 1\n")));
      eventually(this::out, text -> text.contains("exited"));
      eventually(other::running, List::isEmpty);
      other.subscribe(events::add);
      eventually(() -> events, all -> all.contains(exited(pid, new ExitStatus.Code(1))));
    }
  }

  @Test
  void manyServicesComeAndGo() throws Exception {
    Path run = run("#!/bin/sh\necho hello\n");
    int rounds = 100;
    for (int i = 0; i < rounds; i++) {
      host.spawn(service("web." + i, run));
    }
    eventually(events::size, size -> size == rounds);
    eventually(() -> out().split("Child for service", -1).length, pieces -> pieces == rounds + 1);
    host.close();
    assertThat(out().lines().filter(line -> line.endsWith("(O): hello"))).hasSize(rounds);
    assertThat(Files.readAllLines(tree().resolve("journal"))).hasSize(1);
  }
}
