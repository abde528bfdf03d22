package dev.monarch.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.cli.Typed;
import dev.monarch.cli.ctl.Scene;
import dev.monarch.cli.ctl.ScriptedGateway;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ControlRequest.ServiceRequest;
import dev.monarch.wire.control.ControlRequest.SupervisorRequest;
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import dev.monarch.wire.control.ControlRequest.SvcGetDefaultCfg;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcValidateCfg;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.FrameReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
        assertThat(gateway.heard()).isEqualTo(withOurField(frame));
      }
      assertThat(gateway.unheard()).isZero();
    }
  }

  /** We say besides that we take lines before the answer, in a field that an original skips. */
  private static byte[] withOurField(byte[] frame) throws IOException {
    var read = new FrameReader(new ByteArrayInputStream(frame)).next(Frame.FRAME_BYTES_MAX);
    if (!(read.orElseThrow() instanceof Accepted<Frame>(Frame original, _))
        || !(ControlCodec.request(original)
            instanceof Accepted<ControlRequest>(ControlRequest request, _))) {
      return frame;
    }
    ControlRequest ours =
        switch (request) {
          case SvcSetCfg(
                  ServiceGroup group,
                  Bytes configuration,
                  long version,
                  boolean encrypted,
                  boolean _,
                  OptionalLong wait) ->
              new SvcSetCfg(group, configuration, version, encrypted, true, wait);
          case SvcFilePut(
                  ServiceGroup group,
                  Bytes content,
                  String name,
                  long version,
                  boolean encrypted,
                  boolean _) ->
              new SvcFilePut(group, content, name, version, encrypted, true);
          case SvcValidateCfg same -> same;
          case SvcGetDefaultCfg same -> same;
          case SupervisorRequest same -> same;
          case ServiceRequest same -> same;
        };
    byte[] said = ControlCodec.frame(original.transaction().orElseThrow(), ours).encode();
    // All the original said comes first, the lengths in the header aside.
    assertThat(Arrays.copyOfRange(said, 4, frame.length))
        .isEqualTo(Arrays.copyOfRange(frame, 4, frame.length));
    return said;
  }
}
