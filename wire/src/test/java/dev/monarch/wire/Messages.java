package dev.monarch.wire;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Draws any valid message from a seeded generator: common values often, odd ones too. */
final class Messages {
  private final RandomGenerator random;

  Messages(RandomGenerator random) {
    this.random = random;
  }

  Swim swim() {
    return switch (random.nextInt(4)) {
      case 0 -> new Swim.Ping(member(), optional(this::member), memberships());
      case 1 -> new Swim.Ack(member(), optional(this::member), memberships());
      case 2 -> new Swim.PingReq(member(), member(), memberships());
      default -> new Swim.ProbePing(member());
    };
  }

  Rumor rumor() {
    return switch (random.nextInt(7)) {
      case 0 -> new Rumor.MemberRumor(text(), membership());
      case 1 ->
          new Rumor.ServiceRumor(
              text(),
              text(),
              group(),
              number(),
              random.nextBoolean(),
              text(),
              bytes(),
              sys(),
              number(),
              optional(this::applied));
      case 2 ->
          new Rumor.ServiceConfigRumor(text(), group(), number(), random.nextBoolean(), bytes());
      case 3 ->
          new Rumor.ServiceFileRumor(
              text(), group(), number(), random.nextBoolean(), text(), bytes());
      case 4 -> new Rumor.ElectionRumor(election());
      case 5 -> new Rumor.ElectionUpdateRumor(election());
      default -> new Rumor.DepartureRumor(text(), text());
    };
  }

  Membership membership() {
    Member member = member().withAddress(address());
    return new Membership(
        member.incarnation() == -1 ? member.withIncarnation(Member.INCARNATION_MAX) : member,
        one(Health.values()));
  }

  private List<Membership> memberships() {
    return list(this::membership);
  }

  Member member() {
    return new Member(
        id(),
        number(),
        random.nextBoolean() ? "" : random.nextBoolean() ? address() : text(),
        port(),
        port(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private Rumor.Election election() {
    return new Rumor.Election(
        id(), text(), number(), number(), one(Rumor.ElectionStatus.values()), list(this::text));
  }

  private AppliedConfiguration applied() {
    return new AppliedConfiguration(number(), one(AppliedConfiguration.Outcome.values()), text());
  }

  private SysInfo sys() {
    return new SysInfo(
        text(),
        text(),
        text(),
        random.nextInt(),
        text(),
        random.nextInt(),
        text(),
        random.nextInt());
  }

  private ServiceGroup group() {
    return new ServiceGroup(part() + "." + part() + (random.nextBoolean() ? "" : "@" + part()));
  }

  /** Text without the characters that separate the parts of a group, and not empty. */
  private String part() {
    return "g" + text().replaceAll("[#@.]", "-");
  }

  private String id() {
    return random.nextInt(8) == 0 ? "i" + text() : "%032x".formatted(random.nextInt(1000));
  }

  private String address() {
    return octet() + "." + octet() + "." + octet() + "." + octet();
  }

  private int octet() {
    return random.nextInt(256);
  }

  private int port() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> 65_535;
      default -> random.nextInt(65_536);
    };
  }

  /** A number of 64 bits; its length in bits is evenly spread, and so is that of its encoding. */
  private long number() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> -1;
      default -> random.nextLong() >>> random.nextInt(64);
    };
  }

  private String text() {
    int length =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1 -> 120 + random.nextInt(16);
          default -> random.nextInt(24);
        };
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.appendCodePoint(codePoint());
    }
    return text.toString();
  }

  private int codePoint() {
    return switch (random.nextInt(16)) {
      case 0 -> random.nextInt(0x20);
      case 1 -> 0x80 + random.nextInt(0x780);
      case 2 -> 0x800 + random.nextInt(0xD000);
      case 3 -> 0x10000 + random.nextInt(0x100000);
      default -> ' ' + random.nextInt(95);
    };
  }

  private Bytes bytes() {
    byte[] content = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(300)];
    random.nextBytes(content);
    return Bytes.of(content);
  }

  private <T> List<T> list(Supplier<T> element) {
    return Stream.generate(element).limit(random.nextInt(6)).toList();
  }

  private <T> Optional<T> optional(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
