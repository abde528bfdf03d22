package dev.monarch.launcher;

import static dev.monarch.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class JournalTest {
  /** Of this run alone: processes are looked for on the whole machine. */
  private static final String MARK = UUID.randomUUID().toString();

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
  }

  private Path file() {
    return directory.resolve("journal");
  }

  /** A process of its own group that carries a mark, as if a Launcher had started it. */
  private int process(String mark) throws IOException {
    var builder = new ProcessBuilder("setsid", "sleep", "600");
    builder.environment().put(Journal.MARK, mark);
    Process process = builder.start();
    processes.add(process);
    int pid = Math.toIntExact(process.pid());
    eventually(
        () -> process.info().commandLine().orElse(""),
        line -> line.contains("sleep 600") && !line.contains("setsid"));
    return pid;
  }

  private Journal journal() throws LauncherException {
    Journal journal = new Journal(file());
    journal.intend(MARK, "web.default", Signal.QUIT, Duration.ofMillis(1500));
    return journal;
  }

  @Test
  void aProcessThatIsWrittenDownIsFoundByTheNext() throws Exception {
    int pid = process("another");
    journal().started(MARK, pid);
    assertThat(new Journal(file()).leftovers())
        .containsExactly(
            new Journal.Leftover(
                "web.default", new StopOrder(pid, Signal.QUIT, Duration.ofMillis(1500))));
  }

  @Test
  void aProcessWhoseIdNobodyWroteDownIsFoundByItsMark() throws Exception {
    journal();
    int pid = process(MARK);
    assertThat(new Journal(file()).leftovers())
        .extracting(left -> left.order().pid())
        .containsExactly(pid);
  }

  @Test
  void aProcessThatEndedIsNotLookedFor() throws Exception {
    Journal journal = journal();
    journal.started(MARK, process(MARK));
    journal.ended(MARK);
    assertThat(new Journal(file()).leftovers()).isEmpty();
  }

  @Test
  void aStrangerWithTheSameIdIsLeftAlone() throws Exception {
    int stranger = process("another");
    journal().started(MARK, stranger);
    String journal = Files.readString(file());
    long ticks = ProcessGroups.startTicks(stranger).orElseThrow();
    Files.writeString(file(), journal.replace(" " + ticks + " ", " " + (ticks - 1) + " "));
    assertThat(new Journal(file()).leftovers()).isEmpty();
  }

  @Test
  void whatIsLeftOfAGroupIsFoundWithoutItsLeader() throws Exception {
    var builder = new ProcessBuilder("setsid", "sh", "-c", "sleep 600 & read line");
    builder.environment().put(Journal.MARK, MARK);
    Process leader = builder.start();
    processes.add(leader);
    ProcessHandle child =
        eventually(() -> leader.children().toList(), children -> !children.isEmpty()).getFirst();
    journal().started(MARK, Math.toIntExact(leader.pid()));
    leader.destroyForcibly();
    assertThat(leader.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(new Journal(file()).leftovers())
        .extracting(left -> left.order().pid())
        .containsExactly(Math.toIntExact(child.pid()));
    child.destroyForcibly();
  }

  @Test
  void aJournalOfAnotherBootNamesNobody() throws Exception {
    journal().started(MARK, process(MARK));
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(0, "monarch-launcher 1 another-boot");
    Files.write(file(), lines);
    assertThat(new Journal(file()).leftovers()).isEmpty();
  }

  @Test
  void aJournalThatIsNoneNamesNobody() throws Exception {
    Files.writeString(file(), "\u0000\u0001 nonsense\n");
    assertThat(new Journal(file()).leftovers()).isEmpty();
    assertThat(new Journal(directory.resolve("absent")).leftovers()).isEmpty();
  }
}
