package dev.monarch.supervisor.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.monarch.wire.Decoded;
import dev.monarch.wire.Decoded.Accepted;
import dev.monarch.wire.Decoded.Rejected;
import dev.monarch.wire.Rejection;
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
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/**
 * One connection, from its first byte to its last (control.md 1 and 5.1):
 *
 * <pre>
 *   caller     a greeting of TLS, where that is spoken              stranger
 *              anything else there          NetErr 10        ends
 *   stranger   a handshake with the secret     NetOk            known
 *              one with another secret         NetErr 4         ends
 *              anything else, or too late      nothing          ends
 *   known      a request                       its replies      ends
 *              a frame without a transaction   nothing          ends, and nothing was done
 * </pre>
 *
 * <p>What comes behind the request is not looked at, but read: a connection that is closed with
 * unread bytes takes back what was sent last.
 *
 * <p>Nobody is waited for without end but a known client with its request, and the command it asked
 * for: a greeting and a handshake have {@link ControlGateway}'s time each, and so has a client to
 * take each reply. Who is too slow is cut off, and its command goes on. A command that goes on for
 * its client only may have it watched, which is another thread that reads from then on.
 */
final class Conversation implements AutoCloseable {
  /** A secret of any sane length. Strangers get no more memory than this. */
  private static final int HANDSHAKE_BYTES_MAX = 16 * 1024;

  /** For a client to take the last reply and go. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final int FAREWELL_BYTES_MAX = 2 * Frame.FRAME_BYTES_MAX;

  /** What a client in clear hears where TLS is spoken; it belongs to no transaction. */
  private static final Frame NOTICE = notice();

  /** The connection itself; closing it ends whatever happens on it, which TLS's would wait for. */
  private final Socket connection;

  private final Optional<GatewayTls> tls;
  private final Deadlines deadlines;
  private final byte[] secret;
  private final Patience patience;
  private final ControlCommands commands;
  private final CallCounters counters;

  /** What is talked through: the connection, or TLS on it. */
  private Socket socket;

  private volatile boolean known;
  private boolean gone;

  /** Reads what comes behind the request, to its end, if the command wants to know of that. */
  private Optional<Thread> watch = Optional.empty();

  Conversation(
      Socket connection,
      Optional<GatewayTls> tls,
      Deadlines deadlines,
      String secret,
      Patience patience,
      ControlCommands commands,
      CallCounters counters) {
    this.connection = connection;
    this.socket = connection;
    this.tls = tls;
    this.deadlines = deadlines;
    this.secret = secret.getBytes(UTF_8);
    this.patience = patience;
    this.commands = commands;
    this.counters = counters;
  }

  private static Frame notice() {
    Frame reply =
        ControlCodec.frame(
            Transaction.HANDSHAKE,
            new NetErr(
                ErrorCode.TLS_HANDSHAKE_FAILED,
                "TLS handshake failed, err: expected TLS, found a client that speaks in clear; set"
                    + " ctl_server_ca_certificate in its cli.toml"));
    return new Frame(Optional.empty(), reply.messageId(), reply.body());
  }

  /** Whether the client has shown the secret. */
  boolean isKnown() {
    return known;
  }

  /** Leads the conversation to its end. */
  void run() {
    try {
      connection.setTcpNoDelay(true);
      // A client whose machine died would stay for ever.
      connection.setKeepAlive(true);
      if (tls.isEmpty() || secure(tls.get())) {
        converse();
      }
    } catch (IOException ended) {
      // Too late, cut off, or gone: there is nobody to tell.
    } finally {
      close();
    }
  }

  private void converse() throws IOException {
    var in = new DeadlineInput(socket);
    var frames = new FrameReader(in);
    in.within(patience.greeting());
    if (admit(frames)) {
      in.atLeisure();
      serve(frames, in);
    }
    end(in);
  }

  /** Sends nothing more, and with TLS says so. */
  private void end(DeadlineInput in) throws IOException {
    try (Deadlines.Guard _ = deadlines.within(patience.taking(), this::close)) {
      socket.shutdownOutput();
    }
    if (watch.isPresent()) {
      awaitGone(watch.get());
    } else {
      in.within(FAREWELL);
      in.skipNBytes(FAREWELL_BYTES_MAX);
    }
  }

