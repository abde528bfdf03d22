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
  /** Of this test alone: processes are looked for on the whole machine. */
  private final ProcessTag tag = ProcessTag.random();

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final List<String> said = new ArrayList<>();

  @AfterEach
  void killAll() throws Exception {
    for (Process process : processes) {
      assertThat(process.destroyForcibly().waitFor(60, TimeUnit.SECONDS)).as("it ended").isTrue();
    }
    for (LivingProcess left : tag.carriers()) {
      left.signal(Signal.KILL);
    }
  }

  private Path file() {
    return directory.resolve("journal");
  }

  private Journal journal() throws LauncherException {
    return new Journal(file(), said::add);
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
    return journal.intend(tag, "web.default", Signal.QUIT, Duration.ofMillis(1500));
  }

  private void started(int pid) throws LauncherException {
    Journal journal = journal();
    journal.started(intend(journal), pid);
  }

  @Test
  void aProcessThatIsWrittenDownIsFoundByTheNext() throws Exception {
    int pid = process(ProcessTag.random());
    started(pid);
    assertThat(journal().leftovers())
        .containsExactly(
            new Journal.Leftover(
                "web.default", new StopOrder(pid, Signal.QUIT, Duration.ofMillis(1500))));
  }

  @Test
  void aProcessWhoseIdNobodyWroteDownIsFoundByItsTag() throws Exception {
    intend(journal());
    int pid = process(tag);
    assertThat(journal().leftovers()).extracting(left -> left.order().pid()).containsExactly(pid);
  }

  @Test
  void aProcessThatEndedIsNotLookedFor() throws Exception {
    Journal journal = journal();
    int entry = intend(journal);
    journal.started(entry, process(tag));
    journal.ended(entry);
    assertThat(journal().leftovers()).isEmpty();
  }

  @Test
  void aStrangerWithTheSameIdIsLeftAlone() throws Exception {
    int stranger = process(ProcessTag.random());
    started(stranger);
    String journal = Files.readString(file());
    long ticks = ProcessGroups.startTicks(stranger).orElseThrow();
    Files.writeString(file(), journal.replace(" " + ticks + " ", " " + (ticks - 1) + " "));
    assertThat(journal().leftovers()).isEmpty();
  }

  @Test
  void whatIsLeftOfAGroupIsFoundWithoutItsLeader() throws Exception {
    Process leader =
        tag.given(new ProcessBuilder("setsid", "sh", "-c", "sleep 600 & read line")::start);
    processes.add(leader);
    ProcessHandle child =
        eventually(() -> leader.children().toList(), children -> !children.isEmpty()).getFirst();
    started(Math.toIntExact(leader.pid()));
    leader.destroyForcibly();
    assertThat(leader.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(journal().leftovers())
        .extracting(left -> left.order().pid())
        .containsExactly(Math.toIntExact(child.pid()));
  }

  @Test
  void whoLeftTheGroupOfALeaderThatLivesIsFoundBesideIt() throws Exception {
    int leader = process(tag);
    int away = process(tag);
    started(leader);
    assertThat(journal().leftovers())
        .extracting(left -> left.order().pid())
        .containsExactly(leader, away);
  }

  @Test
  void whoIsStillThereStaysInItAndTheOthersDoNot() throws Exception {
    ProcessTag nobodys = ProcessTag.random();
    Journal former = journal();
    intend(former);
    former.intend(nobodys, "gone.default", Signal.TERM, Duration.ZERO);
    int pid = process(tag);

    Journal journal = journal();
    assertThat(journal.leftovers()).hasSize(1);
    journal.intend(ProcessTag.random(), "other.default", Signal.TERM, Duration.ZERO);

    assertThat(Files.readString(file())).doesNotContain("gone.default").contains("other.default");
    assertThat(journal().leftovers()).extracting(left -> left.order().pid()).containsExactly(pid);
  }

  @Test
  void aJournalOfAnotherVersionIsNotReadWithoutAWord() throws Exception {
    started(process(tag));
    Files.writeString(file(), Files.readString(file()).replaceFirst("launcher 2", "launcher 1"));
    assertThat(journal().leftovers()).isEmpty();
    assertThat(said)
        .singleElement()
        .asString()
        .contains(file() + " is of another version and is not read");
  }

  @Test
  void aJournalOfAnotherBootNamesNobody() throws Exception {
    started(process(tag));
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(0, "monarch-launcher 2 another-boot");
    Files.write(file(), lines);
    assertThat(journal().leftovers()).isEmpty();
    assertThat(said).isEmpty();
  }

  @Test
  void aJournalThatIsNoneNamesNobody() throws Exception {
    Files.writeString(file(), "\u0000\u0001 nonsense\n");
    assertThat(journal().leftovers()).isEmpty();
    assertThat(new Journal(directory.resolve("absent"), said::add).leftovers()).isEmpty();
  }
}
