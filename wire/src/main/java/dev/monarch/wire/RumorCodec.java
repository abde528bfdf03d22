package dev.monarch.wire;

import static com.google.protobuf.CodedOutputStream.computeBoolSize;
import static com.google.protobuf.CodedOutputStream.computeEnumSize;
import static com.google.protobuf.CodedOutputStream.computeStringSize;
import static com.google.protobuf.CodedOutputStream.computeUInt32Size;
import static com.google.protobuf.CodedOutputStream.computeUInt64Size;

import com.google.protobuf.CodedOutputStream;
import dev.monarch.wire.Decoded.Accepted;
import java.io.IOException;

/**
 * Messages of the TCP plane and their bytes (butterfly.md 2.4), without the {@link Envelope}.
 *
 * <p>What is encoded is byte for byte what the original would send, and behind it what is ours.
 * What is decoded is held against the original's rules, and what would kill a thread of an original
 * is refused with a reason.
 */
public final class RumorCodec {
  /** The longest rumor that is looked at. */
  public static final int RUMOR_BYTES_MAX = Limits.RUMOR_BYTES_MAX;

  /** A field of a service rumor that is ours (butterfly.md 2.5); an original skips it. */
  static final int APPLIED_CONFIGURATION = 2000;

  private RumorCodec() {}

  public static byte[] encode(Rumor rumor) {
    return Encoding.encode(sizeBytes(rumor), out -> write(out, rumor));
  }

  public static Decoded<Rumor> decode(byte[] payload) {
    try {
      Limits.checkSize(payload, RUMOR_BYTES_MAX);
      return new Accepted<>(Draft.decode(new RumorDraft(), payload).finish(), 0);
    } catch (RefusedException e) {
      return e.rejected();
    }
  }

  /** A bare membership record, as the rumor file holds it (butterfly.md 10.2). */
  public static byte[] encode(Membership membership) {
    return Encoding.encode(
        MemberEncoding.size(membership), out -> MemberEncoding.write(out, membership));
  }

  public static Decoded<Membership> decodeMembership(byte[] bytes) {
    try {
      Limits.checkSize(bytes, Limits.SWIM_BYTES_MAX);
      return new Accepted<>(Draft.decode(new MembershipDraft(), bytes).finishOrRefuse(), 0);
    } catch (RefusedException e) {
      return e.rejected();
    }
  }

  /** Bytes that {@link #encode(Rumor)} will give. */
  public static int sizeBytes(Rumor rumor) {
    return computeEnumSize(1, rumor.kind().number())
        + computeStringSize(3, rumor.fromId())
        + Encoding.embeddedSize(rumor.kind().payloadField(), payloadSize(rumor));
  }

  private static int payloadSize(Rumor rumor) {
    return switch (rumor) {
      case Rumor.MemberRumor member -> MemberEncoding.size(member.membership());
      case Rumor.ServiceRumor service -> size(service);
      case Rumor.ServiceConfigRumor config -> size(config);
      case Rumor.ServiceFileRumor file -> size(file);
      case Rumor.ElectionRumor election -> size(election.election());
      case Rumor.ElectionUpdateRumor election -> size(election.election());
      case Rumor.DepartureRumor departure -> computeStringSize(1, departure.memberId());
    };
  }

  private static void write(CodedOutputStream out, Rumor rumor) throws IOException {
    out.writeEnum(1, rumor.kind().number());
    out.writeString(3, rumor.fromId());
    Encoding.writeHeader(out, rumor.kind().payloadField(), payloadSize(rumor));
    switch (rumor) {
      case Rumor.MemberRumor member -> MemberEncoding.write(out, member.membership());
      case Rumor.ServiceRumor service -> write(out, service);
      case Rumor.ServiceConfigRumor config -> write(out, config);
      case Rumor.ServiceFileRumor file -> write(out, file);
      case Rumor.ElectionRumor election -> write(out, election.election());
      case Rumor.ElectionUpdateRumor election -> write(out, election.election());
      case Rumor.DepartureRumor departure -> out.writeString(1, departure.memberId());
    }
  }

  private static int size(Rumor.ServiceRumor service) {
    return computeStringSize(1, service.memberId())
        + computeStringSize(2, service.group().text())
        + computeUInt64Size(3, service.incarnation())
        + computeBoolSize(8, service.initialized())
        + computeStringSize(9, service.pkg())
        + Encoding.embeddedSize(10, service.cfg().size())
        + Encoding.embeddedSize(12, size(service.sys()))
        + computeUInt64Size(13, service.pkgIncarnation())
        + service
            .applied()
            .map(applied -> Encoding.embeddedSize(APPLIED_CONFIGURATION, size(applied)))
            .orElse(0);
  }

