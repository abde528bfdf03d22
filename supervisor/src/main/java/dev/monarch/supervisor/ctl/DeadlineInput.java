package dev.monarch.supervisor.ctl;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * What comes from a socket, up to a moment. A time-out of the socket alone would begin anew with
 * every byte, and a sender of single bytes would never be late.
 */
final class DeadlineInput extends InputStream {
  private final Socket socket;
  private final InputStream in;
  private OptionalLong endNanos = OptionalLong.empty();

  DeadlineInput(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** Everything to be read must come within this time from now. */
  void within(Duration time) {
    endNanos = OptionalLong.of(System.nanoTime() + time.toNanos());
  }

  /** From now on there is no hurry. */
  void atLeisure() throws IOException {
    endNanos = OptionalLong.empty();
    socket.setSoTimeout(0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (endNanos.isPresent()) {
      long left = TimeUnit.NANOSECONDS.toMillis(endNanos.getAsLong() - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("expected more bytes in time, found silence");
      }
      // Zero would mean for ever.
      socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
    }
    return in.read(into, offset, length);
  }
}
