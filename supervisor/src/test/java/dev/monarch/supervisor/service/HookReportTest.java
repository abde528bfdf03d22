package dev.monarch.supervisor.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HookReportTest {
  /** What is read of all these ends of a hook, in their order. */
  private static List<String> read(Hook hook, HookResult... results) {
    return Stream.of(results)
        .flatMap(
            result ->
                HookReport.of(hook, result, Duration.ofMinutes(2), "web", "web.default").stream())
        .map(Line::toString)
        .toList();
  }

  @Test
  void whoSucceedsAndWhoWasToldToEndSayNothing() {
    for (Hook hook : Hook.values()) {
      assertThat(read(hook, new HookResult.Exited(0), new HookResult.Cancelled())).isEmpty();
    }
  }

  @Test
  void aFailureIsToldWithItsCodeAndInTheWordsOfItsHook() {
    assertThat(read(Hook.INIT, new HookResult.Exited(3), new HookResult.Signalled(9)))
        .containsExactly(
            "web(HK): Initialization failed! 'init' exited with status code 3",
            "web(HK): Initialization failed! 'init' exited without a status code");
    assertThat(read(Hook.POST_STOP, new HookResult.Exited(3), new HookResult.Signalled(9)))
        .containsExactly(
            "web(HK): Post stop failed! 'post-stop' exited with status code 3",
            "web(HK): post-stop was terminated by signal 9");
    assertThat(read(Hook.RECONFIGURE, new HookResult.Exited(3)))
        .containsExactly("web(HK): reconfigure exited with status code 3");
  }

  @Test
  void theCodesOfAHealthCheckAreResultsAndNoFailures() {
    assertThat(
            read(
                Hook.HEALTH_CHECK,
                new HookResult.Exited(1),
                new HookResult.Exited(2),
                new HookResult.Exited(3),
                new HookResult.Exited(4)))
        .containsExactly(
            "web(HK): Health check exited with an unknown status code, Invalid health check"
                + " result: 4");
  }

  @Test
  void aRunWithoutAnEndOfItsOwnIsToldByTheServiceGroup() {
    assertThat(read(Hook.POST_RUN, new HookResult.TimedOut(), new HookResult.NotStarted("no file")))
        .containsExactly(
            "web.default(HK): Hook killed, post-run, it ran longer than 120 seconds",
            "web.default(HK): Hook failed to run, post-run, no file");
  }
}
