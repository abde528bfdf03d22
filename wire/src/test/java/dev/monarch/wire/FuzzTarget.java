package dev.monarch.wire;

import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.RingKey;
import dev.monarch.wire.Decoded.Accepted;
import java.util.List;
import java.util.Optional;

/**
 * The decoders as a fuzzer sees them: bytes go in, and an exception comes out if a promise is
 * broken. The promises: nothing is thrown, and what was accepted survives being said again.
 */
enum FuzzTarget {
  ENVELOPE {
    @Override
    void run(byte[] bytes) {
      if (Envelope.unwrap(bytes, Optional.empty()) instanceof Accepted<byte[]>(byte[] payload, _)) {
        SWIM.run(payload);
        RUMOR.run(payload);
      }
      if (Envelope.unwrap(bytes, Optional.of(KEY)) instanceof Accepted<byte[]>(byte[] payload, _)) {
        SWIM.run(payload);
        RUMOR.run(payload);
      }
    }

    @Override
    List<byte[]> seeds() {
      return Vectors.all().stream().map(vector -> vector.wire().toArray()).toList();
    }
  },
  SWIM {
    @Override
    void run(byte[] bytes) {
      if (SwimCodec.decode(bytes) instanceof Accepted<Swim>(Swim message, _)) {
        byte[] again = SwimCodec.encode(message);
        check(SwimCodec.sizeBytes(message) == again.length, message);
        check(SwimCodec.decode(again).equals(new Accepted<>(message, 0)), message);
      }
    }

    @Override
    List<byte[]> seeds() {
      return Vectors.datagrams().stream().map(vector -> vector.payload().toArray()).toList();
    }
  },
  RUMOR {
    @Override
    void run(byte[] bytes) {
      if (RumorCodec.decode(bytes) instanceof Accepted<Rumor>(Rumor rumor, _)) {
        byte[] again = RumorCodec.encode(rumor);
        check(RumorCodec.sizeBytes(rumor) == again.length, rumor);
        check(RumorCodec.decode(again).equals(new Accepted<>(rumor, 0)), rumor);
      }
      if (RumorCodec.decodeMembership(bytes) instanceof Accepted<Membership>(Membership found, _)) {
        byte[] again = RumorCodec.encode(found);
        check(RumorCodec.decodeMembership(again).equals(new Accepted<>(found, 0)), found);
      }
    }

    @Override
    List<byte[]> seeds() {
      return Vectors.rumors().stream().map(vector -> vector.payload().toArray()).toList();
    }
  };

  /** The key of the sealed vectors. */
  private static final RingKey KEY = key();

  abstract void run(byte[] bytes);

  /** Observed messages, from which to go on. */
  abstract List<byte[]> seeds();

  private static void check(boolean holds, Object message) {
    if (!holds) {
      throw new AssertionError("does not survive being said again: " + message);
    }
  }

  private static RingKey key() {
    try {
      return RingKey.parse(
          "SYM-SEC-1\nvector-20261123000000\n\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }
}
