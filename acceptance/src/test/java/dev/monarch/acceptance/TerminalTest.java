package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What an operator sees and types on a terminal. */
class TerminalTest {
  private static final Duration FORMED_WITHIN = Duration.ofMinutes(2);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(90);

  /** Two demonstrations that begin at the same moment would choose the same addresses. */
  private static final String SEATS = "addresses of a demonstration";

  private static final Duration DRAWN_WITHIN = Duration.ofSeconds(60);

  @RegisterExtension final Stage stage = new Stage();

  private Pty terminal(int rows, int columns, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(Surroundings.hab());
    words.addAll(1, List.of("-Dhab.stdin.terminal=true", "-Dhab.stdout.terminal=true"));
    words.addAll(List.of(arguments));
    return stage.closing(new Pty(stage.directory(), rows, columns, words, Map.of()));
  }

  @Test
  @ResourceLock(SEATS)
  void theRingIsStoppedRevivedFrozenSplitAndHealedByKeys() throws Exception {
    Pty demo = terminal(30, 110, "ring", "demo");
    demo.awaitShown(FORMED_WITHIN, "network: whole", "> D", row('A'), row('B'), row('C'));
    demo.awaitShown(FORMED_WITHIN, row('D'), row('E'));

    demo.type("s");
    demo.awaitShown(TOLD_WITHIN, "stopped", "A: D alive -> departed", "E: D alive -> departed");
    demo.type("r");
    demo.awaitShown(TOLD_WITHIN, "A: D departed -> alive", row('D'));
    demo.type("ef");
    demo.awaitShown(DRAWN_WITHIN, "> E", "frozen");
    demo.type("r");
    demo.awaitShown(TOLD_WITHIN, row('E'));
    demo.type("x");
    demo.awaitShown(Duration.ofMinutes(2), "split AB | CDE", "A: C suspect -> confirmed");
    demo.type("h");
    demo.awaitShown(TOLD_WITHIN, "network: whole", row('A'), row('B'), row('C'), row('D'));
    demo.type("k");
    demo.awaitShown(DRAWN_WITHIN, "killed");
    demo.type("q");
    assertThat(demo.awaitExit(DRAWN_WITHIN)).isZero();
    // The screen that was there before is back, and so is the cursor.
    assertThat(demo.output()).contains("\u001b[?25h\u001b[?1049l");
    assertThat(demo.family()).isEmpty();
  }

  /** A row of the table in which everybody else is alive. */
  private static String row(char letter) {
    StringBuilder row = new StringBuilder();
    for (char other : "ABCDE".toCharArray()) {
      row.append(other == letter ? "·          " : "alive      ");
    }
    return row.toString().strip();
  }

  @Test
  void aTableOfMembersIsDrawnAgainAndAgainAndFitsASmallTerminal() throws Exception {
    Supervisor first = stage.ours("first").up();
    Supervisor second = stage.ours("second").peer(first).up();
    Pty small = terminal(4, 40, "ring", "watch", "--url", first.address());
    Pty large = terminal(24, 120, "ring", "watch", "--url", first.address());
    large.awaitShown(TOLD_WITHIN, "2 members: 2 alive", second.memberId(), "Ctrl-C ends");
    small.awaitShown(TOLD_WITHIN, "http://" + first.address(), "Ctrl-C ends");
    assertThat(small.picture().lines().toList())
        .hasSizeLessThanOrEqualTo(4)
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40));

    second.stop();
    large.awaitShown(TOLD_WITHIN, "1 alive, 1 departed", second.memberId(), "alive -> departed");
    first.kill();
    large.awaitShown(TOLD_WITHIN, "Unable to contact");
    first.up();
    large.awaitShown(TOLD_WITHIN, "answers again");
    large.type("\u0003");
    assertThat(large.awaitExit(DRAWN_WITHIN)).isEqualTo(130);
    assertThat(large.output()).contains("\u001b[?25h\u001b[?1049l");
  }

  /** It runs without a terminal here, whose end would wake a frozen process up. */
  @Test
  @ResourceLock(SEATS)
  void aKilledDemonstrationLeavesNobodyBehindNotEvenAFrozenOne() throws Exception {
    List<String> words = new ArrayList<>(Surroundings.hab());
    words.addAll(List.of("ring", "demo", "--story"));
    Path output = stage.directory().resolve("story.out");
    ProcessBuilder builder = new ProcessBuilder(words);
    Surroundings.clean(builder.environment());
    Process story = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    stage.closing(story::destroyForcibly);
    Waiting.until(
        "the ring has formed and its services run",
        FORMED_WITHIN,
        () -> {
          String said = read(output);
          return new Waiting.Look(said.contains("has elected a leader"), said);
        });
    List<ProcessHandle> all = story.descendants().toList();
    stage.closing(() -> all.forEach(ProcessHandle::destroyForcibly));
    ProcessHandle supervisor =
        story
            .children()
            .filter(
                child -> child.info().command().filter(name -> name.endsWith("java")).isPresent())
            .findFirst()
            .orElseThrow();
    // Some of them are programs that a hook runs and end by themselves meanwhile.
    supervisor.descendants().forEach(each -> stopSignal(each).run());
    stopSignal(supervisor).must();

    story.destroyForcibly().waitFor();

    Waiting.until(
        "all of them are gone",
        DRAWN_WITHIN,
        () -> {
          List<ProcessHandle> left =
              all.stream().filter(each -> Machine.isRunning(each.pid())).toList();
          return new Waiting.Look(left.isEmpty(), left.toString());
        });
  }

  private static Command stopSignal(ProcessHandle process) {
    return Command.of("kill", "-STOP", "" + process.pid());
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }
}
