package dev.monarch.cli.sup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.cli.RunRehearsal;
import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.supervisor.config.SupervisorOption.Form;
import dev.monarch.supervisor.config.SupervisorOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RunCommandTest {
  @TestFactory
  Stream<DynamicTest> everyOptionReachesTheSupervisorUnderEachOfItsNames() {
    return Stream.of(SupervisorOption.values())
        .flatMap(
            option ->
                names(option)
                    .map(
                        name ->
                            DynamicTest.dynamicTest(
                                name, () -> assertThatItArrives(option, name))));
  }

  private static Stream<String> names(SupervisorOption option) {
    return option.form() == Form.ARGUMENT
        ? Stream.of("acme/web")
        : Stream.concat(Stream.of(option.flag()), option.shortFlag().stream());
  }

  private static void assertThatItArrives(SupervisorOption option, String name) {
    List<String> words = new ArrayList<>();
    List<String> values =
        switch (option.form()) {
          case SWITCH -> List.of();
          case LISTENER -> List.of("127.0.0.3:1234");
          case SECONDS, NUMBER -> List.of("17");
          case LIST -> List.of("one", "two");
          case TEXT ->
              switch (option) {
                case TOPOLOGY -> List.of("leader");
                case STRATEGY -> List.of("rolling");
                case UPDATE_CONDITION -> List.of("track-channel");
                case BINDING_MODE -> List.of("relaxed");
                default -> List.of("a text");
              };
          case SECRET, PATH, OPTIONAL_PATH -> List.of("/some/where");
          case ARGUMENT -> List.of();
        };
    words.add(name);
    words.addAll(values);
    // What these are nothing without.
    switch (option) {
      case CERT_FILE -> words.addAll(List.of("--key", "k"));
      case CA_CERT_FILE -> words.addAll(List.of("--key", "k", "--certs", "c"));
      case EVENT_STREAM_URL ->
          words.addAll(
              List.of(
                  "--event-stream-application",
                  "a",
                  "--event-stream-environment",
                  "e",
                  "--event-stream-token",
                  "t"));
      default -> {}
    }
    SupervisorOptions given = RunRehearsal.given(words);
    assertThat(given.isGiven(option)).isTrue();
    assertThat(given.values(option))
        .isEqualTo(option.form() == Form.ARGUMENT ? List.of("acme/web") : values);
  }

  @Test
  void nothingIsGivenThatWasNotTyped() {
    SupervisorOptions given = RunRehearsal.given(List.of());
    assertThat(SupervisorOption.values()).noneMatch(given::isGiven);
  }

  @Test
  void anExplicitDefaultIsGiven() {
    SupervisorOptions given = RunRehearsal.given(List.of("--listen-http", "0.0.0.0:9631"));
    assertThat(given.isGiven(SupervisorOption.LISTEN_HTTP)).isTrue();
  }

  @Test
  void aListTakesEveryWordUpToTheNextOption() {
    SupervisorOptions given =
        RunRehearsal.given(List.of("--peer", "a", "b:1", "acme/web", "-I", "--peer=c", "acme/db"));
    assertThat(given.values(SupervisorOption.PEER)).containsExactly("a", "b:1", "acme/web", "c");
    assertThat(given.values(SupervisorOption.PKG_IDENT_OR_ARTIFACT)).containsExactly("acme/db");
    assertThat(given.isGiven(SupervisorOption.PERMANENT_PEER)).isTrue();
  }

  @Test
  void thePagesOwnCommandIsUnderstood() {
    SupervisorOptions given =
        RunRehearsal.given(List.of("--permanent-peer", "--peer=10.0.0.2", "--peer=10.0.0.3"));
    assertThat(given.values(SupervisorOption.PEER)).containsExactly("10.0.0.2", "10.0.0.3");
  }

  @Test
  void aPathThatMayBeLeftOutCanBe() {
    SupervisorOptions given =
        RunRehearsal.given(List.of("--ctl-server-key", "--ctl-server-certificate", "/c"));
    assertThat(given.isGiven(SupervisorOption.CTL_SERVER_KEY)).isTrue();
    assertThat(given.values(SupervisorOption.CTL_SERVER_KEY)).isEmpty();
    assertThat(given.values(SupervisorOption.CTL_SERVER_CERTIFICATE)).containsExactly("/c");
  }

  @Test
  void anArgumentAfterTwoDashesIsNoOption() {
    SupervisorOptions given = RunRehearsal.given(List.of("--", "--peer"));
    assertThat(given.values(SupervisorOption.PKG_IDENT_OR_ARTIFACT)).containsExactly("--peer");
  }
}
