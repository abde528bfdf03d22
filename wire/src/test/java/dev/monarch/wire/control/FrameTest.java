package dev.monarch.wire.control;

import static dev.monarch.wire.DecodedAssert.accepted;
import static dev.monarch.wire.DecodedAssert.assertRejected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Rejection;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** control.md 2. */
class FrameTest {
  @ParameterizedTest
  @CsvSource({
    "8090005a, 4, 9, 90",
    "80500000, 4, 5, 0",
    "80d0003f, 4, 13, 63",
    "00600052, 0, 6, 82",
    "00000000, 0, 0, 0",
    "83ffffff, 4, 63, 1048575",
  })
  void aHeaderAnnouncesWhatIsBehindIt(String header, int transaction, int id, int body) {
    assertThat(Frame.bytesBehind(HexFormat.fromHexDigits(header)))
        .isEqualTo(transaction + id + body);
  }

  @Test
  void theReservedBitsOfAHeaderSayNothing() throws IOException {
    assertThat(accepted(read("fc500000 c0000000 4e65744f6b")))
        .isEqualTo(accepted(read("80500000 c0000000 4e65744f6b")));
  }

  @ParameterizedTest
  @CsvSource({
    "00000000, 0, false, false",
    "c0000000, 0, true, true",
    "00000001, 1, false, false",
    "80000001, 1, true, false",
    "c0000001, 1, true, true",
    "40000005, 5, false, true",
    "3fffffff, 1073741823, false, false",
  })
  void aTransactionIsOneWord(String word, int id, boolean response, boolean complete) {
    var transaction = new Transaction(id, response, complete);
    assertThat(Transaction.of(HexFormat.fromHexDigits(word))).isEqualTo(transaction);
    assertThat(transaction.word()).isEqualTo(HexFormat.fromHexDigits(word));
  }

  @Test
  void aReplyHasTheTransactionOfItsRequest() {
    assertThat(new Transaction(5, false, false).partialReply())
        .isEqualTo(new Transaction(5, true, false));
    assertThat(new Transaction(5, false, false).lastReply())
        .isEqualTo(new Transaction(5, true, true));
  }

  @Test
  void aFrameMayBeWithoutATransaction() throws IOException {
    var notice =
        new Frame(Optional.empty(), "NetErr", Bytes.of(new byte[] {0x08, 0x0a, 0x12, 0x00}));
    assertThat(notice.encode()).startsWith(0x00, 0x60, 0x00, 0x04, 'N', 'e', 't');
    assertThat(accepted(read(HexFormat.of().formatHex(notice.encode())))).isEqualTo(notice);
  }

  @Test
  void theGreatestFrameIsReadAsItWasWritten() throws IOException {
    var frame =
        new Frame(
            Optional.of(Transaction.REQUEST),
            "x".repeat(Frame.ID_BYTES_MAX),
            Bytes.of(new byte[Frame.BODY_BYTES_MAX]));
    byte[] bytes = frame.encode();
    assertThat(bytes).hasSize(1_048_646).hasSize(Frame.FRAME_BYTES_MAX);
    assertThat(accepted(read(HexFormat.of().formatHex(bytes)))).isEqualTo(frame);
  }

  @Test
  void aFrameThatTheHeaderCannotAnnounceIsNeverSent() {
    assertThatThrownBy(() -> new Frame(Optional.empty(), "ä".repeat(32), Bytes.EMPTY))
        .hasMessage("expected a message name of at most 63 bytes, found 64");
    assertThatThrownBy(
            () ->
                new Frame(Optional.empty(), "NetErr", Bytes.of(new byte[Frame.BODY_BYTES_MAX + 1])))
        .hasMessage("expected a message of at most 1048575 bytes, found 1048576");
  }

  @Test
  void aNameThatIsNoTextIsRefused() throws IOException {
    assertRejected(read("80200000 00000000 c328"), Rejection.MALFORMED);
  }

  @Test
  void aFrameLongerThanAllowedIsRefusedByItsHeaderAlone() throws IOException {
    var reader = new FrameReader(new ByteArrayInputStream(bytes("83ffffff")));
    assertRejected(reader.next(1024).orElseThrow(), Rejection.OVERSIZED);
  }

  @Test
  void theEndOfAConnectionIsAnErrorOnlyWithinAFrame() throws IOException {
    assertThat(new FrameReader(new ByteArrayInputStream(new byte[0])).next(1024)).isEmpty();
    for (String begun :
        new String[] {"80", "805000", "80500000 c00000", "80500000 c0000000 4e65"}) {
      assertThatThrownBy(() -> read(begun))
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("found the end of the connection");
    }
  }

  private static Decoded<Frame> read(String hex) throws IOException {
    return new FrameReader(new ByteArrayInputStream(bytes(hex)))
        .next(Frame.FRAME_BYTES_MAX)
        .orElseThrow();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
