package dev.monarch.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.cli.Typed;
import dev.monarch.cli.ctl.Scene;
import dev.monarch.cli.ctl.ScriptedGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Our commands against what an original Supervisor said, and against what it heard. */
class ConfigScenesTest {
  static final List<Scene> SCENES = Scene.all(ConfigScenesTest.class);

  /** What was printed when the original printed nothing, as the specification asks. */
  private static final Map<String, String> SAID_MORE = Map.of("config-show", "port = 5432\n");

  @TempDir Path root;

  private Typed.Result play(Scene scene, ScriptedGateway gateway) throws IOException {
    Files.writeString(root.resolve("a.txt"), "hello\n");
    List<String> words = new ArrayList<>();
    scene.typed().forEach(word -> words.add(word.replace("/tmp/ring", root.toString())));
    words.addAll(List.of("--remote-sup", gateway.address()));
    return new Typed()
        .with("FS_ROOT", root.toString())
        .with("HOME", root.toString())
        .with("HAB_CTL_SECRET", Scene.SECRET)
        .input(scene.in())
        .hab(words);
  }

  @ParameterizedTest
  @FieldSource("SCENES")
  void aCommandPrintsWhatTheOriginalPrints(Scene scene) throws IOException {
    try (var gateway = new ScriptedGateway(scene.connections())) {
      Typed.Result result = play(scene, gateway);
      assertThat(result.out())
          .isEqualTo(
              SAID_MORE
                  .getOrDefault(scene.name(), scene.out())
                  .replace("/tmp/ring", root.toString())
                  .replace("127.0.7.9:9632", gateway.address()));
      assertThat(result.err()).isEqualTo(scene.err());
      assertThat(result.exit()).isEqualTo(scene.exit());
    }
  }

  @ParameterizedTest
  @FieldSource("SCENES")
  void aCommandSaysWhatTheOriginalSays(Scene scene) throws Exception {
    try (var gateway = new ScriptedGateway(scene.connections())) {
      play(scene, gateway);
      for (byte[] frame : scene.client()) {
        assertThat(gateway.heard()).isEqualTo(frame);
      }
      assertThat(gateway.unheard()).isZero();
    }
  }
}