  private static void awaitGone(Thread watch) {
    try {
      watch.join(FAREWELL);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** False for a client that does not speak TLS; it is told so, in clear. */
  private boolean secure(GatewayTls gateway) throws IOException {
    try (Deadlines.Guard _ = deadlines.within(patience.greeting(), this::close)) {
      int first = connection.getInputStream().read();
      if (first == GatewayTls.FIRST_BYTE) {
        socket = gateway.secure(connection);
        return true;
      }
      if (first >= 0) {
        say(NOTICE);
      }
    }
    end(new DeadlineInput(connection));
    return false;
  }

  private boolean admit(FrameReader frames) throws IOException {
    Optional<Decoded<Frame>> first = frames.next(HANDSHAKE_BYTES_MAX);
    if (first.isEmpty() || !(first.get() instanceof Accepted<Frame>(Frame frame, _))) {
      return false;
    }
    if (frame.transaction().isEmpty()
        || !(ControlCodec.handshake(frame)
            instanceof Accepted<Handshake>(Handshake handshake, _))) {
      return false;
    }
    known = isSecret(handshake.secretKey());
    say(
        frame.transaction().get().lastReply(),
        known ? new NetOk() : new NetErr(ErrorCode.UNAUTHORIZED, "secret key mismatch"));
    return known;
  }

  /** An empty secret is nobody's. The time this takes tells nothing about the secret's text. */
  private boolean isSecret(String shown) {
    return secret.length > 0 && MessageDigest.isEqual(secret, shown.getBytes(UTF_8));
  }

  private void serve(FrameReader frames, DeadlineInput in) throws IOException {
    Optional<Decoded<Frame>> next = frames.next(Frame.FRAME_BYTES_MAX);
    if (next.isEmpty() || !(next.get() instanceof Accepted<Frame>(Frame frame, _))) {
      return;
    }
    if (frame.transaction().isPresent()) {
      Transaction transaction = frame.transaction().get();
      switch (ControlCodec.request(frame)) {
        case Rejected<ControlRequest>(Rejection reason, String detail) ->
            say(transaction.lastReply(), refusal(reason, detail));
        case Accepted<ControlRequest>(ControlRequest request, int _) ->
            answer(frame.messageId(), request, transaction, in);
      }
    }
  }

  private void answer(
      String name, ControlRequest request, Transaction transaction, DeadlineInput in)
      throws IOException {
    long begin = System.nanoTime();
    ControlReply.Last reply = carryOut(request, new Asking(transaction.partialReply(), in));
    counters.count(name, Duration.ofNanos(System.nanoTime() - begin));
    try {
      say(transaction.lastReply(), reply);
    } finally {
      commands.answered(request, reply);
    }
  }

  private static NetErr refusal(Rejection reason, String detail) {
    return switch (reason) {
      case FIELD_MISSING -> new NetErr(ErrorCode.UPDATE_CLIENT, "client out of date");
      case UNKNOWN_TYPE ->
          new NetErr(
              ErrorCode.UPDATE_CLIENT,
              detail + "; use a command of the same version as the Supervisor");
      case OVERSIZED -> new NetErr(ErrorCode.ENTITY_TOO_LARGE, detail);
      case MALFORMED, FIELD_INVALID, MISMATCH, ENVELOPE, NONCE_MISSING, AUTHENTICATION ->
          new NetErr(ErrorCode.BAD_PAYLOAD, detail);
    };
  }

  private ControlReply.Last carryOut(ControlRequest request, ControlCommands.Client client) {
    try {
      return commands.handle(request, client);
    } catch (InterruptedException closing) {
      return new NetErr(ErrorCode.INTERNAL, "the Supervisor is shutting down");
    } catch (RuntimeException failure) {
      return new NetErr(
          ErrorCode.INTERNAL, Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
    }
  }

  /** The client of one request. */
  private final class Asking implements ControlCommands.Client {
    private final Transaction transaction;
    private final DeadlineInput in;

    Asking(Transaction transaction, DeadlineInput in) {
      this.transaction = transaction;
      this.in = in;
    }

    /** A client that went away does not keep the command from being carried out. */
    @Override
    public void accept(ControlReply.Partial reply) {
      if (gone) {
        return;
      }
      try {
        say(transaction, reply);
      } catch (IOException e) {
        gone = true;
      }
    }

    @Override
    public void whenGone(Runnable listener) {
      if (watch.isPresent()) {
        throw new IllegalStateException("expected to be asked once when the client is gone");
      }
      watch =
          Optional.of(
              Thread.ofVirtual()
                  .name("ctl-watch")
                  .start(
                      () -> {
                        skipToTheEnd(in);
                        listener.run();
                      }));
    }
  }

  /** Whoever has so much more to say is not waiting for an answer. */
  private static void skipToTheEnd(DeadlineInput in) {
    try {
      in.skipNBytes(FAREWELL_BYTES_MAX);
    } catch (IOException gone) {
      // Its end, one way or the other.
    }
  }

  private void say(Transaction transaction, ControlReply reply) throws IOException {
    say(ControlCodec.frame(transaction, reply));
  }

  private void say(Frame frame) throws IOException {
    try (Deadlines.Guard _ = deadlines.within(patience.taking(), this::close)) {
      socket.getOutputStream().write(frame.encode());
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}
