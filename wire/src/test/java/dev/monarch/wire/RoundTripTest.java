package dev.monarch.wire;

import static dev.monarch.wire.DecodedAssert.accepted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.wire.Decoded.Accepted;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever can be said arrives as it was said. The seed is in the name of the test. */
class RoundTripTest {
  private static final int MESSAGES = 5000;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void everyDatagramArrivesAsItWasSaid(long seed) {
    Messages messages = new Messages(new SplittableRandom(seed));
    for (int i = 0; i < MESSAGES; i++) {
      Swim message = messages.swim();
      byte[] bytes = SwimCodec.encode(message);
      assertThat(SwimCodec.sizeBytes(message)).isEqualTo(bytes.length);
      assertThat(SwimCodec.decode(bytes)).isEqualTo(new Accepted<>(message, 0));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 5, 6})
  void everyRumorArrivesAsItWasSaid(long seed) {
    Messages messages = new Messages(new SplittableRandom(seed));
    for (int i = 0; i < MESSAGES; i++) {
      Rumor rumor = messages.rumor();
      byte[] bytes = RumorCodec.encode(rumor);
      assertThat(RumorCodec.sizeBytes(rumor)).isEqualTo(bytes.length);
      assertThat(RumorCodec.decode(bytes)).isEqualTo(new Accepted<>(rumor, 0));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 7)
  void everyMembershipRecordArrivesAsItWasSaidAndHasTheSizeItAdds(long seed) {
    Messages messages = new Messages(new SplittableRandom(seed));
    for (int i = 0; i < MESSAGES; i++) {
      Membership record = messages.membership();
      assertThat(accepted(RumorCodec.decodeMembership(RumorCodec.encode(record))))
          .isEqualTo(record);
      Member from = messages.member();
      int without = SwimCodec.sizeBytes(new Swim.Ping(from, Optional.empty(), List.of()));
      int with = SwimCodec.sizeBytes(new Swim.Ping(from, Optional.empty(), List.of(record)));
      assertThat(with - without).isEqualTo(SwimCodec.sizeBytes(record));
    }
  }
}
