package dev.monarch.wire;

import static dev.monarch.wire.DecodedAssert.accepted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.wire.Vectors.Vector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorsTest {
  static List<Vector> all() {
    return Vectors.all();
  }

  static List<Vector> datagrams() {
    return Vectors.datagrams();
  }

  static List<Vector> rumors() {
    return Vectors.rumors();
  }

  @Test
  void thereAreVectorsOfEveryKind() {
    assertThat(datagrams().stream().map(v -> v.fields().get("type")).distinct())
        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    assertThat(rumors().stream().map(v -> v.fields().get("type")).distinct())
        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 8L, 9L);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theEnvelopeOpensAndCloses(Vector vector) {
    assertThat(accepted(Envelope.unwrap(vector.wire().toArray(), vector.key())))
        .isEqualTo(vector.payload().toArray());
    byte[] again =
        vector.key().isPresent()
            ? Envelope.wrap(
                vector.payload().toArray(),
                vector.key().get(),
                vector.nonce().orElseThrow().toArray())
            : Envelope.wrap(vector.payload().toArray(), Optional.empty());
    assertThat(again).isEqualTo(vector.wire().toArray());
    assertThat(Envelope.sizeBytes(vector.payload().toArray().length, vector.key().isPresent()))
        .isEqualTo(vector.wire().toArray().length);
  }

  @ParameterizedTest
  @MethodSource("datagrams")
  void aDatagramSaysWhatWasObservedAndEncodesToTheSameBytes(Vector vector) {
    Swim message = accepted(SwimCodec.decode(vector.payload().toArray()));
    assertThat(Fields.of(message)).isEqualTo(vector.fields());
    assertThat(SwimCodec.encode(message)).isEqualTo(vector.payload().toArray());
    assertThat(SwimCodec.sizeBytes(message)).isEqualTo(vector.payload().toArray().length);
  }

  @ParameterizedTest
  @MethodSource("rumors")
  void aRumorSaysWhatWasObservedAndEncodesToTheSameBytes(Vector vector) {
    Rumor rumor = accepted(RumorCodec.decode(vector.payload().toArray()));
    assertThat(Fields.of(rumor)).isEqualTo(vector.fields());
    assertThat(RumorCodec.encode(rumor)).isEqualTo(vector.payload().toArray());
    assertThat(RumorCodec.sizeBytes(rumor)).isEqualTo(vector.payload().toArray().length);
  }
}
