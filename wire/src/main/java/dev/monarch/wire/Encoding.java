package dev.monarch.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/** Writes a message of known size into one array of just that size. */
final class Encoding {
  @FunctionalInterface
  interface Writer {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private Encoding() {}

  static byte[] encode(int sizeBytes, Writer writer) {
    byte[] encoded = new byte[sizeBytes];
    CodedOutputStream out = CodedOutputStream.newInstance(encoded);
    try {
      writer.writeTo(out);
    } catch (IOException e) {
      throw new IllegalStateException("a message is longer than its computed " + sizeBytes, e);
    }
    out.checkNoSpaceLeft();
    return encoded;
  }

  /** The key and length in front of an embedded message. */
  static void writeHeader(CodedOutputStream out, int field, int sizeBytes) throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(sizeBytes);
  }

  /** Bytes of an embedded message with its key and length. */
  static int embeddedSize(int field, int sizeBytes) {
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(sizeBytes)
        + sizeBytes;
  }
}
