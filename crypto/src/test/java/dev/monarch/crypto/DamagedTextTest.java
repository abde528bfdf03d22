package dev.monarch.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever becomes of a text on its way, reading it ends in a key, a box, or one line. */
class DamagedTextTest {
  private static final int TRIES = 5_000;

  private static final List<String> TEXTS =
      List.of(
          Published.RING,
          Published.ORIGIN_SECRET,
          Published.ORIGIN_PUBLIC,
          Published.USER_SECRET,
          Published.SERVICE_PUBLIC,
          """
          BOX-1
          alice-20260102030405
          web.default@acme-20260102030406
          AAECAwQFBgcICQoLDA0ODxAREhMUFRYX
          fMtKN4lzcjmYEk6pkJ/2FWgsnb/KFrFZszVyOw==\
          """,
          """
          ANONYMOUS-BOX-1
          acme-20260102030407
          Z13VdO13iTELPS52gfN5C0ZsdzsVIf7PNld5WDcepS9yUCKN1+M0+gpEN1T5VKYGS2PL5feW\
          """);

  private interface Reading {
    Object read(byte[] text) throws KeyException;
  }

  private static final List<Reading> READINGS =
      List.of(
          text -> KeyKind.RING.parse(new String(text, UTF_8)),
          text -> KeyKind.SIGNING_SECRET.parse(new String(text, UTF_8)),
          text -> KeyKind.SIGNING_PUBLIC.parse(new String(text, UTF_8)),
          text -> KeyKind.BOX_SECRET.parse(new String(text, UTF_8)),
          text -> KeyKind.BOX_PUBLIC.parse(new String(text, UTF_8)),
          text -> AnonymousBox.parse(new String(text, UTF_8)).open(secret()),
          text -> Box.parse(text).open(open(), secret()));

  private static BoxSecretKey secret() throws KeyException {
    return KeyKind.BOX_SECRET.parse(Published.SERVICE_SECRET);
  }

  private static BoxPublicKey open() throws KeyException {
    return KeyKind.BOX_PUBLIC.parse(Published.USER_PUBLIC);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void readingItEndsInItsKindOrInOneLine(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < TRIES; i++) {
      byte[] text = damaged(TEXTS.get(random.nextInt(TEXTS.size())).getBytes(UTF_8), random);
      Reading reading = READINGS.get(random.nextInt(READINGS.size()));
      try {
        assertThat(reading.read(text)).isNotNull();
      } catch (KeyException refused) {
        assertThat(String.valueOf(refused.getMessage()))
            .startsWith("Crypto error: ")
            .doesNotContainPattern("\\p{Cntrl}")
            .hasSizeLessThan(600);
      }
    }
  }

  /** Changed, cut or doubled at up to four places. */
  private static byte[] damaged(byte[] text, Random random) {
    byte[] changed = text;
    for (int i = random.nextInt(5); i > 0; i--) {
      int at = random.nextInt(changed.length);
      changed =
          switch (random.nextInt(4)) {
            case 0 -> with(changed, at, (byte) random.nextInt(256));
            case 1 -> with(changed, at, (byte) '\n');
            case 2 -> Arrays.copyOf(changed, at + 1);
            default -> joined(changed, Arrays.copyOfRange(changed, at, changed.length));
          };
    }
    return changed;
  }

  private static byte[] with(byte[] text, int at, byte value) {
    byte[] changed = text.clone();
    changed[at] = value;
    return changed;
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
