package dev.monarch.cli.svc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.cli.Typed;
import dev.monarch.cli.ctl.Scene;
import dev.monarch.cli.ctl.ScriptedGateway;
import dev.monarch.supervisor.ctl.ControlGateway;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.FrameReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Our command against what an original Supervisor said, and our gateway against what it heard. */
class SceneTest {
  static final List<Scene> SCENES = Scene.all(SceneTest.class);

  /** Exit codes that we have otherwise, because the documentation says so. */
  private static final Map<String, Integer> EXITS = Map.of("status-unloaded", 2);

  @TempDir Path root;

  private Typed typed(String secret) {
    return new Typed()
        .with("FS_ROOT", root.toString())
        .with("HOME", root.toString())
        .with("HAB_CTL_SECRET", secret);
  }

  private Typed.Result play(Scene scene, ScriptedGateway gateway) {
    List<String> words = new ArrayList<>(scene.typed());
    words.addAll(List.of("--remote-sup", gateway.address()));
    return typed(scene.name().equals("wrong-secret") ? "wrong" : Scene.SECRET).hab(words);
  }

  @ParameterizedTest
  @FieldSource("SCENES")
  void aCommandPrintsWhatTheOriginalPrints(Scene scene) throws IOException {
    try (var gateway = ScriptedGateway.of(scene.server())) {
      Typed.Result result = play(scene, gateway);
      assertThat(result.out()).isEqualTo(scene.out());
      assertThat(result.err()).isEqualTo(scene.err());
      assertThat(result.exit()).isEqualTo(EXITS.getOrDefault(scene.name(), scene.exit()));
    }
  }

  @ParameterizedTest
  @FieldSource("SCENES")
  void aCommandSaysWhatTheOriginalSays(Scene scene) throws Exception {
    if (scene.name().equals("wrong-secret") || scene.typed().contains("update")) {
      return;
    }
    try (var gateway = ScriptedGateway.of(scene.server())) {
      play(scene, gateway);
      for (byte[] frame : scene.client()) {
        assertThat(gateway.heard()).isEqualTo(frame);
      }
    }
  }

  @Test
  @Check("control-51")
  void aLoadSaysEverythingAtItsDefault() throws Exception {
    aCommandSaysWhatTheOriginalSays(Scene.named(SCENES, "load"));
  }

  @ParameterizedTest
  @FieldSource("SCENES")
  void theGatewaySaysWhatTheOriginalSays(Scene scene) throws Exception {
    List<ControlReply> replies = scene.server().stream().skip(1).map(SceneTest::reply).toList();
    try (ControlGateway gateway =
            ControlGateway.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Scene.SECRET,
                (request, partial) -> {
                  replies.stream()
                      .limit(replies.size() - 1)
                      .forEach(reply -> partial.accept((ControlReply.Partial) reply));
                  return (ControlReply.Last) replies.getLast();
                });
        var client = new Socket(gateway.address().getAddress(), gateway.address().getPort())) {
      client.getOutputStream().write(joined(scene.client()));
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(joined(scene.server()));
    }
  }

  private static ControlReply reply(byte[] frame) {
    try {
      return accepted(
          ControlCodec.reply(
              accepted(
                  new FrameReader(new ByteArrayInputStream(frame))
                      .next(Frame.FRAME_BYTES_MAX)
                      .orElseThrow())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T accepted(Decoded<T> decoded) {
    if (decoded instanceof Accepted<T>(T value, int _)) {
      return value;
    }
    throw new AssertionError(decoded);
  }

  private static byte[] joined(List<byte[]> frames) {
    var all = new ByteArrayOutputStream();
    frames.forEach(all::writeBytes);
    return all.toByteArray();
  }
}
