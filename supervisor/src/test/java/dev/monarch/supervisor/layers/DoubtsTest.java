package dev.monarch.supervisor.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoubtsTest {
  private static final String DEFAULTS =
      """
      port = 80
      ratio = 0.5
      name = "web"
      debug = false
      since = 2026-01-01
      hosts = ["a"]
      backends = [{ host = "b" }]

      [net]
      bind = "0.0.0.0"
      tls.ciphers = []

      [labels]
      """;

  private static Map<String, Object> tree(String toml) {
    try {
      return TomlTree.parse(toml, "a test");
    } catch (TreeException wrong) {
      throw new AssertionError(wrong);
    }
  }

  private static Optional<String> doubts(String configuration) {
    return Doubts.about(tree(configuration), tree(DEFAULTS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "port = 81",
        "port = 80.5",
        "ratio = 1",
        "name = ''",
        "debug = true",
        "since = 2026-01-01T10:00:00Z",
        "since = 10:00:00",
        "hosts = []",
        "hosts = [1, 2]",
        "[[backends]]\nhots = 'b'",
        "net.bind = '::'",
        "[net]",
        "net.tls.ciphers = ['x']",
        "labels.anything = 1",
        "[labels.any.thing]\nx = []",
      })
  void whatTheDefaultsLetExpectIsNoDoubt(String configuration) {
    assertThat(doubts(configuration)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          prot = 81             | prot (expected no such key, found a number)
          port = '81'           | port (expected a number, found text)
          port = [81]           | port (expected a number, found a list)
          name = 1              | name (expected text, found a number)
          name = 2026-01-01     | name (expected text, found a time)
          debug = 'yes'         | debug (expected true or false, found text)
          debug = 1             | debug (expected true or false, found a number)
          since = '2026-01-01'  | since (expected a time, found text)
          hosts = 'a'           | hosts (expected a list, found text)
          hosts.a = 1           | hosts (expected a list, found a table)
          backends.host = 'b'   | backends (expected a list, found a table)
          net = 'x'             | net (expected a table, found text)
          net = [{bind = 'x'}]  | net (expected a table, found a list)
          labels = 1            | labels (expected a table, found a number)
          net.bnid = 'x'        | net.bnid (expected no such key, found text)
          net.tls.ciphers = 'x' | net.tls.ciphers (expected a list, found text)
          net.tls = true        | net.tls (expected a table, found true or false)
          other.deep.key = 1    | other (expected no such key, found a table)
          "a b".c = 1           | "a b" (expected no such key, found a table)
          net."a.b" = 1         | net."a.b" (expected no such key, found a number)
          """)
  void aDoubtNamesTheKeyWhatWasExpectedAndWhatCame(String configuration, String doubt) {
    assertThat(doubts(configuration)).contains(doubt);
  }

  @Test
  void doubtsComeInTheOrderOfTheConfigurationAndTheRestIsCounted() {
    assertThat(doubts("b = 1\na = 1\nport = 1\nname = 1"))
        .contains(
            "b (expected no such key, found a number), a (expected no such key, found a number),"
                + " name (expected text, found a number)");
    String many =
        IntStream.range(0, 13).mapToObj(i -> "k" + i + " = " + i).collect(Collectors.joining("\n"));
    assertThat(doubts(many).orElseThrow())
        .startsWith("k0 (expected no such key, found a number), k1 ")
        .endsWith("k9 (expected no such key, found a number) and 3 more");
  }

  @Test
  void aPackageThatSaysNothingExpectsNothing() {
    assertThat(Doubts.about(tree("any.thing = 1"), Map.of())).isEmpty();
  }

  @Test
  void keysDoNoHarmToATerminalAndAreCutOff() {
    assertThat(doubts("\"\\u001b[2J\\u009b\" = 1").orElseThrow())
        .doesNotContain("\u001b", "\u009b");
    String shown = doubts("x".repeat(1_000) + " = 1").orElseThrow();
    assertThat(shown).startsWith("x".repeat(120) + "... (expected").hasSizeLessThan(200);
  }
}
