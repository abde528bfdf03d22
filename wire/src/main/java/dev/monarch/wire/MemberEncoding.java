package dev.monarch.wire;

import static com.google.protobuf.CodedOutputStream.computeEnumSize;
import static com.google.protobuf.CodedOutputStream.computeInt32Size;
import static com.google.protobuf.CodedOutputStream.computeStringSize;
import static com.google.protobuf.CodedOutputStream.computeUInt64Size;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/**
 * Members and membership records on their way out: every field is written, as the original does.
 */
final class MemberEncoding {
  /** Three flags, each a key and a byte. */
  private static final int FLAGS_BYTES = 6;

  private MemberEncoding() {}

  static int size(Member member) {
    return computeStringSize(1, member.id())
        + computeUInt64Size(2, member.incarnation())
        + computeStringSize(3, member.address())
        + computeInt32Size(4, member.swimPort())
        + computeInt32Size(5, member.gossipPort())
        + FLAGS_BYTES;
  }

  static int embeddedSize(int field, Member member) {
    return Encoding.embeddedSize(field, size(member));
  }

  static void write(CodedOutputStream out, int field, Member member) throws IOException {
    Encoding.writeHeader(out, field, size(member));
    out.writeString(1, member.id());
    out.writeUInt64(2, member.incarnation());
    out.writeString(3, member.address());
    out.writeInt32(4, member.swimPort());
    out.writeInt32(5, member.gossipPort());
    out.writeBool(6, member.persistent());
    out.writeBool(7, member.departed());
    out.writeBool(8, member.probePing());
  }

  static int size(Membership membership) {
    return embeddedSize(1, membership.member()) + computeEnumSize(2, membership.health().number());
  }

  static void write(CodedOutputStream out, Membership membership) throws IOException {
    write(out, 1, membership.member());
    out.writeEnum(2, membership.health().number());
  }

  static void write(CodedOutputStream out, int field, Membership membership) throws IOException {
    Encoding.writeHeader(out, field, size(membership));
    write(out, membership);
  }
}
