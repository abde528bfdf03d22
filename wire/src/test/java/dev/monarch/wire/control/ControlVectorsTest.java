package dev.monarch.wire.control;

import static dev.monarch.wire.DecodedAssert.accepted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.wire.control.ControlVectors.Vector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlVectorsTest {
  static List<Vector> all() {
    return ControlVectors.all();
  }

  /** Messages that only we have. */
  private static final Set<String> OURS = Set.of("SvcStepDown");

  @Test
  void theOriginalWasHeardSayingEveryMessage() {
    Set<String> heard = all().stream().map(Vector::message).collect(Collectors.toSet());
    Set<String> known =
        Stream.of(leaves(ControlRequest.class), leaves(ControlReply.class), List.of("Handshake"))
            .flatMap(List::stream)
            .filter(name -> !OURS.contains(name))
            .collect(Collectors.toSet());
    assertThat(heard).isEqualTo(known);
  }

  private static List<String> leaves(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(one -> one.isSealed() ? leaves(one).stream() : Stream.of(one.getSimpleName()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aFrameSaysWhatWasObservedAndEncodesToTheSameBytes(Vector vector) throws IOException {
    Frame frame = read(vector);
    assertThat(frame.messageId()).isEqualTo(vector.message());
    assertThat(frame.body()).isEqualTo(vector.body());
    assertThat(frame.transaction())
        .contains(new Transaction(vector.transaction(), vector.response(), vector.complete()));
    assertThat(frame.encode()).isEqualTo(vector.wire().toArray());
  }

  @ParameterizedTest
  @MethodSource("all")
  void aMessageEncodesToTheSameBytes(Vector vector) throws IOException {
    Frame frame = read(vector);
    Transaction transaction = frame.transaction().orElseThrow();
    Frame again =
        switch (vector.message()) {
          case "Handshake" ->
              ControlCodec.frame(transaction, accepted(ControlCodec.handshake(frame)));
          case String _ when vector.fromClient() ->
              ControlCodec.frame(transaction, accepted(ControlCodec.request(frame)));
          default -> ControlCodec.frame(transaction, accepted(ControlCodec.reply(frame)));
        };
    assertThat(again.encode()).isEqualTo(vector.wire().toArray());
  }

  private static Frame read(Vector vector) throws IOException {
    var reader = new FrameReader(new ByteArrayInputStream(vector.wire().toArray()));
    Frame frame = accepted(reader.next(Frame.FRAME_BYTES_MAX).orElseThrow());
    assertThat(reader.next(Frame.FRAME_BYTES_MAX)).isEmpty();
    return frame;
  }
}