  private static void write(CodedOutputStream out, Rumor.ServiceRumor service) throws IOException {
    out.writeString(1, service.memberId());
    out.writeString(2, service.group().text());
    out.writeUInt64(3, service.incarnation());
    out.writeBool(8, service.initialized());
    out.writeString(9, service.pkg());
    service.cfg().writeTo(out, 10);
    Encoding.writeHeader(out, 12, size(service.sys()));
    write(out, service.sys());
    out.writeUInt64(13, service.pkgIncarnation());
    if (service.applied().isPresent()) {
      AppliedConfiguration applied = service.applied().get();
      Encoding.writeHeader(out, APPLIED_CONFIGURATION, size(applied));
      write(out, applied);
    }
  }

  private static int size(AppliedConfiguration applied) {
    return computeUInt64Size(1, applied.version())
        + computeEnumSize(2, applied.outcome().number())
        + computeStringSize(3, applied.reason());
  }

  private static void write(CodedOutputStream out, AppliedConfiguration applied)
      throws IOException {
    out.writeUInt64(1, applied.version());
    out.writeEnum(2, applied.outcome().number());
    out.writeString(3, applied.reason());
  }

  private static int size(SysInfo sys) {
    return computeStringSize(1, sys.ip())
        + computeStringSize(2, sys.hostname())
        + computeStringSize(3, sys.gossipIp())
        + computeUInt32Size(4, sys.gossipPort())
        + computeStringSize(5, sys.httpGatewayIp())
        + computeUInt32Size(6, sys.httpGatewayPort())
        + computeStringSize(7, sys.ctlGatewayIp())
        + computeUInt32Size(8, sys.ctlGatewayPort());
  }

  private static void write(CodedOutputStream out, SysInfo sys) throws IOException {
    out.writeString(1, sys.ip());
    out.writeString(2, sys.hostname());
    out.writeString(3, sys.gossipIp());
    out.writeUInt32(4, sys.gossipPort());
    out.writeString(5, sys.httpGatewayIp());
    out.writeUInt32(6, sys.httpGatewayPort());
    out.writeString(7, sys.ctlGatewayIp());
    out.writeUInt32(8, sys.ctlGatewayPort());
  }

  private static int size(Rumor.ServiceConfigRumor config) {
    return computeStringSize(1, config.group().text())
        + computeUInt64Size(2, config.incarnation())
        + computeBoolSize(3, config.encrypted())
        + Encoding.embeddedSize(4, config.config().size());
  }

  private static void write(CodedOutputStream out, Rumor.ServiceConfigRumor config)
      throws IOException {
    out.writeString(1, config.group().text());
    out.writeUInt64(2, config.incarnation());
    out.writeBool(3, config.encrypted());
    config.config().writeTo(out, 4);
  }

  private static int size(Rumor.ServiceFileRumor file) {
    return computeStringSize(1, file.group().text())
        + computeUInt64Size(2, file.incarnation())
        + computeBoolSize(3, file.encrypted())
        + computeStringSize(4, file.filename())
        + Encoding.embeddedSize(5, file.body().size());
  }

  private static void write(CodedOutputStream out, Rumor.ServiceFileRumor file) throws IOException {
    out.writeString(1, file.group().text());
    out.writeUInt64(2, file.incarnation());
    out.writeBool(3, file.encrypted());
    out.writeString(4, file.filename());
    file.body().writeTo(out, 5);
  }

  private static int size(Rumor.Election election) {
    int size =
        computeStringSize(1, election.candidate())
            + computeStringSize(2, election.group())
            + computeUInt64Size(3, election.term())
            + computeUInt64Size(4, election.suitability())
            + computeEnumSize(5, election.status().number());
    for (String vote : election.votes()) {
      size += computeStringSize(6, vote);
    }
    return size;
  }

  private static void write(CodedOutputStream out, Rumor.Election election) throws IOException {
    out.writeString(1, election.candidate());
    out.writeString(2, election.group());
    out.writeUInt64(3, election.term());
    out.writeUInt64(4, election.suitability());
    out.writeEnum(5, election.status().number());
    for (String vote : election.votes()) {
      out.writeString(6, vote);
    }
  }
}
