package dev.monarch.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.monarch.checks.Check;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingKeyTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String MATERIAL = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String DEMO = "SYM-SEC-1\ndemo-20260102030405\n\n" + MATERIAL;
  private static final byte[] NONCE =
      HEX.parseHex("000102030405060708090a0b0c0d0e0f1011121314151617");

  /** The last message is the golden Ping of butterfly.md 2.6. */
  @ParameterizedTest
  @CsvSource({
    "627574746572666c79, 03bf9d5c375fb8c6e804dacd4c8ed90c3c8a4c3ba2b8c47cc2",
    "68656c6c6f2072696e67, d045ef0e2ddd183087c5829833e640b2369a5423a8ead079d55b",
    "080112340a320a203030303030303030303030303030303030303030303030303030303030303031"
        + "10071a0020a64b28a64b300038004000,"
        + "37dd68282decd1d9358b9482280945fb56fe2a7bcdf8a8308b0cbf0e58bf7aa7629576efbc150fdf"
        + "279257a465f791d1b3ebc5e57580c533a98afa995ac0e06b850a589fcb979c4f",
  })
  @Check({"butterfly-7", "crypto-7"})
  void thePublishedVectorsAreReproducedAndOpened(String message, String box) throws KeyException {
    RingKey key = RingKey.parse(DEMO);

    assertThat(key.seal(NONCE, HEX.parseHex(message))).isEqualTo(HEX.parseHex(box));
    assertThat(key.open(NONCE, HEX.parseHex(box)).map(HEX::formatHex)).contains(message);
  }

  @Test
  @Check("butterfly-7")
  void tenThousandNoncesAreAllDifferent() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      byte[] nonce = RingKey.freshNonce();
      assertThat(nonce).hasSize(24);
      seen.add(HEX.formatHex(nonce));
    }
    assertThat(seen).hasSize(10_000);
  }

  @Test
  void aBoxWithAnyBitFlippedDoesNotOpen() throws KeyException {
    RingKey key = RingKey.parse(DEMO);
    byte[] box = key.seal(NONCE, "hello ring".getBytes(US_ASCII));

    for (int bit = 0; bit < box.length * 8; bit++) {
      byte[] damaged = box.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(key.open(NONCE, damaged)).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void aBoxDoesNotOpenWithAnotherKeyOrNonceNorWhenCutShort() throws KeyException {
    RingKey key = RingKey.parse(DEMO);
    byte[] box = key.seal(NONCE, new byte[0]);
    assertThat(box).hasSize(RingKey.TAG_BYTES);
    assertThat(key.open(NONCE, box)).hasValueSatisfying(m -> assertThat(m).isEmpty());

    RingKey other = RingKey.generate("demo", Instant.EPOCH, new SecureRandom());
    assertThat(other.open(NONCE, box)).isEmpty();
    assertThat(key.open(new byte[24], box)).isEmpty();
    assertThat(key.open(NONCE, HEX.parseHex("00112233445566778899aabbccddee"))).isEmpty();
  }

  @Test
  void messagesOfEveryLengthAroundTheCiphersBlocksComeBack() throws KeyException {
    RingKey key = RingKey.parse(DEMO);
    var random = new SecureRandom();
    for (int length = 0; length <= 200; length++) {
      byte[] message = new byte[length];
      random.nextBytes(message);
      byte[] nonce = RingKey.freshNonce();
      assertThat(key.open(nonce, key.seal(nonce, message)))
          .hasValueSatisfying(opened -> assertThat(opened).isEqualTo(message));
    }
  }

  @Test
  void manyThreadsMaySealWithOneKey() throws KeyException {
    RingKey key = RingKey.parse(DEMO);
    byte[] message = "hello ring".getBytes(US_ASCII);
    byte[] box = key.seal(NONCE, message);

    boolean allRight =
        IntStream.range(0, 20_000)
            .parallel()
            .allMatch(
                i ->
                    Arrays.equals(key.seal(NONCE, message), box)
                        && key.open(NONCE, box).isPresent());
    assertThat(allRight).isTrue();
  }

  @Test
  void aKeysTextIsWrittenByteForByteAsItWasPublished() throws KeyException {
    assertThat(RingKey.parse(DEMO).text()).isEqualTo(DEMO);
    assertThat(RingKey.parse(DEMO).fileName()).isEqualTo("demo-20260102030405.sym.key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        DEMO,
        DEMO + "\n",
        DEMO + "\n\nmore\n",
        "SYM-SEC-1\r\ndemo-20260102030405\r\n\r\n" + MATERIAL + "\r\n",
        "SYM-SEC-1\ndemo-20260102030405\nanything\n \t" + MATERIAL + " \t",
      })
  @Check({"butterfly-8", "crypto-2"})
  void lineEndsBlanksAroundTheKeyAndWhatFollowsDoNotMatter(String text) throws KeyException {
    assertThat(RingKey.parse(text)).isEqualTo(RingKey.parse(DEMO));
  }

  static Stream<Arguments> whatIsNoKey() {
    String thirtyOneBytes = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==";
    return Stream.of(
        arguments("", "Missing key version"),
        arguments("\n", "Unsupported key version: ;"),
        arguments(" " + DEMO, "Unsupported key version:  SYM-SEC-1;"),
        arguments("SYM-SEC-2\nx", "Unsupported key version: SYM-SEC-2;"),
        arguments(DEMO.replace("SYM", "BOX"), "Unsupported key version: BOX-SEC-1;"),
        arguments("SYM-SEC-1\n", "Missing name+revision;"),
        arguments("SYM-SEC-1\n\n", "Cannot parse named revision '';"),
        arguments(withName("demo"), "Cannot parse named revision 'demo';"),
        arguments(withName("-20260102030405"), "Cannot parse named revision '-20260102030405'"),
        arguments(withName("d-2026010203040"), "Cannot parse named revision 'd-2026010203040'"),
        arguments(withName("d-202601020304050"), "named revision 'd-202601020304050'"),
        arguments(withName("d-20260102030405 "), "named revision 'd-20260102030405 '"),
        arguments("SYM-SEC-1\nd-20260102030405\n\n", "Missing key material;"),
        arguments(withMaterial(""), "Missing key material;"),
        arguments(withMaterial("\n"), "Could not parse bytes as key for demo-20260102030405;"),
        arguments(withMaterial("AAEC AwQF"), "Invalid base64 key material;"),
        arguments(withMaterial(MATERIAL.replace("=", "")), "Invalid base64 key material;"),
        arguments(withMaterial(MATERIAL.replace("8=", "9=")), "Invalid base64 key material;"),
        arguments(withMaterial(thirtyOneBytes), "Could not parse bytes as key for demo-2026"),
        arguments(withMaterial("AAAA" + MATERIAL), "Could not parse bytes as key for demo-2026"));
  }

  @ParameterizedTest
  @MethodSource("whatIsNoKey")
  @Check({"butterfly-8", "crypto-2", "crypto-3"})
  void whatIsNoKeyIsRefusedInTheOriginalsWords(String text, String problem) {
    assertThatThrownBy(() -> RingKey.parse(text))
        .isInstanceOf(KeyException.class)
        .message()
        .startsWith("Crypto error: ")
        .contains(problem)
        .doesNotContain("\n")
        .doesNotContain("AwQF");
  }

  /** The usual accident with an environment variable: backslash and n instead of line ends. */
  @Test
  void aKeyOnASingleLineIsRefusedWithoutShowingItsBytes() {
    assertThatThrownBy(() -> RingKey.parse(DEMO.replace("\n", "\\n")))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("four lines")
        .message()
        .doesNotContain("AwQF");
  }

  @Test
  void aGeneratedKeyIsNamedAfterTheRingAndTheSecond() throws KeyException {
    Instant now = Instant.parse("2026-01-02T03:04:05.999Z");
    RingKey key = RingKey.generate("a-b.c@d", now, new SecureRandom());

    assertThat(key.name()).isEqualTo(new NamedRevision("a-b.c@d", "20260102030405"));
    assertThat(RingKey.parse(key.text())).isEqualTo(key);
    assertThat(key).isNotEqualTo(RingKey.generate("a-b.c@d", now, new SecureRandom()));
  }

  @Test
  void aKeyShownToAPersonIsItsNameOnly() throws KeyException {
    assertThat(RingKey.parse(DEMO)).hasToString("RingKey[demo-20260102030405]");
  }

  private static String withName(String line) {
    return DEMO.replace("demo-20260102030405", line);
  }

  private static String withMaterial(String line) {
    return DEMO.replace(MATERIAL, line);
  }
}
