package dev.monarch.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads protobuf fields exactly as strictly as the original's decoder, Rust's prost, does
 * (butterfly.md 2.1): neither more, or we would relay what kills an original, nor less, or we would
 * be deaf to what it says.
 *
 * <p>It differs from protobuf-java's {@code CodedInputStream} in that
 *
 * <ul>
 *   <li>a known field with another wire type is an error, not an unknown field,
 *   <li>a varint of ten bytes must fit into 64 bits, a key and a length are not cut to 32 bits,
 *   <li>text that is not UTF-8 is an error,
 *   <li>unknown groups nest up to {@value #DEPTH_MAX} deep, messages around them included.
 * </ul>
 *
 * <p>A field is read in two steps, as in {@code while (reader.next()) switch (reader.field())}.
 * Every step moves forward by a byte at least, so the work is bounded by the length of the input.
 * For the codecs of this room only.
 */
public final class ProstReader {
  /** The original's limit of nesting; more is an error there, and here a guard of the stack. */
  static final int DEPTH_MAX = 100;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int GROUP_START = 3;
  private static final int GROUP_END = 4;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int end;
  private final int depthLeft;
  private int position;
  private int field;
  private int wireType;

  ProstReader(byte[] bytes) {
    this(bytes, 0, bytes.length, DEPTH_MAX);
  }

  private ProstReader(byte[] bytes, int start, int end, int depthLeft) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.depthLeft = depthLeft;
  }

  /** Reads the key of the next field; false at the end of the message. */
  public boolean next() throws RefusedException {
    if (position == end) {
      return false;
    }
    long key = varint();
    if (key < 0 || key > 0xFFFF_FFFFL) {
      throw malformed("a field key of at most 32 bits", Long.toUnsignedString(key));
    }
    field = (int) (key >>> 3);
    wireType = (int) (key & 7);
    if (field == 0) {
      throw malformed("a field number of 1 or more", "0");
    }
    if (wireType > FIXED32) {
      throw malformed("a wire type of 0 to 5", Integer.toString(wireType));
    }
    return true;
  }

  /** The number of the field whose key was read last. */
  public int field() {
    return field;
  }

  /** A number of 64 bits, signed or not. */
  public long int64() throws RefusedException {
    expect(VARINT);
    return varint();
  }

  /** A number of 32 bits, signed or not, or that of an enum: higher bits are cut off, as there. */
  public int int32() throws RefusedException {
    return (int) int64();
  }

  public boolean bool() throws RefusedException {
    return int64() != 0;
  }

  public String text() throws RefusedException {
    expect(DELIMITED);
    int length = length();
    int start = position;
    position += length;
    for (int i = start; i < position; i++) {
      if (bytes[i] < 0) {
        return decodeUtf8(start, length);
      }
    }
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  private String decodeUtf8(int start, int length) throws RefusedException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("UTF-8 text in field " + field, "other bytes");
    }
  }

  public Bytes byteString() throws RefusedException {
    expect(DELIMITED);
    int length = length();
    position += length;
    return Bytes.slice(bytes, position - length, position);
  }

  /** A reader of the message in this field. This one goes on behind it. */
  public ProstReader message() throws RefusedException {
    expect(DELIMITED);
    int length = length();
    position += length;
    return new ProstReader(bytes, position - length, position, depthLeft - 1);
  }

  /** Leaves out an unknown field. */
  public void skip() throws RefusedException {
    skip(depthLeft);
  }

  private void skip(int depth) throws RefusedException {
    if (depth == 0) {
      throw malformed("at most " + DEPTH_MAX + " nested groups", "more");
    }
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> advance(8);
      case DELIMITED -> advance(length());
      case GROUP_START -> skipGroup(field, depth);
      case FIXED32 -> advance(4);
      default -> throw malformed("a group to start before it ends", "its end");
    }
  }

  private void skipGroup(int group, int depth) throws RefusedException {
    while (next()) {
      if (wireType != GROUP_END) {
        skip(depth - 1);
      } else if (field == group) {
        return;
      } else {
        throw malformed("the end of group " + group, "that of " + field);
      }
    }
    throw truncated();
  }

  private void expect(int type) throws RefusedException {
    if (wireType != type) {
      throw malformed("wire type " + type + " in field " + field, Integer.toString(wireType));
    }
  }

  private void advance(int count) throws RefusedException {
    if (count > end - position) {
      throw truncated();
    }
    position += count;
  }

  /** A length that is really there. */
  private int length() throws RefusedException {
    long length = varint();
    if (length < 0 || length > end - position) {
      throw truncated();
    }
    return (int) length;
  }

  private long varint() throws RefusedException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (position == end) {
        throw truncated();
      }
      byte next = bytes[position++];
      if (shift == 63 && (next & 0xFF) > 1) {
        throw malformed("a number of at most 64 bits", "a longer one");
      }
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("a number of at most 64 bits", "a longer one");
  }

  private RefusedException truncated() {
    return malformed("more bytes", "the end of a message");
  }

  private RefusedException malformed(String expected, String found) {
    return new RefusedException(
        Rejection.MALFORMED,
        "expected " + expected + ", found " + found + " before byte " + position);
  }
}
