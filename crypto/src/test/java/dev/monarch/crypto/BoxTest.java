package dev.monarch.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.monarch.checks.Check;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoxTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] NONCE =
      HEX.parseHex("000102030405060708090a0b0c0d0e0f1011121314151617");
  private static final byte[] MESSAGE = "port = 7000\n".getBytes(UTF_8);

  /** The vector of crypto-and-packages.md 3.1. */
  private static final String PUBLISHED =
      """
      BOX-1
      alice-20260102030405
      web.default@acme-20260102030406
      AAECAwQFBgcICQoLDA0ODxAREhMUFRYX
      fMtKN4lzcjmYEk6pkJ/2FWgsnb/KFrFZszVyOw==\
      """;

  @TempDir private Path directory;

  private static BoxSecretKey userSecret() throws KeyException {
    return KeyKind.BOX_SECRET.parse(Published.USER_SECRET);
  }

  private static BoxPublicKey userPublic() throws KeyException {
    return KeyKind.BOX_PUBLIC.parse(Published.USER_PUBLIC);
  }

  private static BoxSecretKey serviceSecret() throws KeyException {
    return KeyKind.BOX_SECRET.parse(Published.SERVICE_SECRET);
  }

  private static BoxPublicKey servicePublic() throws KeyException {
    return KeyKind.BOX_PUBLIC.parse(Published.SERVICE_PUBLIC);
  }

  @Test
  @Check("crypto-7")
  void thePublishedBoxIsReproducedAndOpened() throws KeyException {
    assertThat(Box.seal(NONCE, MESSAGE, userSecret(), servicePublic()).text())
        .asString(UTF_8)
        .isEqualTo(PUBLISHED);
    assertThat(Box.parse(PUBLISHED.getBytes(UTF_8)).open(userPublic(), serviceSecret()))
        .isEqualTo(MESSAGE);
  }

  /** Sealed by libsodium's crypto_box_seal, with an ephemeral key that nobody can choose. */
  @Test
  @Check("crypto-7")
  void thePublishedAnonymousBoxIsOpened() throws KeyException {
    String text =
        "ANONYMOUS-BOX-1\nacme-20260102030407\n"
            + "Z13VdO13iTELPS52gfN5C0ZsdzsVIf7PNld5WDcepS9yUCKN1+M0+gpEN1T5VKYGS2PL5feW";
    AnonymousBox box = AnonymousBox.parse(text);

    assertThat(box.receiver()).hasToString("acme-20260102030407");
    assertThat(box.open(KeyKind.BOX_SECRET.parse(Published.BUILDER_SECRET)))
        .asString(UTF_8)
        .isEqualTo("s3cr3t");
    assertThat(box.text()).isEqualTo(text);
  }

  @Test
  void anAnonymousBoxOpensForItsReceiverOnly() throws KeyException {
    BoxPublicKey receiver = KeyKind.BOX_PUBLIC.parse(Published.BUILDER_PUBLIC);
    AnonymousBox box = AnonymousBox.seal(MESSAGE, receiver, new SecureRandom());

    assertThat(
            AnonymousBox.parse(box.text()).open(KeyKind.BOX_SECRET.parse(Published.BUILDER_SECRET)))
        .isEqualTo(MESSAGE);
    assertThatThrownBy(() -> box.open(serviceSecret()))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("could not decrypt");
    for (String wrong :
        List.of("", "BOX-1\n", "ANONYMOUS-BOX-1", "ANONYMOUS-BOX-1\na", box.text() + "=")) {
      assertThatThrownBy(() -> AnonymousBox.parse(wrong)).isInstanceOf(KeyException.class);
    }
    AnonymousBox cut = AnonymousBox.parse("ANONYMOUS-BOX-1\nacme-20260102030407\nAAAA");
    assertThatThrownBy(() -> cut.open(serviceSecret())).isInstanceOf(KeyException.class);
  }

  @Test
  void aSealedMessageComesBackAndNoTwoBoxesAreTheSame() throws KeyException {
    Box one = Box.seal(MESSAGE, userSecret(), servicePublic());
    Box other = Box.seal(MESSAGE, userSecret(), servicePublic());

    assertThat(one.text()).isNotEqualTo(other.text());
    assertThat(Box.parse(one.text()).open(userPublic(), serviceSecret())).isEqualTo(MESSAGE);
    assertThat(one.sender()).isEqualTo(userPublic().name());
    assertThat(one.receiver()).isEqualTo(serviceSecret().name());
    assertThat(one.toString())
        .doesNotContain(new String(one.text(), UTF_8).lines().toList().get(4));
  }

  @Test
  void carriageReturnsAndWhatFollowsDoNotMatter() throws KeyException {
    String text = PUBLISHED.replace("\n", "\r\n") + "\r\nmore";

    assertThat(Box.parse(text.getBytes(UTF_8)).open(userPublic(), serviceSecret()))
        .isEqualTo(MESSAGE);
  }

  static Stream<Arguments> whatIsNoBox() {
    return Stream.of(
        arguments("", "Corrupt payload, can't read version"),
        arguments(" " + PUBLISHED, "Unsupported version:  BOX-1;"),
        arguments(PUBLISHED.replace("BOX-1", "BOX-2"), "Unsupported version: BOX-2;"),
        arguments("BOX-1", "Corrupt payload, can't read encryptor identifier"),
        arguments("BOX-1\nalice-20260102030405", "Corrupt payload, can't read decryptor key name"),
        arguments(PUBLISHED.replace("alice-2026", "alice-026"), "Cannot parse named revision"),
        arguments(head(3), "Corrupt payload, can't read nonce"),
        arguments(
            PUBLISHED.replace("acme-20260102030406\n", "acme-20260102030406\n\n"),
            "Invalid size of nonce"),
        arguments(PUBLISHED.replace("AAECAwQ", " AAECAwQ"), "Can't decode nonce"),
        arguments(PUBLISHED.replace("EhMUFRYX", "EhMUFRY="), "Invalid size of nonce"),
        arguments(head(4), "Corrupt payload, can't read ciphertext"),
        arguments(PUBLISHED.replace("Ow==", "Ow="), "Can't decode ciphertext"));
  }

  @ParameterizedTest
  @MethodSource("whatIsNoBox")
  @Check("crypto-8")
  void whatIsNoBoxIsRefusedInTheOriginalsWords(String text, String problem) {
    assertThatThrownBy(() -> Box.parse(text.getBytes(UTF_8)))
        .isInstanceOf(KeyException.class)
        .hasMessageStartingWith("Crypto error: " + problem)
        .message()
        .hasLineCount(1);
  }

  @Test
  void bytesThatAreNoTextAreNoBox() {
    assertThatThrownBy(() -> Box.parse(new byte[] {'B', 'O', 'X', (byte) 0xff}))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("a box is five lines");
  }

  @Test
  @Check("crypto-8")
  void aBoxWithAnyBitFlippedDoesNotOpen() throws KeyException {
    byte[] sealed = TextLines.base64("fMtKN4lzcjmYEk6pkJ/2FWgsnb/KFrFZszVyOw==").orElseThrow();
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] damaged = sealed.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      Box box = Box.parse((head(4) + "\n" + TextLines.base64(damaged)).getBytes(UTF_8));
      assertThatThrownBy(() -> box.open(userPublic(), serviceSecret()))
          .isInstanceOf(KeyException.class)
          .hasMessageContaining("could not decrypt ciphertext");
    }
  }

  @Test
  void aBoxOpensWithTheTwoNamedKeysFromTheCacheOnly() throws KeyException {
    var cache = new KeyCache(directory);
    Box box = Box.parse(PUBLISHED.getBytes(UTF_8));

    assertThatThrownBy(() -> box.open(cache))
        .hasMessageContaining("Key not found in cache: " + directory + "/alice-20260102030405.pub");
    cache.write(userPublic());
    assertThatThrownBy(() -> box.open(cache))
        .hasMessageContaining(
            "Key not found in cache: " + directory + "/web.default@acme-20260102030406.box.key");
    cache.write(KeyPair.forBoxes("web.default@acme", Instant.now(), new SecureRandom()));
    assertThatThrownBy(() -> box.open(cache)).hasMessageContaining("Key not found");
    cache.write(serviceSecret());
    assertThat(box.open(cache)).isEqualTo(MESSAGE);
  }

  /** Whoever may apply configuration chooses the names, and what is said of them ends in logs. */
  @Test
  void namesOutOfTheNetworkCannotPaintTheLogNorLeaveTheCache() throws KeyException {
    var cache = new KeyCache(directory);
    for (String name : List.of("a\u001b[2Jb", "a\rb", "../../a", "a".repeat(5000), "a\u0000b")) {
      Box box = Box.parse(PUBLISHED.replace("alice", name).getBytes(UTF_8));
      assertThatThrownBy(() -> box.open(cache))
          .isInstanceOf(KeyException.class)
          .message()
          .doesNotContainPattern("\\p{Cntrl}")
          .hasSizeLessThan(600);
    }
  }

  @Test
  void aPublicKeyThatMakesTheSecretKnownIsRefused() throws KeyException {
    BoxPublicKey zero =
        KeyKind.BOX_PUBLIC.parse(
            "BOX-PUB-1\nweak-20260102030405\n\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

    assertThatThrownBy(() -> Box.seal(MESSAGE, userSecret(), zero))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("weak-20260102030405 cannot keep a secret");
    assertThatThrownBy(() -> Box.parse(PUBLISHED.getBytes(UTF_8)).open(zero, serviceSecret()))
        .isInstanceOf(KeyException.class);
  }

  /** The example of control.md 10. */
  @Test
  void theLongestMessageFillsItsText() throws KeyException {
    int max = Box.messageBytesMax(userPublic().name(), servicePublic().name(), 65_536);

    assertThat(max).isEqualTo(49_067);
    assertThat(Box.seal(new byte[max], userSecret(), servicePublic()).text())
        .hasSizeLessThanOrEqualTo(65_536);
    assertThat(Box.seal(new byte[max + 1], userSecret(), servicePublic()).text())
        .hasSizeGreaterThan(65_536);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 60, 140, 145, 150, 151, 152, 1000})
  void aMessageFitsExactlyIfItIsSaidTo(int textBytesMax) throws KeyException {
    int max = Box.messageBytesMax(userPublic().name(), servicePublic().name(), textBytesMax);

    for (int length = 0; length < textBytesMax; length++) {
      assertThat(
              Box.seal(new byte[length], userSecret(), servicePublic()).text().length
                  <= textBytesMax)
          .as("%d bytes", length)
          .isEqualTo(length <= max);
    }
  }

  private static String head(int lines) {
    return String.join("\n", PUBLISHED.lines().limit(lines).toList());
  }
}
