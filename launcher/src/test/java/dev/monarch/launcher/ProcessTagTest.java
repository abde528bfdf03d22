package dev.monarch.launcher;

import static dev.monarch.launcher.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ProcessTagTest {
  private final ProcessTag tag = ProcessTag.random();
  private final List<Process> processes = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void killAll() throws IOException {
    processes.forEach(Process::destroyForcibly);
    tag.carriers().stream()
        .flatMap(carrier -> ProcessHandle.of(carrier.pid()).stream())
        .forEach(ProcessHandle::destroyForcibly);
  }

  private Process start(String script) throws IOException {
    Process process = tag.given(new ProcessBuilder("/bin/sh", "-c", script)::start);
    processes.add(process);
    return process;
  }

  private static List<Integer> pids(List<LivingProcess> carriers) {
    return carriers.stream().map(LivingProcess::pid).toList();
  }

  @Test
  void aProcessAndWhatItStartsCarryItsTagAndNobodyElse() throws Exception {
    Process process = start("sleep 600 & sleep 600 & wait");
    Process untagged = new ProcessBuilder("sleep", "600").start();
    processes.add(untagged);
    List<LivingProcess> carriers = eventually(tag::carriers, found -> found.size() == 3);
    assertThat(pids(carriers))
        .contains(Math.toIntExact(process.pid()))
        .doesNotContain(Math.toIntExact(untagged.pid()))
        .doesNotContain(Math.toIntExact(ProcessHandle.current().pid()));
    assertThat(ProcessTag.random().carriers()).isEmpty();
  }

  @Test
  void whoForksAwayWithoutEnvironmentStreamsGroupAndSessionStillCarriesIt() throws Exception {
    Path away = directory.resolve("away");
    Process process =
        start(
            "(setsid env -i /bin/sh -c 'echo $$ > %s; exec sleep 600' < /dev/null > /dev/null 2>&1 &)"
                .formatted(away));
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    LivingProcess carrier =
        eventually(
                tag::carriers,
                found -> found.size() == 1 && found.getFirst().name().equals("sleep"))
            .getFirst();
    assertThat(Files.readString(away).strip()).isEqualTo("" + carrier.pid());
    assertThat(carrier).hasToString("sleep (PID: " + carrier.pid() + ")");

    assertThat(carrier.isAlive()).isTrue();
    carrier.signal(Signal.TERM);
    eventually(carrier::isAlive, alive -> !alive);
    assertThat(tag.carriers()).isEmpty();
  }

  @Test
  void aProcessThatWasGivenTheIdOfAnotherIsNotSignalled() throws Exception {
    Process process = start("exec sleep 600");
    LivingProcess carrier = eventually(tag::carriers, found -> found.size() == 1).getFirst();
    var former =
        new LivingProcess(carrier.pid(), carrier.startTicks() - 1, carrier.group(), carrier.name());
    assertThat(former.isAlive()).isFalse();
    former.signal(Signal.KILL);
    carrier.signal(Signal.TERM);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("by TERM").isEqualTo(128 + Signal.TERM.number());
    carrier.signal(Signal.TERM);
  }

  @Test
  void whoTakesTheLimitOffIsNotFound() throws Exception {
    Process process = start("exec prlimit --rttime=unlimited sleep 600");
    eventually(
        () -> LivingProcess.of(Math.toIntExact(process.pid())),
        found -> found.filter(one -> one.name().equals("sleep")).isPresent());
    assertThat(tag.carriers()).isEmpty();
  }

  /** Or whoever ends the carriers of a tag would end a Launcher in the midst of a start. */
  @Test
  void whoStartsAProcessIsNotTakenForOneOfThem() throws Exception {
    assertThat(tag.<List<LivingProcess>, IOException>given(tag::carriers)).isEmpty();

    Process parent =
        start(
            "'%s' -cp '%s' --enable-native-access=ALL-UNNAMED '%s' %d; true"
                .formatted(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    Carriers.class.getName(),
                    tag.number()));
    assertThat(parent.inputReader().lines()).containsExactly("carriers: []");
  }

  /** Prints who carries a tag beside this process and its parent. */
  public static final class Carriers {
    private Carriers() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println("carriers: " + new ProcessTag(Long.parseLong(arguments[0])).carriers());
    }
  }

  @Test
  void whatCannotBeSeenIsNotTakenForNobody() throws Exception {
    Path proc = Files.createDirectories(directory.resolve("proc"));
    assertThat(ProcessTag.carriers(proc, Set.of(tag))).as("nobody is there").isEmpty();

    Path process = Files.createDirectories(proc.resolve("4711"));
    assertThat(ProcessTag.carriers(proc, Set.of(tag))).as("it ended meanwhile").isEmpty();
    assertThat(LivingProcess.of(process)).isEmpty();

    Files.writeString(
        process.resolve("limits"),
        "Max realtime timeout      %d unlimited            us        \n".formatted(tag.number()));
    Files.createDirectory(process.resolve("stat"));
    assertThatThrownBy(() -> ProcessTag.carriers(proc, Set.of(tag)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> LivingProcess.of(process)).isInstanceOf(IOException.class);
    assertThat(ProcessTag.carriers(proc, Set.of(ProcessTag.random()))).isEmpty();

    Files.delete(process.resolve("limits"));
    Files.createDirectory(process.resolve("limits"));
    assertThatThrownBy(() -> ProcessTag.carriers(proc, Set.of(tag)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ProcessTag.carriers(directory.resolve("absent"), Set.of(tag)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aTagIsALimitThatLimitsNothing() {
    assertThatThrownBy(() -> new ProcessTag(ProcessTag.NUMBER_MIN - 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(TimeUnit.MICROSECONDS.toDays(ProcessTag.NUMBER_MIN)).isGreaterThan(365L * 70_000);
    assertThat(ProcessTag.random()).isNotEqualTo(ProcessTag.random());
  }
}
