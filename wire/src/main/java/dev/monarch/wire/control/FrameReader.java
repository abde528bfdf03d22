package dev.monarch.wire.control;

import dev.monarch.wire.Decoded;
import dev.monarch.wire.Decoded.Rejected;
import dev.monarch.wire.Rejection;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Takes frames from a stream. Memory is used for bytes that came, not for bytes that a header
 * announces.
 */
public final class FrameReader {
  private final InputStream in;

  public FrameReader(InputStream in) {
    this.in = in;
  }

  /**
   * Waits for a frame.
   *
   * @param bytesMax the longest frame to take; behind a longer one the stream is of no more use
   * @return empty if the stream ends before the next frame begins
   * @throws EOFException if it ends within one
   */
  public Optional<Decoded<Frame>> next(int bytesMax) throws IOException {
    byte[] word = in.readNBytes(Frame.HEADER_BYTES);
    if (word.length == 0) {
      return Optional.empty();
    }
    if (word.length < Frame.HEADER_BYTES) {
      throw new EOFException("expected a frame, found the end of the connection in its header");
    }
    int header = ByteBuffer.wrap(word).getInt();
    int behind = Frame.bytesBehind(header);
    if (Frame.HEADER_BYTES + behind > bytesMax) {
      return Optional.of(
          new Rejected<>(
              Rejection.OVERSIZED,
              "expected a frame of at most %d bytes, found one of %d"
                  .formatted(bytesMax, Frame.HEADER_BYTES + behind)));
    }
    byte[] rest = in.readNBytes(behind);
    if (rest.length < behind) {
      throw new EOFException(
          "expected a frame of %d bytes, found the end of the connection after %d"
              .formatted(Frame.HEADER_BYTES + behind, Frame.HEADER_BYTES + rest.length));
    }
    return Optional.of(Frame.decode(header, rest));
  }
}
