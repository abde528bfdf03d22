package dev.monarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
  @Test
  void whatFitsIsShownAsItIs() {
    List<String> lines = List.of("one", "\u001b[32mtwo\u001b[0m", "");
    assertThat(Screen.fitting(lines, new Terminal.Size(3, 3))).isEqualTo(lines);
  }

  @Test
  void aLineIsCutToTheWidthAndItsColourEnds() {
    assertThat(
            Screen.fitting(
                List.of("a \u001b[1;31mconfirmed\u001b[0m member"), new Terminal.Size(1, 6)))
        .containsExactly("a \u001b[1;31mconf\u001b[0m");
  }

  @Test
  void theTopAndTheLastLineStayWhereThereAreTooManyLines() {
    assertThat(Screen.fitting(List.of("head", "a", "b", "c", "keys"), new Terminal.Size(3, 80)))
        .containsExactly("head", "a", "keys");
    assertThat(Screen.fitting(List.of("head", "a", "keys"), new Terminal.Size(1, 80)))
        .containsExactly("keys");
  }

  @Test
  void aSizeIsReadAndNoSizeIsNone() {
    assertThat(Terminal.size("24 80")).contains(new Terminal.Size(24, 80));
    assertThat(Terminal.size("0 0")).isEmpty();
    assertThat(Terminal.size("")).isEmpty();
    assertThat(Terminal.size("999999999999 80")).isEmpty();
  }
}
