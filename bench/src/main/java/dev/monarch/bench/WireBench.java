package dev.monarch.bench;

import dev.monarch.crypto.RingKey;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.RumorCodec;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.Swim;
import dev.monarch.wire.SwimCodec;
import dev.monarch.wire.SysInfo;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How many messages a second can be written and read, in clear and sealed. */
final class WireBench {
  private static final int PORT = 9638;

  private WireBench() {}

  static String run() {
    RingKey key = RingKey.generate("bench", Instant.now(), new SecureRandom());
    Table table =
        new Table(
            "message",
            "bytes",
            "encode / s",
            "decode / s",
            "wrap / s",
            "unwrap / s",
            "all four / s");
    for (Optional<RingKey> ring : List.of(Optional.<RingKey>empty(), Optional.of(key))) {
      add(table, "Ping, 6 memberships", ping(), SwimCodec::encode, SwimCodec::decode, ring);
      add(table, "Service rumor", service(), RumorCodec::encode, RumorCodec::decode, ring);
    }
    return table.text();
  }

  private static <M> void add(
      Table table,
      String name,
      M message,
      Function<M, byte[]> encode,
      Function<byte[], Decoded<M>> decode,
      Optional<RingKey> key) {
    byte[] payload = encode.apply(message);
    byte[] wire = Envelope.wrap(payload, key);
    table.row(
        name + (key.isPresent() ? ", sealed" : ", clear"),
        String.valueOf(wire.length),
        rate(_ -> encode.apply(message).length),
        rate(_ -> decode.apply(payload) instanceof Decoded.Accepted<M> ? 1 : 0),
        rate(_ -> Envelope.wrap(payload, key).length),
        rate(_ -> Envelope.unwrap(wire, key) instanceof Decoded.Accepted<byte[]> ? 1 : 0),
        rate(
            _ ->
                Envelope.unwrap(Envelope.wrap(encode.apply(message), key), key)
                            instanceof Decoded.Accepted<byte[]>(byte[] heard, _)
                        && decode.apply(heard) instanceof Decoded.Accepted<M>
                    ? 1
                    : 0));
  }

  @FunctionalInterface
  private interface Once {
    int of(int turn);
  }

  private static String rate(Once once) {
    return Figures.perSecond(
        Rounds.perSecond(
            times -> {
              long sum = 0;
              for (int i = 0; i < times; i++) {
                sum += once.of(i);
              }
              return sum;
            }));
  }

  static Swim ping() {
    List<Membership> riding = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      riding.add(new Membership(member(i), Health.ALIVE));
    }
    return new Swim.Ping(member(7).withAddress(""), Optional.empty(), riding);
  }

  static Member member(int number) {
    return Member.of(
        "%032x".formatted(0x9e3779b97f4a7c15L * (number + 1)),
        number % 4,
        "10.%d.%d.%d".formatted(number / 62_500, number / 250 % 250, number % 250 + 1),
        PORT);
  }

  private static Rumor service() {
    String id = member(1).id();
    return new Rumor.ServiceRumor(
        id,
        id,
        new ServiceGroup("postgresql.default"),
        3,
        true,
        "acme/postgresql/16.4.0/20260102030405",
        Bytes.utf8("port = 5432\nhost = \"10.0.0.2\"\n"),
        new SysInfo(
            "10.0.0.2", "db-1.example", "0.0.0.0", PORT, "0.0.0.0", 9631, "127.0.0.1", 9632),
        0);
  }
}
