package dev.monarch.wire.control;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.Decoded.Rejected;
import dev.monarch.wire.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One piece of a conversation (control.md 2), big-endian:
 *
 * <pre>
 *   4 bytes   bit 31 a transaction follows, 30-26 reserved, 25-20 length of the id, 19-0 of the body
 *   4 bytes   bit 31 response, bit 30 complete, 29-0 transaction id; only if announced
 *   0-63      the message's name, UTF-8
 *   0-2^20-1  the message, protobuf
 * </pre>
 *
 * @param transaction every frame has one except the notice to a client without TLS
 * @param messageId the name of the message, such as {@code SvcLoad}
 */
public record Frame(Optional<Transaction> transaction, String messageId, Bytes body) {
  /** Bytes of the header word. */
  static final int HEADER_BYTES = 4;

  /** The lengths have 6 and 20 bits. */
  static final int ID_BYTES_MAX = 63;

  static final int BODY_BYTES_MAX = (1 << 20) - 1;

  /** The longest frame there can be. */
  public static final int FRAME_BYTES_MAX = HEADER_BYTES + 4 + ID_BYTES_MAX + BODY_BYTES_MAX;

  private static final int TRANSACTION = 0x8000_0000;
  private static final int ID_SHIFT = 20;

  public Frame {
    int idBytes = messageId.getBytes(StandardCharsets.UTF_8).length;
    if (idBytes > ID_BYTES_MAX) {
      throw new IllegalArgumentException(
          "expected a message name of at most " + ID_BYTES_MAX + " bytes, found " + idBytes);
    }
    if (body.size() > BODY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "expected a message of at most " + BODY_BYTES_MAX + " bytes, found " + body.size());
    }
  }

  /** The bytes behind a header word: transaction, name and body together. */
  static int bytesBehind(int header) {
    return transactionBytes(header) + idBytes(header) + (header & BODY_BYTES_MAX);
  }

  private static int transactionBytes(int header) {
    return (header & TRANSACTION) == 0 ? 0 : 4;
  }

  private static int idBytes(int header) {
    return header >>> ID_SHIFT & ID_BYTES_MAX;
  }

  /**
   * Makes a frame of a header word and just the bytes behind it.
   *
   * @param rest {@link #bytesBehind} bytes
   */
  static Decoded<Frame> decode(int header, byte[] rest) {
    ByteBuffer in = ByteBuffer.wrap(rest);
    Optional<Transaction> transaction =
        transactionBytes(header) == 0 ? Optional.empty() : Optional.of(Transaction.of(in.getInt()));
    ByteBuffer id = in.slice(in.position(), idBytes(header));
    byte[] body = new byte[header & BODY_BYTES_MAX];
    in.get(in.position() + idBytes(header), body);
    try {
      String name = StandardCharsets.UTF_8.newDecoder().decode(id).toString();
      return new Accepted<>(new Frame(transaction, name, Bytes.of(body)), 0);
    } catch (CharacterCodingException e) {
      return new Rejected<>(
          Rejection.MALFORMED, "expected a message name in UTF-8, found other bytes");
    }
  }

  /** The whole frame, of at most {@link #FRAME_BYTES_MAX} bytes. */
  public byte[] encode() {
    byte[] id = messageId.getBytes(StandardCharsets.UTF_8);
    int header = (transaction.isPresent() ? TRANSACTION : 0) | id.length << ID_SHIFT | body.size();
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + bytesBehind(header)).putInt(header);
    transaction.ifPresent(found -> out.putInt(found.word()));
    return out.put(id).put(body.toArray()).array();
  }
}
