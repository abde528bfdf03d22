package dev.monarch.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
  private static final List<KnownCheck> KNOWN =
      IntStream.rangeClosed(1, 9)
          .mapToObj(n -> new KnownCheck("made-" + n, n == 6 || n == 7 ? "elections" : "", "t" + n))
          .toList();

  @Test
  void theCountsTellWhatIsClaimedAndWhatIsMissing() {
    var report =
        new Report(
            KNOWN,
            List.of(passed("made-1", "A#a"), passed("made-2", "A#a"), passed("up-7", "B#b")));

    assertThat(report.summary())
        .containsExactly(
            "made.md: 2 of 9 checks claimed, 2 passed; elections (6–7) await their issue;"
                + " unclaimed: 3–5, 8–9",
            "up.md: 1 checks claimed, 1 passed");
    assertThat(report.errors()).isEmpty();
  }

  @Test
  void aCheckPassesOnlyIfAllItsTestsPass() {
    var report =
        new Report(
            KNOWN,
            List.of(
                new Claim("made-1", "A#a", Outcome.SKIPPED, "needs root"),
                passed("made-1", "B#b"),
                new Claim("made-2", "A#a", Outcome.FAILED, "broke"),
                new Claim("made-2", "A#a", Outcome.SKIPPED, "needs root"),
                passed("made-6", "A#a")));

    assertThat(report.summary().getFirst())
        .startsWith("made.md: 3 of 9 checks claimed, 1 passed, 1 skipped (1), 1 failed (2);")
        .contains("elections (7) await their issue");
    assertThat(report.table())
        .startsWith(
            "made-1\tskipped\tA#a B#b\tneeds root",
            "made-2\tfailed\tA#a\tbroke; needs root",
            "made-3\tunclaimed\t\t");
    assertThat(report.document())
        .contains("| 1 | t1 | skipped | A#a<br>B#b | needs root |", "| 3 | t3 | unclaimed |  |  |");
    assertThat(report.errors()).containsExactly("made-2 failed in A#a: broke");
  }

  @Test
  void aClaimOfNoSuchCheckIsAnError() {
    var report =
        new Report(
            KNOWN, List.of(passed("made-10", "A#a"), passed("made", "A#b"), passed("up-1", "A#c")));

    assertThat(report.errors())
        .satisfiesExactly(
            error -> assertThat(error).startsWith("A#a claims made-10"),
            error -> assertThat(error).startsWith("A#b claims made,"));
  }

  @Test
  void notesAreGatheredFromAllModulesButNotFromTestsThatAreGone(@TempDir Path root)
      throws IOException {
    note(root, "one", "p.ATest", passed("made-1", "p.ATest#a"), true);
    note(root, "two", "p.BTest", passed("made-2", "p.BTest#b"), true);
    note(root, "two", "p.GoneTest", passed("made-3", "p.GoneTest#c"), false);

    assertThat(Report.claimsUnder(root))
        .containsExactly(passed("made-1", "p.ATest#a"), passed("made-2", "p.BTest#b"));
  }

  @ParameterizedTest
  @CsvSource({"butterfly, 73", "control, 57"})
  void theListOfASpecificationIsComplete(String specification, int checks) {
    assertThat(KnownCheck.all())
        .extracting(KnownCheck::check)
        .filteredOn(check -> check.startsWith(specification + "-"))
        .isEqualTo(ids(specification, 1, checks));
  }

  @Test
  void electionsAwaitTheirIssue() {
    assertThat(KnownCheck.all())
        .filteredOn(check -> check.awaits().equals("elections"))
        .extracting(KnownCheck::check)
        .isEqualTo(ids("butterfly", 55, 67));
  }

  private static List<String> ids(String specification, int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(n -> specification + "-" + n).toList();
  }

  private static Claim passed(String check, String test) {
    return new Claim(check, test, Outcome.PASSED, "");
  }

  private static void note(Path root, String module, String test, Claim claim, boolean exists)
      throws IOException {
    Path target = root.resolve(module).resolve("target");
    Path notes = Files.createDirectories(target.resolve("checks"));
    Files.writeString(notes.resolve(test + ".tsv"), claim.line() + "\n");
    if (exists) {
      Path compiled = target.resolve("test-classes").resolve(test.replace('.', '/') + ".class");
      Files.createDirectories(compiled.getParent());
      Files.createFile(compiled);
    }
  }
}
