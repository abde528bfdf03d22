package dev.monarch.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.monarch.checks.Check;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all kinds of keys; {@link RingKeyTest} tries the reading rules one by one. */
class KeyKindTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  static Stream<Arguments> publishedKeys() {
    return Stream.of(
        arguments(KeyKind.RING, Published.RING, "demo-20260102030405.sym.key"),
        arguments(KeyKind.SIGNING_SECRET, Published.ORIGIN_SECRET, "acme-20260102030405.sig.key"),
        arguments(KeyKind.SIGNING_PUBLIC, Published.ORIGIN_PUBLIC, "acme-20260102030405.pub"),
        arguments(KeyKind.BOX_SECRET, Published.USER_SECRET, "alice-20260102030405.box.key"),
        arguments(KeyKind.BOX_PUBLIC, Published.USER_PUBLIC, "alice-20260102030405.pub"),
        arguments(
            KeyKind.BOX_SECRET,
            Published.SERVICE_SECRET,
            "web.default@acme-20260102030406.box.key"),
        arguments(
            KeyKind.BOX_PUBLIC, Published.SERVICE_PUBLIC, "web.default@acme-20260102030406.pub"),
        arguments(KeyKind.BOX_SECRET, Published.BUILDER_SECRET, "acme-20260102030407.box.key"),
        arguments(KeyKind.BOX_PUBLIC, Published.BUILDER_PUBLIC, "acme-20260102030407.pub"));
  }

  @ParameterizedTest
  @MethodSource("publishedKeys")
  @Check("crypto-1")
  void aPublishedKeyIsReadAndWrittenByteForByte(KeyKind<?> kind, String text, String file)
      throws KeyException {
    Key key = kind.parse(text);

    assertThat(key.text()).isEqualTo(text);
    assertThat(key.fileName()).isEqualTo(file);
    assertThat(key.kind()).isSameAs(kind);
    assertThat(key).isEqualTo(kind.parse(text + "\n"));
  }

  @ParameterizedTest
  @MethodSource("publishedKeys")
  @Check({"crypto-2", "crypto-3"})
  void everyKindIsReadWithTheSameLeniency(KeyKind<?> kind, String text, String file)
      throws KeyException {
    Key key = kind.parse(text);

    assertThat(kind.parse(text.replace("\n", "\r\n"))).isEqualTo(key);
    assertThat(kind.parse(text.replace("\n\n", "\nremark\n") + "\nmore\nlines")).isEqualTo(key);
    assertThatThrownBy(() -> kind.parse(" " + text)).hasMessageContaining("Unsupported key");
    for (String wrong : new String[] {"2026010203040", "202601020304050", "20260102030405 x"}) {
      String revised = text.replaceFirst("-20260102[0-9]{6}", "-" + wrong);
      assertThatThrownBy(() -> kind.parse(revised))
          .isInstanceOf(KeyException.class)
          .hasMessageContaining("Cannot parse named revision");
    }
  }

  @ParameterizedTest
  @MethodSource("publishedKeys")
  void aKeyOfAnotherKindOrLengthIsNotTakenForOneOfThis(KeyKind<?> kind, String text, String file) {
    publishedKeys()
        .filter(other -> other.get()[0] != kind)
        .forEach(
            other ->
                assertThatThrownBy(() -> kind.parse(String.valueOf(other.get()[1])))
                    .isInstanceOf(KeyException.class)
                    .hasMessageContaining("Unsupported key version")
                    .hasMessageContaining(kind.header()));
    String shorter = text.substring(0, text.lastIndexOf('\n')) + "\nAAAA";
    assertThatThrownBy(() -> kind.parse(shorter))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("Could not parse bytes as key for");
  }

  @ParameterizedTest
  @MethodSource("publishedKeys")
  void noSecretIsShownByAccident(KeyKind<?> kind, String text, String file) throws KeyException {
    String material = text.substring(text.lastIndexOf('\n') + 1);

    assertThat(kind.parse(text).toString()).contains(kind.parse(text).name().toString());
    assertThat(kind.parse(text).toString()).doesNotContain(material);
  }

  @Test
  void theHalvesOfAnOriginsPairBelongTogether() throws KeyException {
    var pair = KeyPair.forSigning("acme", NOW, new SecureRandom());
    byte[] secret = material(pair.secretKey());

    assertThat(pair.name()).hasToString("acme-20260102030405");
    assertThat(secret).hasSize(64);
    assertThat(Arrays.copyOfRange(secret, 32, 64)).isEqualTo(material(pair.publicKey()));
    assertThat(KeyKind.SIGNING_SECRET.parse(pair.secretKey().text())).isEqualTo(pair.secretKey());
  }

  @Test
  void theHalvesOfABoxPairBelongTogetherAndNoTwoPairsAreTheSame() throws KeyException {
    var alice = KeyPair.forBoxes("alice", NOW, new SecureRandom());
    var web = KeyPair.forBoxes("web.default@acme", NOW, new SecureRandom());

    assertThat(material(alice.publicKey()))
        .isEqualTo(SharedKey.publicKey(material(alice.secretKey())));
    assertThat(SharedKey.of(material(alice.secretKey()), material(web.publicKey())).orElseThrow())
        .isEqualTo(
            SharedKey.of(material(web.secretKey()), material(alice.publicKey())).orElseThrow());
    assertThat(alice.secretKey())
        .isNotEqualTo(KeyPair.forBoxes("alice", NOW, new SecureRandom()).secretKey());
  }

  @Test
  void keysOfTwoNamesAreNoPair() throws KeyException {
    BoxPublicKey user = KeyKind.BOX_PUBLIC.parse(Published.USER_PUBLIC);
    BoxSecretKey service = KeyKind.BOX_SECRET.parse(Published.SERVICE_SECRET);

    assertThatThrownBy(() -> new KeyPair<>(user, service))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("alice-20260102030405");
  }

  private static byte[] material(Key key) {
    return Base64.getDecoder().decode(key.text().lines().toList().getLast());
  }
}
