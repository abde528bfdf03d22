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
 *   stranger   a handshake with the secret     NetOk            known
 *              one with another secret         NetErr 4         ends
 *              anything else, or too late      nothing          ends
 *   known      a request                       its replies      ends
 *              a frame without a transaction   nothing          ends, and nothing was done
 * </pre>
 *
 * <p>What comes behind the request is not looked at, but read: a connection that is closed with
 * unread bytes takes back what was sent last.
 */
final class Conversation implements AutoCloseable {
  /** A secret of any sane length. Strangers get no more memory than this. */
  private static final int HANDSHAKE_BYTES_MAX = 16 * 1024;

  /** For a client to take the last reply and go. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final int FAREWELL_BYTES_MAX = 2 * Frame.FRAME_BYTES_MAX;

  private final Socket socket;
  private final byte[] secret;
  private final Duration handshakeTimeout;
  private final ControlCommands commands;
  private final CallCounters counters;
  private volatile boolean known;
  private boolean gone;

  Conversation(
      Socket socket,
      String secret,
      Duration handshakeTimeout,
      ControlCommands commands,
      CallCounters counters) {
    this.socket = socket;
    this.secret = secret.getBytes(UTF_8);
    this.handshakeTimeout = handshakeTimeout;
    this.commands = commands;
    this.counters = counters;
  }

  /** Whether the client has shown the secret. */
  boolean isKnown() {
    return known;
  }

  /** Leads the conversation to its end. */
  void run() {
    try {
      socket.setTcpNoDelay(true);
      // A client whose machine died would stay for ever.
      socket.setKeepAlive(true);
      var in = new DeadlineInput(socket);
      var frames = new FrameReader(in);
      in.within(handshakeTimeout);
      if (admit(frames)) {
        in.atLeisure();
        serve(frames);
      }
      socket.shutdownOutput();
      in.within(FAREWELL);
      in.skipNBytes(FAREWELL_BYTES_MAX);
    } catch (IOException ended) {
      // Too late, cut off, or gone: there is nobody to tell.
    } finally {
      close();
    }
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

  private void serve(FrameReader frames) throws IOException {
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
            answer(frame.messageId(), request, transaction);
      }
    }
  }

  private void answer(String name, ControlRequest request, Transaction transaction)
      throws IOException {
    long begin = System.nanoTime();
    ControlReply.Last reply = carryOut(request, transaction);
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

  private ControlReply.Last carryOut(ControlRequest request, Transaction transaction) {
    try {
      return commands.handle(request, partial -> sayIfThere(transaction.partialReply(), partial));
    } catch (InterruptedException closing) {
      return new NetErr(ErrorCode.INTERNAL, "the Supervisor is shutting down");
    } catch (RuntimeException failure) {
      return new NetErr(
          ErrorCode.INTERNAL, Optional.ofNullable(failure.getMessage()).orElse(failure.toString()));
    }
  }

  /** A client that went away does not keep the command from being carried out. */
  private void sayIfThere(Transaction transaction, ControlReply reply) {
    if (gone) {
      return;
    }
    try {
      say(transaction, reply);
    } catch (IOException e) {
      gone = true;
    }
  }

  private void say(Transaction transaction, ControlReply reply) throws IOException {
    socket.getOutputStream().write(ControlCodec.frame(transaction, reply).encode());
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}
