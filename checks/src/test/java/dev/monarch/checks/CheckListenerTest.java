package dev.monarch.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class CheckListenerTest {
  /** Run by these tests only: the build takes no nested classes for tests. */
  static class Mixed {
    @Test
    @Check({"made-1", "made-2"})
    void passes() {}

    @Test
    @Check("made-3")
    void fails() {
      fail("first line\n\tsecond");
    }

    @Test
    @Check("made-4")
    void givesUp() {
      abort("needs root");
    }

    @Test
    @Disabled("later")
    @Check("made-5")
    void isDisabled() {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Check("made-6")
    void isRunTwice(int number) {
      assertThat(number).isEqualTo(1);
    }

    @Test
    void claimsNothing() {}
  }

  static class NeverBegins {
    @BeforeAll
    static void breakDown() {
      fail("no ground to stand on");
    }

    @Test
    @Check("made-7")
    void wouldPass() {}
  }

  @Disabled("as a whole")
  static class Idle {
    @Test
    @Check("made-8")
    void wouldPass() {}
  }

  static class ClaimsNothing {
    @Test
    void passes() {}
  }

  @TempDir private Path directory;

  @Test
  void everyClaimIsNotedWithItsOutcome() throws IOException {
    run(Mixed.class);

    assertThat(notes(Mixed.class))
        .extracting(c -> c.check() + " " + c.test().replaceAll(".*#", "") + " " + c.outcome())
        .containsExactlyInAnyOrder(
            "made-1 passes PASSED",
            "made-2 passes PASSED",
            "made-3 fails FAILED",
            "made-4 givesUp SKIPPED",
            "made-5 isDisabled SKIPPED",
            "made-6 isRunTwice PASSED",
            "made-6 isRunTwice FAILED");
    assertThat(reason(Mixed.class, "made-3")).endsWith("first line second");
    assertThat(reason(Mixed.class, "made-4")).contains("needs root");
    assertThat(reason(Mixed.class, "made-5")).contains("later");
  }

  @Test
  void testsThatNeverBeganShareTheFateOfTheirClass() throws IOException {
    run(NeverBegins.class, Idle.class);

    assertThat(notes(NeverBegins.class)).extracting(Claim::outcome).containsExactly(Outcome.FAILED);
    assertThat(reason(NeverBegins.class, "made-7")).contains("no ground");
    assertThat(notes(Idle.class)).extracting(Claim::outcome).containsExactly(Outcome.SKIPPED);
  }

  @Test
  void notesOfAnEarlierRunDoNotSurvive() throws IOException {
    Path old = Files.writeString(file(ClaimsNothing.class), "made-9\tX#y\tpassed\t\n");

    run(ClaimsNothing.class);

    assertThat(old).doesNotExist();
  }

  @Test
  void junitFindsTheListenerByItself() {
    assertThat(ServiceLoader.load(TestExecutionListener.class))
        .anyMatch(CheckListener.class::isInstance);
  }

  private void run(Class<?>... classes) {
    var request = LauncherDiscoveryRequestBuilder.request();
    for (Class<?> c : classes) {
      request.selectors(selectClass(c));
    }
    // Without the listeners of the run this test is part of.
    var config =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .build();
    LauncherFactory.create(config)
        .execute(
            request.forExecution().listeners(new CheckListener(Optional.of(directory))).build());
  }

  private List<Claim> notes(Class<?> test) throws IOException {
    return Files.readAllLines(file(test)).stream().map(Claim::parse).toList();
  }

  private String reason(Class<?> test, String check) throws IOException {
    return notes(test).stream()
        .filter(claim -> claim.check().equals(check))
        .findFirst()
        .orElseThrow()
        .reason();
  }

  private Path file(Class<?> test) {
    return directory.resolve(test.getName() + ".tsv");
  }
}
