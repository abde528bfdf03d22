package dev.monarch.launcher;

import static dev.monarch.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class JournalTest {
  /** Of this run alone: processes are looked for on the whole machine. */
  private static final ProcessTag TAG = ProcessTag.random();

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killAll() {
    processes.forEach(Process::destroyForcibly);
  }

  private Path file() {
    return directory.resolve("journal");
  }

  /** A process of its own group that carries a tag, as if a Launcher had started it. */
  private int process(ProcessTag tag) throws IOException {
    Process process = tag.given(new ProcessBuilder("setsid", "sleep", "600")::start);
    processes.add(process);
    int pid = Math.toIntExact(process.pid());
    eventually(
        () -> process.info().commandLine().orElse(""),
        line -> line.contains("sleep 600") && !line.contains("setsid"));
    return pid;
  }

  private int intend(Journal journal) throws LauncherException {
    return journal.intend(TAG, "web.default", Signal.QUIT, Duration.ofMillis(1500));
  }

  private void started(int pid) throws LauncherException {
    Journal journal = new Journal(file());
    journal.started(intend(journal), pid);
  }

  @Test
  void aProcessThatIsWrittenDownIsFoundByTheNext() throws Exception {
    int pid = process(ProcessTag.random());
    started(pid);
    assertThat(new Journal(file()).leftovers())
        .containsExactly(
            new Journal.Leftover(
                "web.default", new StopOrder(pid, Signal.QUIT, Duration.ofMillis(1500))));
  }

  @Test
  void aProcessWhoseIdNobodyWroteDownIsFoundByItsTag() throws Exception {
    intend(new Journal(file()));
    int pid = process(TAG);
    assertThat(new Journal(file()).leftovers())
        .extracting(left -> left.order().pid())
        .containsExactly(pid);
  }

  @Test
  void aProcessThatEndedIsNotLookedFor() throws Exception {
    Journal journal = new Journal(file());
    int entry = intend(journal);
    journal.started(entry, process(TAG));
    journal.ended(entry);
    assertThat(new Journal(file()).leftovers()).isEmpty();
  }

  @Test
  void aStrangerWithTheSameIdIsLeftAlone() throws Exception {
    int stranger = process(ProcessTag.random());
    started(stranger);
    String journal = Files.readString(file());
    long ticks = ProcessGroups.startTicks(stranger).orElseThrow();
    Files.writeString(file(), journal.replace(" " + ticks + " ", " " + (ticks - 1) + " "));
    assertThat(new Journal(file()).leftovers()).isEmpty();
  }

  @Test
  void whatIsLeftOfAGroupIsFoundWithoutItsLeader() throws Exception {
    Process leader =
        TAG.given(new ProcessBuilder("setsid", "sh", "-c", "sleep 600 & read line")::start);
    processes.add(leader);
    ProcessHandle child =
        eventually(() -> leader.children().toList(), children -> !children.isEmpty()).getFirst();
    started(Math.toIntExact(leader.pid()));
    leader.destroyForcibly();
    assertThat(leader.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(new Journal(file()).leftovers())
        .extracting(left -> left.order().pid())
        .containsExactly(Math.toIntExact(child.pid()));
    child.destroyForcibly();
  }

  @Test
  void whoLeftTheGroupOfALeaderThatLivesIsFoundBesideIt() throws Exception {
    int leader = process(TAG);
    int away = process(TAG);
    started(leader);
    assertThat(new Journal(file()).leftovers())
        .extracting(left -> left.order().pid())
        .containsExactly(leader, away);
  }

  @Test
  void aJournalOfAnotherBootNamesNobody() throws Exception {
    started(process(TAG));
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(0, "monarch-launcher 2 another-boot");
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
