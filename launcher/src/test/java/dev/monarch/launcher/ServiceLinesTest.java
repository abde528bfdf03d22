package dev.monarch.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceLinesTest {
  private final List<String> lines = new ArrayList<>();
  private final ServiceLines cutter =
      new ServiceLines(
          (bytes, length) -> lines.add(new String(bytes, 0, length, StandardCharsets.US_ASCII)));

  private void take(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    cutter.take(bytes, bytes.length);
  }

  @Test
  void aLineMayComeInPieces() {
    take("on");
    take("e\ntw");
    take("o\n");
    assertThat(lines).containsExactly("one", "two");
  }

  @Test
  void anEmptyLineIsALine() {
    take("\n\na\n");
    assertThat(lines).containsExactly("", "", "a");
  }

  @Test
  void aLastLineThatWasNotEndedIsALineToo() {
    take("one\ntwo");
    assertThat(lines).containsExactly("one");
    cutter.end();
    assertThat(lines).containsExactly("one", "two");
  }

  @Test
  void aLineWithoutEndIsCutAndNoByteIsLost() {
    int pieces = 5;
    for (int i = 0; i < pieces * ServiceLines.PIECE_BYTES_MAX / 1024; i++) {
      take("x".repeat(1024));
    }
    take("y\n");
    assertThat(lines).hasSize(pieces + 1);
    assertThat(String.join("", lines))
        .isEqualTo("x".repeat(pieces * ServiceLines.PIECE_BYTES_MAX) + "y");
  }

  @Test
  void aLineOfExactlyTheLimitIsOneLine() {
    take("x".repeat(ServiceLines.PIECE_BYTES_MAX) + "\nnext\n");
    assertThat(lines).containsExactly("x".repeat(ServiceLines.PIECE_BYTES_MAX), "next");
  }
}
