package dev.monarch.ring.zmtp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;

/**
 * A socket of libzmq, the library the original speaks through, of whatever version the machine has.
 *
 * <p>Not JeroMQ: of sockets of version 0.6.0 that send as soon as they are connected one in forty
 * stands still in its handshake, towards its own kind too.
 */
@SuppressWarnings("restricted") // calls a library of the system
final class LibZmq implements AutoCloseable {
  private static final String LIBRARY = "libzmq.so.5";

  private static final int PULL = 7;
  private static final int PUSH = 8;
  private static final int OPTION_LINGER = 17;
  private static final int OPTION_HAS_MORE = 13;
  private static final int OPTION_RECEIVE_TIMEOUT = 27;
  private static final int OPTION_LAST_ENDPOINT = 32;
  private static final int FLAG_SEND_MORE = 2;

  /** Longer than any busy machine takes to say a few words. */
  private static final int PATIENCE_MILLIS = (int) Duration.ofMinutes(2).toMillis();

  private static final int BYTES_MAX = 1024 * 1024;

  private static final Optional<SymbolLookup> FOUND = find();

  private final Arena memory = Arena.ofConfined();
  private final MemorySegment context;
  private final MemorySegment socket;

  private LibZmq(int type) {
    assumeTrue(FOUND.isPresent(), "skipped: needs " + LIBRARY + " (Debian: libzmq5)");
    this.context = (MemorySegment) call("zmq_ctx_new", FunctionDescriptor.of(ADDRESS));
    this.socket =
        (MemorySegment)
            call("zmq_socket", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT), context, type);
    assertThat(socket).isNotEqualTo(MemorySegment.NULL);
    set(OPTION_RECEIVE_TIMEOUT, PATIENCE_MILLIS);
  }

  /** A PUSH socket that connects, now or as soon as it can. */
  static LibZmq push(int port) {
    LibZmq push = new LibZmq(PUSH);
    push.address("zmq_connect", "tcp://127.0.0.1:" + port);
    return push;
  }

  /** A PULL socket on a port of its own. */
  static LibZmq pull() {
    LibZmq pull = new LibZmq(PULL);
    pull.address("zmq_bind", "tcp://127.0.0.1:*");
    return pull;
  }

  private static Optional<SymbolLookup> find() {
    try {
      return Optional.of(SymbolLookup.libraryLookup(LIBRARY, Arena.global()));
    } catch (IllegalArgumentException missing) {
      return Optional.empty();
    }
  }

  private static Object call(String name, FunctionDescriptor shape, Object... arguments) {
    MethodHandle function =
        Linker.nativeLinker().downcallHandle(FOUND.orElseThrow().findOrThrow(name), shape);
    try {
      return function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError("cannot call " + name, e);
    }
  }

  private void set(int option, int value) {
    MemorySegment given = memory.allocateFrom(JAVA_INT, value);
    FunctionDescriptor shape =
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG);
    assertThat(call("zmq_setsockopt", shape, socket, option, given, JAVA_INT.byteSize()))
        .isEqualTo(0);
  }

  private MemorySegment get(int option, long bytes) {
    MemorySegment value = memory.allocate(bytes, Long.BYTES);
    MemorySegment size = memory.allocateFrom(JAVA_LONG, bytes);
    FunctionDescriptor shape = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    assertThat(call("zmq_getsockopt", shape, socket, option, value, size)).isEqualTo(0);
    return value;
  }

  private void address(String function, String address) {
    FunctionDescriptor shape = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
    assertThat(call(function, shape, socket, memory.allocateFrom(address))).isEqualTo(0);
  }

  /** The port a PULL socket listens on. */
  int port() {
    String endpoint = get(OPTION_LAST_ENDPOINT, 256).getString(0);
    return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
  }

  void send(byte[] message) {
    send(message, 0);
  }

  /** Sends a part to which more belong. */
  void sendMore(byte[] part) {
    send(part, FLAG_SEND_MORE);
  }

  private void send(byte[] bytes, int flags) {
    FunctionDescriptor shape =
        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
    try (Arena once = Arena.ofConfined()) {
      MemorySegment copy = once.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      assertThat(call("zmq_send", shape, socket, copy, (long) bytes.length, flags))
          .isEqualTo(bytes.length);
    }
  }

  /** The length of the next message, or of the next part of one. */
  int receive() {
    FunctionDescriptor shape =
        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
    try (Arena once = Arena.ofConfined()) {
      return (int) call("zmq_recv", shape, socket, once.allocate(BYTES_MAX), (long) BYTES_MAX, 0);
    }
  }

  /** Whether what was received last is a part to which more belong. */
  boolean hasMore() {
    return get(OPTION_HAS_MORE, Integer.BYTES).get(JAVA_INT, 0) != 0;
  }

  /** Closes after everything sent is with the operating system. */
  @Override
  public void close() {
    set(OPTION_LINGER, PATIENCE_MILLIS);
    call("zmq_close", FunctionDescriptor.of(JAVA_INT, ADDRESS), socket);
    call("zmq_ctx_term", FunctionDescriptor.of(JAVA_INT, ADDRESS), context);
    memory.close();
  }
}
