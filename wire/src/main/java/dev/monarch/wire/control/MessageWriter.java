package dev.monarch.wire.control;

import com.google.protobuf.CodedOutputStream;
import dev.monarch.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Writes the fields of one message into memory, in the order of the calls. A field that is written
 * with zero is there all the same; what is absent is not written.
 */
final class MessageWriter {
  @FunctionalInterface
  private interface Field {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  MessageWriter text(int field, String value) {
    return write(to -> to.writeString(field, value));
  }

  /** An unsigned number of 32 or 64 bits. */
  MessageWriter number(int field, long value) {
    return write(to -> to.writeUInt64(field, value));
  }

  MessageWriter choice(int field, int number) {
    return write(to -> to.writeEnum(field, number));
  }

  MessageWriter flag(int field, boolean value) {
    return write(to -> to.writeBool(field, value));
  }

  MessageWriter bytes(int field, Bytes value) {
    return write(to -> to.writeByteArray(field, value.toArray()));
  }

  MessageWriter message(int field, MessageWriter value) {
    return bytes(field, value.finish());
  }

  Bytes finish() {
    write(CodedOutputStream::flush);
    return Bytes.of(bytes.toByteArray());
  }

  private MessageWriter write(Field field) {
    try {
      field.writeTo(out);
      return this;
    } catch (IOException e) {
      throw new IllegalStateException("memory takes every byte", e);
    }
  }
}
