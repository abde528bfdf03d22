package dev.monarch.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Builds a message field by field, in any order and however wrong, with protobuf's own writer. */
final class Proto {
  @FunctionalInterface
  private interface Field {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private final ByteString.Output bytes = ByteString.newOutput();

  static Proto message() {
    return new Proto();
  }

  /** The fields that every member must have, for an id. */
  static Proto member(String id) {
    return message().text(1, id).number(4, 9638).number(5, 9639);
  }

  /** A member that may be gossiped about. */
  static Proto memberAt(String id, String address) {
    return member(id).text(3, address);
  }

  static Proto membership(Proto member) {
    return message().message(1, member);
  }

  static Proto ping(Proto from) {
    return message().number(1, 1).message(2, message().message(1, from));
  }

  static Proto rumor(int type, int field, Proto payload) {
    return message().number(1, type).text(3, "origin").message(field, payload);
  }

  static Proto service() {
    return message().text(1, "owner").text(2, "web.default").text(9, "a/b/1/2").message(12, sys());
  }

  static Proto sys() {
    return message().text(1, "10.0.0.1").text(2, "host");
  }

  Proto number(int field, long value) {
    return write(out -> out.writeUInt64(field, value));
  }

  Proto text(int field, String value) {
    return write(out -> out.writeString(field, value));
  }

  Proto bytes(int field, int... value) {
    byte[] content = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      content[i] = (byte) value[i];
    }
    return write(out -> out.writeByteArray(field, content));
  }

  Proto message(int field, Proto value) {
    return write(out -> out.writeByteArray(field, value.toBytes()));
  }

  Proto fixed32(int field, int value) {
    return write(out -> out.writeFixed32(field, value));
  }

  Proto fixed64(int field, long value) {
    return write(out -> out.writeFixed64(field, value));
  }

  Proto key(int field, int wireType) {
    return write(out -> out.writeTag(field, wireType));
  }

  Proto raw(int... value) {
    return write(
        out -> {
          for (int octet : value) {
            out.writeRawByte(octet);
          }
        });
  }

  /** A field of every wire type under a number nobody knows. */
  Proto unknownFields(int field) {
    return number(field, -1L)
        .text(field, "unknown")
        .fixed32(field, 1)
        .fixed64(field, 2)
        .key(field, 3)
        .text(1, "inside")
        .key(2, 3)
        .key(2, 4)
        .key(field, 4);
  }

  byte[] toBytes() {
    return bytes.toByteString().toByteArray();
  }

  private Proto write(Field field) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      field.writeTo(out);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
