package dev.monarch.cli.ctl;

import dev.monarch.cli.CommandFailed;
import dev.monarch.wire.Decoded;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.Decoded.Rejected;
import dev.monarch.wire.control.ControlCodec;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlRequest;
import dev.monarch.wire.control.ErrorCode;
import dev.monarch.wire.control.Frame;
import dev.monarch.wire.control.FrameReader;
import dev.monarch.wire.control.Handshake;
import dev.monarch.wire.control.Transaction;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks a control gateway one thing (control.md 1). The end of the connection is the end of the
 * answer; marks of completeness and transactions are not looked at, as originals do not either.
 */
public final class ControlClient {
  /** For a connection, for TLS, and then for an answer to the handshake. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** A TLS alert, which a gateway with TLS says to whom speaks none. */
  private static final byte[] TLS_ALERT = {0x15, 0x03};

  private final InetSocketAddress gateway;
  private final String host;
  private final String secret;
  private final Optional<GatewayTls> tls;
  private final Duration patience;

  /**
   * Asks nothing yet.
   *
   * @param host as typed
   * @param tls empty to speak in clear
   */
  ControlClient(
      InetSocketAddress gateway,
      String host,
      String secret,
      Optional<GatewayTls> tls,
      Duration patience) {
    this.gateway = gateway;
    this.host = host;
    this.secret = secret;
    this.tls = tls;
    this.patience = patience;
  }

  /**
   * Asks, and hands over every reply as it comes. A secret that is refused comes as a reply too.
   *
   * @throws SupervisorUnreachable if nobody listens
   * @throws CommandFailed if the conversation breaks off
   */
  public void ask(ControlRequest request, Consumer<ControlReply> replies)
      throws SupervisorUnreachable {
    try (Socket plain = connect();
        Socket socket = secured(plain)) {
      var in = new PushbackInputStream(socket.getInputStream(), TLS_ALERT.length);
      var frames = new FrameReader(in);
      ControlReply welcome = greet(socket, in, frames);
      if (!(welcome instanceof NetOk)) {
        replies.accept(welcome);
        return;
      }
      send(socket, ControlCodec.frame(Transaction.REQUEST, request));
      for (Optional<ControlReply> next = next(frames); next.isPresent(); next = next(frames)) {
        replies.accept(next.get());
      }
    } catch (IOException broken) {
      throw new CommandFailed(
          "expected an answer from the Supervisor at %s, found: %s; look at its output"
              .formatted(this, broken.getMessage()));
    }
  }

  private Socket secured(Socket plain) throws IOException {
    plain.setTcpNoDelay(true);
    plain.setSoTimeout((int) patience.toMillis());
    return tls.isPresent() ? tls.get().secure(plain, host, gateway.getPort()) : plain;
  }

  private Socket connect() throws IOException, SupervisorUnreachable {
    var socket = new Socket();
    try {
      socket.connect(gateway, (int) patience.toMillis());
      return socket;
    } catch (ConnectException | NoRouteToHostException | SocketTimeoutException nobody) {
      socket.close();
      throw new SupervisorUnreachable(
          "Unable to contact the Supervisor. Expected one at %s, found: %s; start it with 'hab sup run', or name another one with --remote-sup."
              .formatted(this, nobody.getMessage()));
    }
  }

  private ControlReply greet(Socket socket, PushbackInputStream in, FrameReader frames)
      throws IOException {
    try {
      send(socket, ControlCodec.frame(Transaction.HANDSHAKE, new Handshake(secret)));
      refuseTls(in);
      ControlReply welcome =
          next(frames)
              .orElseThrow(
                  () ->
                      new CommandFailed(
                          "The connection was unexpectedly closed. Expected the control gateway of a Supervisor at %s; check the address, and whether it is shutting down or speaks TLS."
                              .formatted(this)));
      if (welcome instanceof NetErr(ErrorCode code, String _)
          && code == ErrorCode.TLS_HANDSHAKE_FAILED) {
        throw new CommandFailed(speaksTls());
      }
      socket.setSoTimeout(0);
      return welcome;
    } catch (SocketTimeoutException silence) {
      throw new CommandFailed(
          "client timed out: expected an answer from %s within %d s, found none; check whether the address is that of a control gateway"
              .formatted(this, patience.toSeconds()));
    } catch (IOException closed) {
      if (tls.isPresent()) {
        // A gateway judges our certificate when we believe that TLS stands.
        throw new CommandFailed(tls.get().rejected(closed, toString()));
      }
      throw closed;
    }
  }

  private void refuseTls(PushbackInputStream in) throws IOException {
    byte[] first = in.readNBytes(TLS_ALERT.length);
    if (Arrays.equals(first, TLS_ALERT)) {
      throw new CommandFailed(speaksTls());
    }
    in.unread(first);
  }

  private String speaksTls() {
    return "expected a control gateway without TLS at %s, found one with it; name its certificate as %s in cli.toml ('hab cli setup' asks for it)"
        .formatted(this, GatewayTls.AUTHORITY);
  }

  private Optional<ControlReply> next(FrameReader frames) throws IOException {
    Optional<Decoded<Frame>> next = frames.next(Frame.FRAME_BYTES_MAX);
    if (next.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(accepted(ControlCodec.reply(accepted(next.get()))));
  }

  private <T> T accepted(Decoded<T> decoded) {
    return switch (decoded) {
      case Accepted<T>(T value, int _) -> value;
      case Rejected<T>(var _, String detail) ->
          throw new CommandFailed(
              "%s in what %s says; check whether the address is that of a control gateway"
                  .formatted(detail, this));
    };
  }

  private static void send(Socket socket, Frame frame) throws IOException {
    socket.getOutputStream().write(frame.encode());
  }

  /** The original's form of a refusal. */
  public static String text(NetErr refusal) {
    return "[Err: " + refusal.code().number() + "] " + refusal.message();
  }

  /** Its address as typed, with the port. */
  @Override
  public String toString() {
    return host + ":" + gateway.getPort();
  }
}
