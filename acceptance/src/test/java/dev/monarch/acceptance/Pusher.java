package dev.monarch.acceptance;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A stranger at a gossip port who speaks just enough ZMTP to push messages (butterfly.md 1.4),
 * written apart from the product's own so that they do not share a misunderstanding.
 */
final class Pusher implements AutoCloseable {
  private static final int GREETING_BYTES = 64;
  private static final int SHORT_FRAME_MAX = 255;
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket = new Socket();
  private final DataOutputStream out;

  Pusher(String address, int port) throws IOException {
    socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    out = new DataOutputStream(socket.getOutputStream());
    out.write(greeting());
    out.write(ready());
    out.flush();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    in.readFully(new byte[GREETING_BYTES]);
    in.readByte();
    in.readFully(new byte[in.readUnsignedByte()]);
  }

  static byte[] greeting() {
    byte[] greeting = new byte[GREETING_BYTES];
    greeting[0] = (byte) 0xff;
    greeting[8] = 1;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    byte[] mechanism = "NULL".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(mechanism, 0, greeting, 12, mechanism.length);
    return greeting;
  }

  private static byte[] ready() {
    byte[] property = "Socket-Type".getBytes(StandardCharsets.US_ASCII);
    byte[] command = "READY".getBytes(StandardCharsets.US_ASCII);
    byte[] type = "PUSH".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer body = ByteBuffer.allocate(64);
    body.put((byte) command.length).put(command).put((byte) property.length).put(property);
    body.putInt(type.length).put(type);
    byte[] bytes = Arrays.copyOf(body.array(), body.position());
    return ByteBuffer.allocate(2 + bytes.length)
        .put((byte) 4)
        .put((byte) bytes.length)
        .put(bytes)
        .array();
  }

  void push(byte[] message) throws IOException {
    if (message.length <= SHORT_FRAME_MAX) {
      out.writeByte(0);
      out.writeByte(message.length);
    } else {
      out.writeByte(2);
      out.writeLong(message.length);
    }
    out.write(message);
    out.flush();
  }

  /** Announces a frame that nobody could want, and sends none of it. */
  void pushHeadOfHugeFrame() throws IOException {
    out.writeByte(2);
    out.writeLong(1L << 40);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
