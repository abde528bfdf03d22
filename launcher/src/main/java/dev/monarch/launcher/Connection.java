package dev.monarch.launcher;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Messages over a socket, in both directions. Any thread may send, one receives. */
final class Connection implements AutoCloseable {
  private final SocketChannel channel;
  private final Object sending = new Object();

  Connection(SocketChannel channel) {
    this.channel = channel;
  }

  void send(Message message) throws IOException {
    ByteBuffer frame = ByteBuffer.wrap(MessageCodec.encode(message));
    synchronized (sending) {
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
    }
  }

  /**
   * Waits for the next message.
   *
   * @throws IOException if there is none: the other side is gone or said what is no message
   */
  Message receive() throws IOException {
    int length = fill(ByteBuffer.allocate(Integer.BYTES)).getInt();
    if (length < 1 || length > MessageCodec.FRAME_BYTES_MAX) {
      throw new IOException(
          "expected a message of 1 to %d bytes, found %d"
              .formatted(MessageCodec.FRAME_BYTES_MAX, length));
    }
    return MessageCodec.decode(fill(ByteBuffer.allocate(length)).array());
  }

  private ByteBuffer fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the other side closed the connection");
      }
    }
    return buffer.flip();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // It is of no use any more either way.
    }
  }
}
