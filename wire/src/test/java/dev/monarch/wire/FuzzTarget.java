package dev.monarch.wire;

import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.RingKey;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ControlRequest.SupDepart;
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlVectors;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.FrameReader;
import dev.monarch.wire.control.Handshake;
import dev.monarch.wire.control.Transaction;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

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
      return Stream.concat(
              Vectors.rumors().stream().map(vector -> vector.payload().toArray()),
              Stream.of(RumorCodec.encode(OURS)))
          .toList();
    }
  },
  CONTROL {
    @Override
    void run(byte[] bytes) {
      var reader = new FrameReader(new ByteArrayInputStream(bytes));
      try {
        Optional<Decoded<Frame>> next = reader.next(Frame.FRAME_BYTES_MAX);
        while (next.isPresent() && next.get() instanceof Accepted<Frame>(Frame frame, _)) {
          check(frame);
          next = reader.next(Frame.FRAME_BYTES_MAX);
        }
      } catch (EOFException truncated) {
        // The end of a connection within a frame is what this is for.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void check(Frame frame) {
      if (ControlCodec.handshake(frame) instanceof Accepted<Handshake>(Handshake message, _)) {
        Frame again = ControlCodec.frame(Transaction.HANDSHAKE, message);
        check(ControlCodec.handshake(again).equals(new Accepted<>(message, 0)), message);
      }
      if (ControlCodec.request(frame)
          instanceof Accepted<ControlRequest>(ControlRequest message, _)) {
        Frame again = ControlCodec.frame(Transaction.REQUEST, message);
        check(ControlCodec.request(again).equals(new Accepted<>(message, 0)), message);
      }
      if (ControlCodec.reply(frame) instanceof Accepted<ControlReply>(ControlReply message, _)) {
        Frame again = ControlCodec.frame(Transaction.REQUEST, message);
        check(ControlCodec.reply(again).equals(new Accepted<>(message, 0)), message);
      }
    }

    @Override
    List<byte[]> seeds() {
      return Stream.concat(
              ControlVectors.all().stream().map(vector -> vector.wire().toArray()),
              Stream.of(
                  ControlCodec.frame(
                          Transaction.REQUEST,
                          new SvcSetCfg(
                              new ServiceGroup("web.default"),
                              Bytes.utf8("port = 1"),
                              7,
                              true,
                              true,
                              OptionalLong.of(60)))
                      .encode(),
                  ControlCodec.frame(
                          Transaction.REQUEST,
                          new SvcFilePut(
                              new ServiceGroup("web.default@org"),
                              Bytes.utf8("text"),
                              "a.txt",
                              7,
                              true,
                              true))
                      .encode(),
                  ControlCodec.frame(Transaction.REQUEST, new SupDepart("0123")).encode()))
          .toList();
    }
  };

  /** With what no original says. */
  private static final Rumor OURS =
      new Rumor.ServiceRumor(
          "0123",
          "0123",
          new ServiceGroup("web.default"),
          3,
          false,
          "acme/web/1/2",
          Bytes.utf8("port = 1"),
          new SysInfo("10.0.0.1", "host", "0.0.0.0", 9638, "0.0.0.0", 9631, "127.0.0.1", 9632),
          0,
          Optional.of(AppliedConfiguration.rejected(7, "no TOML")));

  /** The key of the sealed vectors. */
  private static final RingKey KEY = key();

  abstract void run(byte[] bytes);

  /** Observed messages, from which to go on. */
  abstract List<byte[]> seeds();

  static void check(boolean holds, Object message) {
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
