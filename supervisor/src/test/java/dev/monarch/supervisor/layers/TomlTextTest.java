package dev.monarch.supervisor.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected texts are those of the original, version 2.1.78, where it was asked. */
class TomlTextTest {
  @Test
  void scalarsComeBeforeTablesAndKeysKeepTheirOrder() throws TreeException {
    Map<String, Object> tree =
        TomlTree.parse("[deep]\nx = 'dx'\nlist = [1, 2]\n[other]\n[other.inner]\nz = 1\n", "test");

    assertThat(TomlText.write(tree))
        .isEqualTo("[deep]\nx = \"dx\"\nlist = [1, 2]\n\n[other.inner]\nz = 1\n");
    assertThat(TomlText.write(TomlTree.parse("a.b = 1\nk = 1\nv = 'w'\ndeep.x = 'dx'", "test")))
        .isEqualTo("k = 1\nv = \"w\"\n\n[a]\nb = 1\n\n[deep]\nx = \"dx\"\n");
  }

  @Test
  void aListOfTablesBecomesRows() throws TreeException {
    Map<String, Object> tree =
        TomlTree.parse("rows = [{name = 'r1', in = {a = 1}}, {}]\nmixed = [{a = 1}, 2]", "test");

    assertThat(TomlText.write(tree))
        .isEqualTo(
            """
            mixed = [{ a = 1 }, 2]

            [[rows]]
            name = "r1"

            [rows.in]
            a = 1

            [[rows]]
            """);
  }

  @Test
  void anEmptyTableKeepsItsHeader() {
    assertThat(TomlText.write(Map.of("emptyt", Map.of()))).isEqualTo("[emptyt]\n");
    assertThat(TomlText.write(Map.of())).isEmpty();
  }

  @Test
  void aListOfTablesOnItsOwnIsWrittenInOneLine() {
    assertThat(TomlText.writeValue(List.of(Map.of("name", "r1"), Map.of("port", 2L))))
        .isEqualTo("[{ name = \"r1\" }, { port = 2 }]");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      textBlock =
          """
          plain,            "plain"
          it's,             "it's"
          say "hi",         'say "hi"'
          C:\\temp,          'C:\\temp'
          a'b"c,            \"""a'b"c\"""
          ü€,               "ü€"
          """)
  void textIsQuotedTheWayThatNeedsFewestEscapes(String text, String toml) {
    assertThat(TomlText.writeValue(text)).isEqualTo(toml);
  }

  @Test
  void controlsAreEscapedAndLinesStayLines() {
    assertThat(TomlText.writeValue("line1\nline2\n")).isEqualTo("\"\"\"\nline1\nline2\n\"\"\"");
    assertThat(TomlText.writeValue("bell\u0007")).isEqualTo("\"bell\\u0007\"");
    assertThat(TomlText.writeValue("tab\there")).isEqualTo("\"tab\\there\"");
    assertThat(TomlText.writeValue("back\\slash and ' quote"))
        .isEqualTo("'''back\\slash and ' quote'''");
  }

  @Test
  void numbersAreWrittenWithoutExponent() {
    assertThat(
            TomlText.writeValue(
                List.of(7L, 9007199254740993L, 1.0, 2.5, 1e10, 1.5e-7, -0.0, Double.NaN)))
        .isEqualTo("[7, 9007199254740993, 1.0, 2.5, 10000000000.0, 0.00000015, -0.0, nan]");
    assertThat(TomlText.writeValue(List.of(1e-4, -6.748332515975726e18)))
        .isEqualTo("[0.0001, -6748332515975726000.0]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.25+01:00",
        "2026-01-02T03:04:00",
        "2026-01-02",
        "03:04:00"
      })
  void timesAreWrittenAsTheyWereRead(String time) throws TreeException {
    Map<String, Object> tree = TomlTree.parse("t = " + time, "test");

    assertThat(TomlText.write(tree)).isEqualTo("t = " + time + "\n");
  }

  @Test
  void whatIsWrittenReadsTheSame() throws TreeException {
    Map<String, Object> tree =
        TomlTree.parse(
            """
            "key with space" = "a\\nb\\"\\"\\"\\"c'''d\\\\\\u0001"
            'quote"' = 'x'
            "both\\"'" = ""
            "$x" = [[], [[1]], ["\\"\\"\\"\\n"]]
            [a."b.c".d]
            e = [true, 1979-05-27, inf]
            [[a.rows]]
            [[a.rows]]
            k.l = {}
            """,
            "test");

    assertThat(TomlTree.parse(TomlText.write(tree), "written")).isEqualTo(tree);
  }

  @Test
  void whatTomlCannotSayIsRefused() {
    assertThatThrownBy(() -> TomlText.writeValue(Locale.ROOT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.util.Locale");
  }
}
