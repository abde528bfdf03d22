package dev.monarch.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.checks.Check;
import dev.monarch.supervisor.config.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** control.md 5.2. */
class ControlSecretTest {
  @TempDir Path root;
  private Layout layout;

  @BeforeEach
  void layOut() throws IOException {
    layout = Layout.of(Map.of("FS_ROOT", root.toString()));
    Files.createDirectories(layout.controlSecret().getParent());
  }

  @Test
  void aSecretThatWasMadeIsTheOneThatIsRead() throws Exception {
    ControlSecret.makeIfMissing(layout);
    assertThat(ControlSecret.read(layout)).hasSize(88).endsWith("==");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\n", " \t\n", ""})
  @Check("control-4")
  void blanksBehindASecretDoNotBelongToIt(String behind) throws Exception {
    Files.writeString(layout.controlSecret(), " se cret" + behind);
    assertThat(ControlSecret.read(layout)).isEqualTo(" se cret");
  }

  @Test
  void aSecretOfBlanksIsNone() throws IOException {
    Files.writeString(layout.controlSecret(), " \n");
    assertThatThrownBy(() -> ControlSecret.read(layout))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("found nothing but blanks");
  }

  @Test
  void aSecretThatIsADirectoryIsToldWithARemedy() throws IOException {
    Files.createDirectories(layout.controlSecret());
    assertThatThrownBy(() -> ControlSecret.read(layout))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("expected to read the control secret from " + layout.controlSecret());
  }
}
