package dev.monarch.ring.zmtp;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One TCP connection that speaks ZMTP 3.0 with the NULL mechanism. One thread reads, any may write,
 * and closing ends them all.
 */
final class Connection implements Closeable {
  /** First of a ZMTP greeting, eight bytes of padding, last of its signature. */
  private static final int SIGNATURE_FIRST = 0xff;

  private static final int SIGNATURE_LAST_AT = 9;
  private static final int SIGNATURE_LAST = 0x7f;
  private static final int VERSION_AT = 10;
  private static final int MECHANISM_AT = 12;
  private static final int MECHANISM_BYTES = 20;
  private static final int GREETING_BYTES = 64;

  /** Commands are a handful of short properties; one this long is no handshake. */
  private static final int COMMAND_BYTES_MAX = 4096;

  /** Frames are gathered up to this size, so that a round of small rumors is one write. */
  private static final int GATHER_BYTES = 64 * 1024;

  /**
   * A dozen of small rumors, which come together, are one read; there may be a thousand of these.
   */
  private static final int READ_BYTES = 2 * 1024;

  private final SocketChannel channel;
  private final InputStream in;
  private final ReentrantLock writing = new ReentrantLock();

  /** Takes over a connected channel in blocking mode. */
  Connection(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.in = new BufferedInputStream(channel.socket().getInputStream(), READ_BYTES);
    channel.socket().setTcpNoDelay(true);
  }

  /**
   * Greets, and checks that the other end has the wanted socket type.
   *
   * @throws SocketTimeoutException if all this takes too long
   */
  void handshake(String ownType, String wantedType, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    writeThoughUnread(greeting());
    byte[] heard = readFully(GREETING_BYTES, deadline);
    checkGreeting(heard);
    writeThoughUnread(Frame.ready(ownType));
    Frame ready = readFrame(COMMAND_BYTES_MAX, Optional.of(deadline), Duration.ZERO);
    if (!ready.command() || !ready.commandName().equals("READY")) {
      throw new ProtocolException("expected READY after the greeting, found something else");
    }
    String type = ready.socketType().orElse("none");
    if (!type.equals(wantedType)) {
      throw new ProtocolException("expected a socket of type " + wantedType + ", found " + type);
    }
  }

  private static byte[] greeting() {
    byte[] bytes = new byte[GREETING_BYTES];
    bytes[0] = (byte) SIGNATURE_FIRST;
    bytes[8] = 1;
    bytes[SIGNATURE_LAST_AT] = SIGNATURE_LAST;
    bytes[VERSION_AT] = 3;
    byte[] mechanism = "NULL".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(mechanism, 0, bytes, MECHANISM_AT, mechanism.length);
    return bytes;
  }

  private static void checkGreeting(byte[] heard) throws ProtocolException {
    if ((heard[0] & 0xff) != SIGNATURE_FIRST || heard[SIGNATURE_LAST_AT] != SIGNATURE_LAST) {
      throw new ProtocolException("expected a ZMTP greeting, found other bytes");
    }
    if (heard[VERSION_AT] < 3) {
      throw new ProtocolException("expected ZMTP 3 or later, found " + heard[VERSION_AT]);
    }
    byte[] expected = new byte[MECHANISM_BYTES];
    byte[] name = "NULL".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, expected, 0, name.length);
    if (!Arrays.equals(
        heard, MECHANISM_AT, MECHANISM_AT + MECHANISM_BYTES, expected, 0, MECHANISM_BYTES)) {
      throw new ProtocolException("expected the mechanism NULL, found another one");
    }
  }

  /**
   * Writes something the other end may not wait for: a sender that greets, sends and closes in one
   * go has still said everything there is to read.
   */
  private void writeThoughUnread(byte[] bytes) {
    try {
      write(bytes);
    } catch (IOException e) {
      // What can be read decides; if the connection is broken for reading too, that will tell.
    }
  }

  /**
   * The next frame, or empty if the other end closed after a whole one. Its first byte is waited
   * for however long it takes: a timer for each message would cost more than reading it.
   *
   * @param between how long to wait for each further piece of it
   */
  Optional<Frame> read(int bodyBytesMax, Duration between) throws IOException {
    channel.socket().setSoTimeout(0);
    int flags = in.read();
    if (flags < 0) {
      return Optional.empty();
    }
    return Optional.of(readFrame(flags, bodyBytesMax, Optional.empty(), between));
  }

  private Frame readFrame(int bodyBytesMax, Optional<Long> deadline, Duration between)
      throws IOException {
    int flags = readFully(1, deadline, between)[0] & 0xff;
    return readFrame(flags, bodyBytesMax, deadline, between);
  }

  private Frame readFrame(int flags, int bodyBytesMax, Optional<Long> deadline, Duration between)
      throws IOException {
    if ((flags & ~(Frame.FLAG_MORE | Frame.FLAG_LONG | Frame.FLAG_COMMAND)) != 0) {
      throw new ProtocolException("expected frame flags of 0 to 7, found " + flags);
    }
    boolean isLong = (flags & Frame.FLAG_LONG) != 0;
    byte[] size = readFully(isLong ? 8 : 1, deadline, between);
    long length = isLong ? ByteBuffer.wrap(size).getLong() : size[0] & 0xff;
    if (length < 0 || length > bodyBytesMax) {
      throw new OversizedException(length, bodyBytesMax);
    }
    byte[] body = readFully((int) length, deadline, between);
    return new Frame((flags & Frame.FLAG_COMMAND) != 0, body);
  }

  private byte[] readFully(int length, long deadline) throws IOException {
    return readFully(length, Optional.of(deadline), Duration.ZERO);
  }

  /** Memory grows with what really arrives, not with what was announced. */
  private byte[] readFully(int length, Optional<Long> deadline, Duration between)
      throws IOException {
    byte[] bytes = new byte[Math.min(length, GATHER_BYTES)];
    int filled = 0;
    while (filled < length) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, bytes.length * 2L));
      }
      long waitNanos =
          deadline.isPresent() ? deadline.get() - System.nanoTime() : between.toNanos();
      if (waitNanos <= 0) {
        throw new SocketTimeoutException("expected the handshake to end in time");
      }
      channel.socket().setSoTimeout((int) Math.max(1, waitNanos / 1_000_000));
      int count = in.read(bytes, filled, bytes.length - filled);
      if (count < 0) {
        throw new EOFException(
            "expected " + length + " bytes, the other end closed after " + filled);
      }
      filled += count;
    }
    return bytes;
  }

  /** Hands these messages to the operating system, each as a frame of its own. */
  void writeMessages(List<byte[]> messages) throws IOException {
    writing.lock();
    try {
      ByteBuffer gathered = ByteBuffer.allocate(GATHER_BYTES);
      for (byte[] message : messages) {
        if (gathered.remaining() < Frame.HEAD_BYTES_MAX + message.length) {
          flush(gathered);
        }
        if (gathered.remaining() < Frame.HEAD_BYTES_MAX + message.length) {
          ByteBuffer own = ByteBuffer.allocate(Frame.HEAD_BYTES_MAX + message.length);
          Frame.putMessage(own, message);
          flush(own);
        } else {
          Frame.putMessage(gathered, message);
        }
      }
      flush(gathered);
    } finally {
      writing.unlock();
    }
  }

  void write(byte[] bytes) throws IOException {
    writing.lock();
    try {
      flush(ByteBuffer.allocate(bytes.length).put(bytes));
    } finally {
      writing.unlock();
    }
  }

  private void flush(ByteBuffer buffer) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Closing is all that could be done about it.
    }
  }
}
