package dev.monarch.wire;

import static dev.monarch.wire.DecodedAssert.accepted;
import static dev.monarch.wire.DecodedAssert.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.RingKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final byte[] PAYLOAD = "butterfly".getBytes(StandardCharsets.US_ASCII);

  /** The key of the golden bytes in butterfly.md 3.2: 0, 1, 2, … 31. */
  private static final RingKey KEY = key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

  private static final RingKey OTHER_KEY = key("HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
  private static final byte[] NONCE = counting(24);

  private static final String GOLDEN_PING =
      "080112340a320a203030303030303030303030303030303030303030303030303030303030303031"
          + "10071a0020a64b28a64b300038004000";

  @Test
  void aPayloadInClearIsOneField() {
    byte[] ping = HexFormat.of().parseHex(GOLDEN_PING);
    assertThat(hex(Envelope.wrap(ping, Optional.empty()))).isEqualTo("1a38" + GOLDEN_PING);
  }

  @Test
  @Check("butterfly-7")
  void theOriginalsSealedMessagesAreMadeToTheByteAndOpened() {
    byte[] ping = HexFormat.of().parseHex(GOLDEN_PING);
    byte[] sealed = Envelope.wrap(ping, KEY, NONCE);
    assertThat(hex(sealed))
        .isEqualTo(
            "08011218000102030405060708090a0b0c0d0e0f10111213141516171a4837dd68282decd1d9358b9482"
                + "280945fb56fe2a7bcdf8a8308b0cbf0e58bf7aa7629576efbc150fdf279257a465f791d1b3ebc5e5"
                + "7580c533a98afa995ac0e06b850a589fcb979c4f");
    assertThat(accepted(Envelope.unwrap(sealed, Optional.of(KEY)))).isEqualTo(ping);
    assertThat(hex(Envelope.wrap(PAYLOAD, KEY, NONCE)))
        .endsWith("1a1903bf9d5c375fb8c6e804dacd4c8ed90c3c8a4c3ba2b8c47cc2");
  }

  @Test
  @Check("butterfly-7")
  void noNonceIsUsedTwiceInTenThousandMessages() {
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      byte[] sealed = Envelope.wrap(PAYLOAD, Optional.of(KEY));
      nonces.add(hex(Arrays.copyOfRange(sealed, 4, 28)));
    }
    assertThat(nonces).hasSize(10_000);
  }

  @Test
  @Check("butterfly-4")
  void anEmptyDatagramIsRejected() {
    assertRejected(Envelope.unwrap(new byte[0], Optional.empty()), Rejection.ENVELOPE);
    assertRejected(Envelope.unwrap(new byte[0], Optional.of(KEY)), Rejection.ENVELOPE);
  }

  @Test
  @Check("butterfly-4")
  void anEnvelopeWithoutPayloadIsRejected() {
    byte[] wire = Proto.message().number(1, 1).bytes(2, 1, 2, 3).toBytes();
    assertRejected(Envelope.unwrap(wire, Optional.empty()), Rejection.ENVELOPE);
  }

  @Test
  @Check("butterfly-4")
  void randomBytesAreRejected() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] noise = new byte[64];
      random.nextBytes(noise);
      noise[0] = (byte) 0xFF;
      noise[1] &= 0x7F;
      assertThat(Envelope.unwrap(noise, Optional.of(KEY))).isInstanceOf(Decoded.Rejected.class);
    }
  }

  @Test
  @Check("butterfly-5")
  void whatTheEncryptedFlagSaysDoesNotMatter() {
    byte[] box = KEY.seal(NONCE, PAYLOAD);
    for (Proto flag : List.of(Proto.message(), Proto.message().number(1, 0))) {
      byte[] sealed = flag.bytes(2, ints(NONCE)).bytes(3, ints(box)).toBytes();
      assertThat(accepted(Envelope.unwrap(sealed, Optional.of(KEY)))).isEqualTo(PAYLOAD);
    }
    byte[] clear = Proto.message().number(1, 1).bytes(2, 1).bytes(3, ints(PAYLOAD)).toBytes();
    assertThat(accepted(Envelope.unwrap(clear, Optional.empty()))).isEqualTo(PAYLOAD);
  }

  @Test
  @Check("butterfly-6")
  void whoHasAKeyRejectsWhatIsInClear() {
    byte[] clear = Envelope.wrap(PAYLOAD, Optional.empty());
    assertRejected(Envelope.unwrap(clear, Optional.of(KEY)), Rejection.NONCE_MISSING);
  }

  @Test
  @Check("butterfly-6")
  void whoHasNoKeySurvivesWhatIsSealed() {
    byte[] ping = HexFormat.of().parseHex(GOLDEN_PING);
    byte[] sealed = Envelope.wrap(ping, KEY, NONCE);
    byte[] box = accepted(Envelope.unwrap(sealed, Optional.empty()));
    assertThat(SwimCodec.decode(box)).isInstanceOf(Decoded.Rejected.class);
    assertThat(RumorCodec.decode(box)).isInstanceOf(Decoded.Rejected.class);
  }

  @Test
  void anotherKeyDoesNotOpen() {
    byte[] sealed = Envelope.wrap(PAYLOAD, Optional.of(OTHER_KEY));
    assertRejected(Envelope.unwrap(sealed, Optional.of(KEY)), Rejection.AUTHENTICATION);
  }

  @Test
  void aSealedPayloadThatWasChangedAnywhereDoesNotOpen() {
    byte[] sealed = Envelope.wrap(PAYLOAD, KEY, NONCE);
    for (int i = 4; i < sealed.length; i++) {
      if (i < 28 || i > 29) {
        byte[] changed = sealed.clone();
        changed[i] ^= 1;
        assertRejected(Envelope.unwrap(changed, Optional.of(KEY)), Rejection.AUTHENTICATION);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16})
  void aBoxTooShortToHoldAMessageIsRejected(int length) {
    byte[] wire = Proto.message().bytes(2, ints(NONCE)).bytes(3, ints(counting(length))).toBytes();
    assertRejected(Envelope.unwrap(wire, Optional.of(KEY)), Rejection.AUTHENTICATION);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 23, 25})
  void aNonceOfAnotherLengthIsRejected(int length) {
    byte[] wire =
        Proto.message().bytes(2, ints(counting(length))).bytes(3, ints(PAYLOAD)).toBytes();
    assertRejected(Envelope.unwrap(wire, Optional.of(KEY)), Rejection.NONCE_MISSING);
  }

  @Test
  void aRingThatChangesItsKeyOpensWithEitherOfThem() {
    List<RingKey> keys = List.of(OTHER_KEY, KEY);
    for (RingKey sender : keys) {
      byte[] sealed = Envelope.wrap(PAYLOAD, Optional.of(sender));
      assertThat(accepted(Envelope.unwrap(sealed, keys))).isEqualTo(PAYLOAD);
    }
    byte[] stranger = Envelope.wrap(PAYLOAD, Optional.of(key("A".repeat(43) + "=")));
    assertRejected(Envelope.unwrap(stranger, keys), Rejection.AUTHENTICATION);
  }

  @Test
  @Check("butterfly-14")
  void unknownFieldsAreIgnored() {
    for (int field : List.of(4, 1000, 536_870_911)) {
      byte[] wire =
          Proto.message()
              .unknownFields(field)
              .bytes(3, ints(PAYLOAD))
              .unknownFields(field)
              .toBytes();
      assertThat(accepted(Envelope.unwrap(wire, Optional.empty()))).isEqualTo(PAYLOAD);
    }
  }

  @Test
  void aKnownFieldOfAnotherWireTypeIsRejected() {
    for (Proto wrong :
        List.of(
            Proto.message().text(1, "yes"),
            Proto.message().number(2, 1),
            Proto.message().number(3, 1))) {
      byte[] wire = wrong.bytes(3, ints(PAYLOAD)).toBytes();
      assertRejected(Envelope.unwrap(wire, Optional.empty()), Rejection.ENVELOPE);
    }
  }

  @Test
  void theLastOfTwoPayloadsCounts() {
    byte[] wire = Proto.message().bytes(3, 1).bytes(3, 2).toBytes();
    assertThat(accepted(Envelope.unwrap(wire, Optional.empty()))).containsExactly(2);
  }

  @Test
  void anEnvelopeBeyondTheLongestRumorIsRejected() {
    byte[] longest = Envelope.wrap(new byte[RumorCodec.RUMOR_BYTES_MAX], Optional.of(KEY));
    assertThat(longest.length).isLessThanOrEqualTo(Envelope.ENVELOPE_BYTES_MAX);
    assertThat(accepted(Envelope.unwrap(longest, Optional.of(KEY))))
        .hasSize(RumorCodec.RUMOR_BYTES_MAX);
    byte[] tooLong = new byte[Envelope.ENVELOPE_BYTES_MAX + 1];
    assertRejected(Envelope.unwrap(tooLong, Optional.of(KEY)), Rejection.OVERSIZED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 111, 112, 127, 128, 16_367, 16_368, 16_383, 16_384, 70_000})
  void theSizeIsKnownBeforehand(int length) {
    byte[] payload = new byte[length];
    assertThat(Envelope.sizeBytes(length, false))
        .isEqualTo(Envelope.wrap(payload, Optional.empty()).length);
    assertThat(Envelope.sizeBytes(length, true))
        .isEqualTo(Envelope.wrap(payload, Optional.of(KEY)).length);
  }

  @Test
  void manyThreadsMaySealAtOnce() {
    long distinct =
        IntStream.range(0, 2000)
            .parallel()
            .mapToObj(i -> Envelope.wrap(PAYLOAD, Optional.of(KEY)))
            .filter(wire -> Arrays.equals(PAYLOAD, opened(wire)))
            .map(EnvelopeTest::hex)
            .distinct()
            .count();
    assertThat(distinct).isEqualTo(2000);
  }

  private static byte[] opened(byte[] sealed) {
    return accepted(Envelope.unwrap(sealed, Optional.of(KEY)));
  }

  private static RingKey key(String base64) {
    try {
      return RingKey.parse("SYM-SEC-1\nring-20260101000000\n\n" + base64);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static int[] ints(byte[] bytes) {
    return IntStream.range(0, bytes.length).map(i -> bytes[i]).toArray();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
