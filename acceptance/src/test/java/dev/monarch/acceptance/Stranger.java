package dev.monarch.acceptance;

import dev.monarch.wire.Bytes;
import dev.monarch.wire.Envelope;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.RumorCodec;
import dev.monarch.wire.ServiceGroup;
import java.io.IOException;
import java.util.Optional;

/** Rumors from outside the ring, in clear, as the command line injects them (butterfly.md 7.5). */
final class Stranger {
  private static final int PORT = 9638;

  private Stranger() {}

  static byte[] message(Rumor rumor) {
    return Envelope.wrap(RumorCodec.encode(rumor), Optional.empty());
  }

  static void push(Supervisor member, Rumor rumor) throws IOException {
    try (Pusher pusher = new Pusher(member.address(), PORT)) {
      pusher.push(message(rumor));
    }
  }

  static Rumor config(String group, long version, String text) {
    return new Rumor.ServiceConfigRumor(
        "butterflyclient", group(group), version, false, Bytes.utf8(text));
  }

  static ServiceGroup group(String text) {
    return ServiceGroup.parse(text).orElseThrow();
  }
}
