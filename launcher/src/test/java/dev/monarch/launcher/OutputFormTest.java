package dev.monarch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputFormTest {
  private static String line(OutputForm form, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new String(form.line("web.default", "O", bytes, bytes.length), StandardCharsets.UTF_8);
  }

  @Test
  void aLineOfAServiceIsPrefixedAsTheOriginalDoes() {
    assertThat(line(new OutputForm(false, false), "hello")).isEqualTo("web.default(O): hello\n");
  }

  @Test
  void asJsonItIsOneObject() {
    String text = "say 'hi'\t\u0001".replace('\'', '"');
    assertThat(line(new OutputForm(true, true), text))
        .isEqualTo(
            """
            {"preamble":"web.default","logkey":"O","content":"say \\"hi\\"\\t\\u0001"}
            """);
  }

  @Test
  void coloursAreForTerminalsOnly() {
    assertThat(OutputForm.of(List.of(), true, false).colour()).isTrue();
    assertThat(OutputForm.of(List.of(), false, false).colour()).isFalse();
    assertThat(OutputForm.of(List.of(), true, true).colour()).isFalse();
    assertThat(OutputForm.of(List.of("run", "--no-color"), true, false).colour()).isFalse();
  }
}
