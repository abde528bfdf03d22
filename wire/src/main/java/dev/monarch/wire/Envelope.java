package dev.monarch.wire;

import com.google.protobuf.CodedOutputStream;
import dev.monarch.crypto.RingKey;
import dev.monarch.wire.Decoded.Accepted;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outermost message of both planes (butterfly.md 2.2): a payload, in clear or sealed with the
 * ring key under a fresh nonce (3.2).
 *
 * <p>What the {@code encrypted} flag says is not looked at, as in the original: whoever has a key
 * opens, whoever has none takes the payload as it is. Safe for any thread.
 */
public final class Envelope {
  /** The original reads datagrams into a buffer of this size and drops what was cut off (1.2). */
  public static final int DATAGRAM_BYTES_MAX = 1024;

  /** The longest envelope that is looked at: the longest rumor, sealed, and some unknown fields. */
  public static final int ENVELOPE_BYTES_MAX = Limits.RUMOR_BYTES_MAX + 1024;

  /** The flag, and the nonce with key and length. */
  private static final int SEALED_HEADER_BYTES = 2 + 2 + RingKey.NONCE_BYTES;

  private Envelope() {}

  /** Bytes of a whole envelope around a payload of this many bytes. */
  public static int sizeBytes(int payloadBytes, boolean sealed) {
    return sealed
        ? SEALED_HEADER_BYTES + Encoding.embeddedSize(3, payloadBytes + RingKey.TAG_BYTES)
        : Encoding.embeddedSize(3, payloadBytes);
  }

  /** The payload in clear, or sealed with the key and a fresh nonce. */
  public static byte[] wrap(byte[] payload, Optional<RingKey> key) {
    return key.isPresent() ? wrap(payload, key.get(), RingKey.freshNonce()) : wrap(payload);
  }

  private static byte[] wrap(byte[] payload) {
    return Encoding.encode(sizeBytes(payload.length, false), out -> out.writeByteArray(3, payload));
  }

  /** The payload sealed under a given nonce, which must never be used again with that key. */
  static byte[] wrap(byte[] payload, RingKey key, byte[] nonce) {
    byte[] box = key.seal(nonce, payload);
    return Encoding.encode(
        sizeBytes(payload.length, true),
        (CodedOutputStream out) -> {
          out.writeBool(1, true);
          out.writeByteArray(2, nonce);
          out.writeByteArray(3, box);
        });
  }

  /** The payload, opened with the key if there is one. */
  public static Decoded<byte[]> unwrap(byte[] wire, Optional<RingKey> key) {
    return unwrap(wire, key.map(List::of).orElse(List.of()));
  }

  /**
   * The payload, opened with the first of the keys that fits, so that a ring can change its key
   * while both are about (W20). Without any key it is taken as it is.
   */
  public static Decoded<byte[]> unwrap(byte[] wire, List<RingKey> keys) {
    try {
      Limits.checkSize(wire, ENVELOPE_BYTES_MAX);
      Parts parts = Draft.decode(new Parts(), wire);
      byte[] payload = parts.payload();
      return new Accepted<>(keys.isEmpty() ? payload : open(payload, parts.nonce(), keys), 0);
    } catch (RefusedException e) {
      return e.reason() == Rejection.MALFORMED ? e.rejected(Rejection.ENVELOPE) : e.rejected();
    }
  }

  private static byte[] open(byte[] box, byte[] nonce, List<RingKey> keys) throws RefusedException {
    for (RingKey key : keys) {
      Optional<byte[]> payload = key.open(nonce, box);
      if (payload.isPresent()) {
        return payload.get();
      }
    }
    throw new RefusedException(
        Rejection.AUTHENTICATION,
        "expected a message sealed with the key of this ring, found one that does not open with"
            + " it");
  }

  /** The fields of an envelope on its way in. */
  private static final class Parts extends Draft {
    private @Nullable Bytes nonce;
    private @Nullable Bytes payload;

    @Override
    protected void read(ProstReader in) throws RefusedException {
      switch (in.field()) {
        // Never inspected, but a wrong wire type is an error like any other.
        case 1 -> in.bool();
        case 2 -> nonce = in.byteString();
        case 3 -> payload = in.byteString();
        default -> in.skip();
      }
    }

    byte[] payload() throws RefusedException {
      if (payload == null) {
        throw new RefusedException(Rejection.ENVELOPE, "expected a payload, found none");
      }
      return payload.toArray();
    }

    byte[] nonce() throws RefusedException {
      if (nonce == null || nonce.size() != RingKey.NONCE_BYTES) {
        throw new RefusedException(
            Rejection.NONCE_MISSING,
            "expected a nonce of 24 bytes because this ring has a key, found "
                + (nonce == null ? "none" : nonce.size() + " bytes"));
      }
      return nonce.toArray();
    }
  }
}
