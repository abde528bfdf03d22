package dev.monarch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class MessageCodecTest {
  private static final SpawnRequest SERVICE =
      new SpawnRequest(
          "web.default@acme",
          Path.of("/hab/svc/web/run"),
          Map.of("PATH", "/bin", "GREETING", "grüß dich"),
          Optional.of(new RunAs("hab", "hab")),
          Signal.QUIT,
          Duration.ofMillis(1500),
          new ProcessTag(ProcessTag.NUMBER_MIN + 7));

  static final List<Message> MESSAGES =
      List.of(
          new Message.Register(1, Message.VERSION, 4711),
          new Message.Spawn(2, SERVICE),
          new Message.Spawn(3, Scripts.service("db.blue", Path.of("/db"))),
          new Message.SignalTo(4, 77, Signal.HUP),
          new Message.ListRunning(5),
          new Message.Done(6),
          new Message.Spawned(7, 78),
          new Message.Running(8, List.of()),
          new Message.Running(
              9,
              List.of(
                  new RunningService(
                      "web.default",
                      79,
                      Instant.ofEpochMilli(1_234_567),
                      new ProcessTag(ProcessTag.NUMBER_MIN)))),
          new Message.Refused(10, "expected this, found that"),
          new Message.Told(new LauncherEvent.Exited("web.default", 80, new ExitStatus.Code(143))),
          new Message.Told(new LauncherEvent.Exited("web.default", 81, new ExitStatus.Killed(15))),
          new Message.Told(new LauncherEvent.ShutdownRequested()),
          new Message.Told(new LauncherEvent.RestartRequested()));

  private static byte[] body(Message message) {
    byte[] frame = MessageCodec.encode(message);
    return Arrays.copyOfRange(frame, Integer.BYTES, frame.length);
  }

  @ParameterizedTest
  @FieldSource("MESSAGES")
  void everyMessageComesBackAsItWas(Message message) throws IOException {
    assertThat(MessageCodec.decode(body(message))).isEqualTo(message);
  }

  @ParameterizedTest
  @FieldSource("MESSAGES")
  void noPartOfAMessageIsOne(Message message) {
    byte[] body = body(message);
    for (int length = 0; length < body.length; length++) {
      byte[] part = Arrays.copyOf(body, length);
      assertThatThrownBy(() -> MessageCodec.decode(part)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aMessageWithMoreBehindItIsNone() {
    byte[] body = body(new Message.Done(1));
    assertThatThrownBy(() -> MessageCodec.decode(Arrays.copyOf(body, body.length + 1)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void damagedMessagesAreMessagesOrErrorsAndNothingElse() {
    SplittableRandom random = new SplittableRandom(4711);
    int read = 0;
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] body = body(MESSAGES.get(random.nextInt(MESSAGES.size())));
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      try {
        assertThat(MessageCodec.decode(body)).isNotNull();
        read++;
      } catch (IOException notAMessage) {
        refused++;
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void anEnvironmentThatIsTooLargeIsRefused() {
    var request =
        new SpawnRequest(
            "web.default",
            Path.of("/run"),
            Map.of("HUGE", "x".repeat(MessageCodec.FRAME_BYTES_MAX)),
            Optional.empty(),
            Signal.TERM,
            Duration.ZERO,
            ProcessTag.random());
    assertThatThrownBy(() -> MessageCodec.encode(new Message.Spawn(1, request)))
        .hasMessageContaining("expected a message of at most");
  }
}
