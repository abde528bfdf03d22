package dev.monarch.wire;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Messages of the UDP plane and their bytes (butterfly.md 2.3), without the {@link Envelope}.
 *
 * <p>What is encoded is byte for byte what the original would send. What is decoded is held against
 * the original's rules: a structural fault anywhere, such as a membership record without a port,
 * rejects the whole message, as there. A membership record that would harm whoever hears of it (S4,
 * S5, S9) is left out and counted, which the original does not do.
 */
public final class SwimCodec {
  /** The longest message that is looked at. */
  public static final int SWIM_BYTES_MAX = Limits.SWIM_BYTES_MAX;

  private static final int PING = 2;
  private static final int ACK = 3;
  private static final int PING_REQ = 4;
  private static final int MEMBERSHIP = 5;
  private static final int PROBE_PING = 6;

  /** The type of a message: its key and its number, which is below 128. */
  private static final int TYPE_BYTES = 2;

  private SwimCodec() {}

  public static byte[] encode(Swim message) {
    return Encoding.encode(sizeBytes(message), out -> write(out, message));
  }

  private static void write(CodedOutputStream out, Swim message) throws IOException {
    switch (message) {
      case Swim.Ping(Member from, Optional<Member> forwardTo, List<Membership> membership) -> {
        out.writeEnum(1, 1);
        writePayload(out, PING, from, forwardTo);
        writeMembership(out, membership);
      }
      case Swim.Ack(Member from, Optional<Member> forwardTo, List<Membership> membership) -> {
        out.writeEnum(1, 2);
        writePayload(out, ACK, from, forwardTo);
        writeMembership(out, membership);
      }
      case Swim.PingReq(Member from, Member target, List<Membership> membership) -> {
        out.writeEnum(1, 3);
        writePayload(out, PING_REQ, from, Optional.of(target));
        writeMembership(out, membership);
      }
      case Swim.ProbePing(Member from) -> {
        out.writeEnum(1, 4);
        writePayload(out, PROBE_PING, from, Optional.empty());
      }
    }
  }

  private static void writePayload(
      CodedOutputStream out, int field, Member from, Optional<Member> second) throws IOException {
    Encoding.writeHeader(out, field, payloadSize(from, second));
    MemberEncoding.write(out, 1, from);
    if (second.isPresent()) {
      MemberEncoding.write(out, 2, second.get());
    }
  }

  private static void writeMembership(CodedOutputStream out, List<Membership> membership)
      throws IOException {
    for (Membership record : membership) {
      MemberEncoding.write(out, MEMBERSHIP, record);
    }
  }

  public static Decoded<Swim> decode(byte[] payload) {
    try {
      Limits.checkSize(payload, SWIM_BYTES_MAX);
      return Draft.decode(new SwimDraft(), payload).finish();
    } catch (RefusedException e) {
      return e.rejected();
    }
  }

  /** Bytes that {@link #encode} will give. */
  public static int sizeBytes(Swim message) {
    int size =
        TYPE_BYTES
            + switch (message) {
              case Swim.Ping ping ->
                  Encoding.embeddedSize(PING, payloadSize(ping.from(), ping.forwardTo()));
              case Swim.Ack ack ->
                  Encoding.embeddedSize(ACK, payloadSize(ack.from(), ack.forwardTo()));
              case Swim.PingReq request ->
                  Encoding.embeddedSize(
                      PING_REQ, payloadSize(request.from(), Optional.of(request.target())));
              case Swim.ProbePing probe ->
                  Encoding.embeddedSize(PROBE_PING, payloadSize(probe.from(), Optional.empty()));
            };
    for (Membership record : message.membership()) {
      size += sizeBytes(record);
    }
    return size;
  }

  private static int payloadSize(Member from, Optional<Member> second) {
    return MemberEncoding.embeddedSize(1, from)
        + (second.isPresent() ? MemberEncoding.embeddedSize(2, second.get()) : 0);
  }

  /** Bytes that one more membership record adds to a message, its tag and length included. */
  public static int sizeBytes(Membership membership) {
    return Encoding.embeddedSize(MEMBERSHIP, MemberEncoding.size(membership));
  }
}
