package dev.monarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  @Test
  void theSecondWordOfTheVersionIsTheHabitatReleaseThatScriptsLookFor() {
    for (String flag : List.of("--version", "-V")) {
      Typed.Result version = new Typed().hab(flag);
      assertThat(version.exit()).isZero();
      assertThat(version.out()).startsWith("hab 2.1.78 ").endsWith(System.lineSeparator());
      assertThat(version.err()).isEmpty();
    }
  }

  @Test
  void everyCommandKnowsItsVersionByItsWholeName() {
    assertThat(new Typed().hab("ring", "key", "--version").out()).startsWith("hab-ring-key 2.1.78");
  }

  @Test
  void aGroupAloneShowsItsCommandsAsAnError() {
    for (List<String> words :
        List.of(List.<String>of(), List.of("ring"), List.of("ring", "key"), List.of("sup"))) {
      Typed.Result result = new Typed().hab(words);
      assertThat(result.exit()).as("%s", words).isEqualTo(2);
      assertThat(result.out()).isEmpty();
      assertThat(result.err()).contains("Usage: hab").contains("Commands:");
    }
  }

  /** The exit codes and first lines were captured from the original (vectors, usage-errors). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nonsense                        | error: unrecognized subcommand 'nonsense'
          ring nonsense                   | error: unrecognized subcommand 'nonsense'
          help nonsense                   | error: unrecognized subcommand 'nonsense'
          sup run --peer 127.0.0.1 --local-gossip-mode | error: the argument '--peer <PEER>...' cannot be used with '--local-gossip-mode'
          sup run --peer a --peer-watch-file f | error: the argument '--peer <PEER>...' cannot be used with '--peer-watch-file <PEER_WATCH_FILE>'
          sup run --ring a --ring-key b   | error: the argument '--ring <RING>' cannot be used with '--ring-key <RING_KEY>'
          sup run --listen-gossip nonsense | error: invalid value 'nonsense' for '--listen-gossip <LISTEN_GOSSIP>': invalid socket address syntax
          sup run --listen-http 1.2.3.4:70000 | error: invalid value '1.2.3.4:70000' for '--listen-http <LISTEN_HTTP>': invalid socket address syntax
          sup run --health-check-interval x | error: invalid value 'x' for '--health-check-interval <HEALTH_CHECK_INTERVAL>': invalid digit found in string
          sup run --topology ring         | error: invalid value 'ring' for '--topology <TOPOLOGY>'
          sup run --strategy never        | error: invalid value 'never' for '--strategy <STRATEGY>'
          sup run --no-such-flag          | error: unexpected argument '--no-such-flag' found
          sup run --certs f               | error: the following required arguments were not provided:
          sup run --event-stream-url u    | error: the following required arguments were not provided:
          sup run --listen-http           | error: a value is required for '--listen-http <LISTEN_HTTP>' but none was supplied
          sup run -I -I                   | error: the argument '--permanent-peer' cannot be used multiple times
          ring key generate               | error: the following required arguments were not provided:
          ring key generate a b           | error: unexpected argument 'b' found
          ring members --interval 1       | error: unexpected argument '--interval' found
          ring watch --interval 0         | error: invalid value '0.0' for '--interval <SECONDS>': expected 0.1 to 3600 seconds
          completion tcsh                 | error: invalid value 'tcsh' for '<SHELL>': expected bash, zsh or fish
          """)
  void aWrongCommandLineIsAnsweredInTheOriginalsFormAndEndsWithTwo(String line, String answer) {
    Typed.Result result = new Typed().hab(line.strip().split(" +"));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines().findFirst().orElse("")).startsWith(answer.strip());
    assertThat(result.err()).endsWith("For more information, try '--help'.\n");
  }

  @Test
  void aMissingArgumentIsNamed() {
    assertThat(new Typed().hab("ring", "key", "generate").err())
        .isEqualTo(
            """
            error: the following required arguments were not provided:
              <RING>

            Usage: hab ring key generate [OPTIONS] <RING>

            For more information, try '--help'.
            """);
  }

  @Test
  void helpIsNoErrorWhateverElseIsWrong() {
    Typed.Result help = new Typed().hab("sup", "run", "--health-check-interval", "0", "--help");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("Usage: hab sup run [OPTIONS] [PKG_IDENT_OR_ARTIFACT]");
    assertThat(help.err()).isEmpty();
  }

  @Test
  void aDemoWithoutTerminalAndStoryIsExplained() {
    Typed.Result result = new Typed().hab("ring", "demo");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("needs a terminal").contains("hab ring demo --story");
  }
}
