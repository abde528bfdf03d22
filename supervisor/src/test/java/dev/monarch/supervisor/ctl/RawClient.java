package dev.monarch.supervisor.ctl;

import dev.monarch.wire.Decoded;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.FrameReader;
import dev.monarch.wire.control.Handshake;
import dev.monarch.wire.control.Transaction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A client of which every byte is chosen by the test. It waits for an answer for a minute and a
 * half.
 */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 90_000;

  private final Socket socket;

  public RawClient(InetSocketAddress gateway) throws IOException {
    this(new Socket(gateway.getAddress(), gateway.getPort()));
  }

  /** On a connection that may speak TLS. */
  RawClient(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  public RawClient send(String hex) throws IOException {
    return send(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  public RawClient greet(String secret) throws IOException {
    return send(ControlCodec.frame(Transaction.HANDSHAKE, new Handshake(secret)).encode());
  }

  public RawClient ask(ControlRequest request) throws IOException {
    return send(ControlCodec.frame(Transaction.REQUEST, request).encode());
  }

  /** Says nothing more, and still listens. */
  RawClient fallSilent() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** The next bytes, as many as that, in hexadecimal digits. */
  public String hear(int count) throws IOException {
    return HexFormat.of().formatHex(socket.getInputStream().readNBytes(count));
  }

  /** Everything up to the end of the connection, in hexadecimal digits. */
  public String hearAll() throws IOException {
    return HexFormat.of().formatHex(socket.getInputStream().readAllBytes());
  }

  public Optional<Frame> hearFrame() throws IOException {
    Optional<Decoded<Frame>> next =
        new FrameReader(socket.getInputStream()).next(Frame.FRAME_BYTES_MAX);
    return next.map(
        decoded -> {
          if (decoded instanceof Accepted<Frame>(Frame frame, int _)) {
            return frame;
          }
          throw new AssertionError("no frame: " + decoded);
        });
  }

  /** The next reply of the request; none at the end of the connection. */
  public Optional<ControlReply> hearReply() throws IOException {
    return hearFrame()
        .map(
            frame -> {
              if (ControlCodec.reply(frame)
                  instanceof Accepted<ControlReply>(ControlReply reply, int _)) {
                return reply;
              }
              throw new AssertionError("no reply: " + frame);
            });
  }

  /** Everything said to one request, after the handshake was answered. */
  public List<ControlReply> hearReplies() throws IOException {
    List<ControlReply> replies = new ArrayList<>();
    for (Optional<ControlReply> next = hearReply(); next.isPresent(); next = hearReply()) {
      replies.add(next.get());
    }
    return replies;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
