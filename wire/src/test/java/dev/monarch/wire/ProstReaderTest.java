package dev.monarch.wire;

import static dev.monarch.wire.Proto.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What prost accepts and what it does not, down to the bits. */
class ProstReaderTest {
  @ParameterizedTest
  @CsvSource({
    "0800, 0",
    "0801, 1",
    "088000, 0",
    "0880808080808080808000, 0",
    "08ffffffffffffffffff01, -1",
    "0880808080808080808001, -9223372036854775808"
  })
  void aNumberMayBeLongerThanNeededUpToTenBytes(String hex, long value) throws Exception {
    ProstReader reader = reader(hex);
    assertThat(reader.next()).isTrue();
    assertThat(reader.int64()).isEqualTo(value);
    assertThat(reader.next()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08", // nothing behind the key
        "0880", // a number that does not end
        "08ffffffffffffffffff02", // 65 bits
        "088080808080808080808000", // eleven bytes
        "0000", // field 0
        "0700", // wire type 7
        "0600", // wire type 6
        "80808080800100", // a key of 36 bits
        "7a05616263", // a length beyond the end
        "7affffffffffffffffff01", // a length of 2^64 - 1
        "7a858080801061", // a length of 2^32 + 5, which must not be taken for 5
        "7d000000", // three bytes of four
        "7900000000000000", // seven bytes of eight
        "7c", // the end of a group that did not start
        "7b", // a group without end
        "7b84017c", // a group ended as another
        "7b0a05617c", // a length beyond the end in a group
      })
  void whatIsNotAMessageIsRefused(String hex) {
    assertThatThrownBy(() -> readAll(reader(hex)))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Rejection.MALFORMED);
              assertThat(e.getStackTrace()).isEmpty();
            });
  }

  @Test
  void groupsNestAHundredDeep() throws Exception {
    readAll(new ProstReader(groups(100)));
    assertThatThrownBy(() -> readAll(new ProstReader(groups(101))))
        .isInstanceOf(RefusedException.class);
    assertThatThrownBy(() -> readAll(new ProstReader(groups(100_000))))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void messagesAroundAGroupCountAsNesting() throws Exception {
    readInside(groups(99));
    assertThatThrownBy(() -> readInside(groups(100))).isInstanceOf(RefusedException.class);
  }

  @Test
  void aMessageEndsWhereItsLengthSays() {
    // The inner message says it has one byte; its number needs two, the second being outside.
    byte[] bytes = message().raw(0x0a, 0x02, 0x08, 0x80, 0x01).toBytes();
    assertThatThrownBy(
            () -> {
              ProstReader outer = new ProstReader(bytes);
              outer.next();
              ProstReader inner = outer.message();
              inner.next();
              inner.int64();
            })
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void aKnownFieldMustHaveItsWireType() {
    for (Proto wrong :
        List.of(message().text(1, ""), message().fixed32(1, 1), message().fixed64(1, 1))) {
      assertThatThrownBy(
              () -> {
                ProstReader reader = new ProstReader(wrong.toBytes());
                reader.next();
                reader.int64();
              })
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("wire type 0 in field 1");
    }
  }

  private static byte[] groups(int depth) {
    byte[] bytes = new byte[2 * depth];
    Arrays.fill(bytes, 0, depth, (byte) 0x7b);
    Arrays.fill(bytes, depth, 2 * depth, (byte) 0x7c);
    return bytes;
  }

  private static void readInside(byte[] inner) throws RefusedException {
    ProstReader outer = new ProstReader(message().message(1, message().raw(ints(inner))).toBytes());
    outer.next();
    readAll(outer.message());
  }

  private static int[] ints(byte[] bytes) {
    return IntStream.range(0, bytes.length).map(i -> bytes[i]).toArray();
  }

  private static void readAll(ProstReader reader) throws RefusedException {
    while (reader.next()) {
      reader.skip();
    }
  }

  private static ProstReader reader(String hex) {
    return new ProstReader(HexFormat.of().parseHex(hex));
  }
}
