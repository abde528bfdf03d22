package dev.monarch.ring.zmtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * One frame: a flag byte, a length of one byte or eight, and the body (butterfly.md 1.4).
 *
 * @param command true if it speaks about the connection, false if it is a message or part of one
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
record Frame(boolean command, byte[] body) {
  static final int FLAG_MORE = 1;
  static final int FLAG_LONG = 2;
  static final int FLAG_COMMAND = 4;

  /** Longest body with a length of one byte. */
  private static final int SHORT_BODY_BYTES_MAX = 255;

  /** Longest head: flags and a length of eight bytes. */
  static final int HEAD_BYTES_MAX = 9;

  private static final String SOCKET_TYPE = "socket-type";

  static void putMessage(ByteBuffer into, byte[] body) {
    if (body.length <= SHORT_BODY_BYTES_MAX) {
      into.put((byte) 0).put((byte) body.length);
    } else {
      into.put((byte) FLAG_LONG).putLong(body.length);
    }
    into.put(body);
  }

  /** A command frame of at most 255 bytes. */
  static byte[] command(String name, byte[] data) {
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    int length = 1 + ascii.length + data.length;
    return ByteBuffer.allocate(2 + length)
        .put((byte) FLAG_COMMAND)
        .put((byte) length)
        .put((byte) ascii.length)
        .put(ascii)
        .put(data)
        .array();
  }

  static byte[] ready(String socketType) {
    byte[] name = "Socket-Type".getBytes(StandardCharsets.US_ASCII);
    byte[] value = socketType.getBytes(StandardCharsets.US_ASCII);
    return command(
        "READY",
        ByteBuffer.allocate(1 + name.length + 4 + value.length)
            .put((byte) name.length)
            .put(name)
            .putInt(value.length)
            .put(value)
            .array());
  }

  /** The name of a command; empty text if there is none. */
  String commandName() {
    int length = body.length == 0 ? 0 : body[0] & 0xff;
    return length >= body.length ? "" : new String(body, 1, length, StandardCharsets.US_ASCII);
  }

  /** The Socket-Type property of a READY command. */
  Optional<String> socketType() {
    int nameEnd = 1 + commandName().length();
    ByteBuffer properties = ByteBuffer.wrap(body, nameEnd, body.length - nameEnd);
    while (properties.hasRemaining()) {
      int nameLength = properties.get() & 0xff;
      if (nameLength + 4 > properties.remaining()) {
        return Optional.empty();
      }
      String name = ascii(properties, nameLength);
      int valueLength = properties.getInt();
      if (valueLength < 0 || valueLength > properties.remaining()) {
        return Optional.empty();
      }
      String value = ascii(properties, valueLength);
      if (name.toLowerCase(Locale.ROOT).equals(SOCKET_TYPE)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** The answer to a PING: the same context without the time to live. */
  Optional<byte[]> pong() {
    int contextStart = 1 + "PING".length() + 2;
    if (!commandName().equals("PING") || body.length < contextStart || body.length > 64) {
      return Optional.empty();
    }
    return Optional.of(command("PONG", Arrays.copyOfRange(body, contextStart, body.length)));
  }

  private static String ascii(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
