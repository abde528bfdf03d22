package dev.monarch.supervisor.ctl;

import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.config.SupervisorConfig.Tls;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Listens for commands and lets each have its {@link Conversation} on a virtual thread of its own,
 * so that one that is slow, silent or hostile delays no other; its TLS is negotiated there too.
 *
 * <p>There are at most {@value #CONNECTIONS_MAX} conversations. When all places are taken, the
 * stranger that has been silent for the longest time makes room: whoever knows the secret gets in
 * while others knock. Only if all of them know it, one more is turned away.
 */
public final class ControlGateway implements AutoCloseable {
  /** Commands are a matter of seconds; the process's file descriptors are needed elsewhere. */
  static final int CONNECTIONS_MAX = 256;

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 128;

  /** A pause before accepting again when the process has, say, no file descriptor left. */
  private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** For clients to hear that the Supervisor is shutting down. */
  private static final long CLOSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  private final ServerSocket listening;
  private final Optional<GatewayTls> tls;
  private final String secret;
  private final Patience patience;
  private final ControlCommands commands;
  private final CallCounters counters = new CallCounters();
  private final Deadlines deadlines = new Deadlines();
  private final ReentrantLock counting = new ReentrantLock();

  /** Who is here, in the order of their coming. */
  private final Map<Conversation, Thread> guests = new LinkedHashMap<>();

  private volatile boolean closed;

  private ControlGateway(
      ServerSocket listening,
      Optional<GatewayTls> tls,
      String secret,
      Patience patience,
      ControlCommands commands) {
    this.listening = listening;
    this.tls = tls;
    this.secret = secret;
    this.patience = patience;
    this.commands = commands;
  }

  /**
   * Listens and answers until closed.
   *
   * @param tls without it everything is said in clear
   * @param secret the text that clients must show, not empty
   * @param commands asked by many threads at once
   * @throws StartException if the address is taken, the secret is empty or a file of TLS no good
   */
  public static ControlGateway start(
      InetSocketAddress listen, Optional<Tls> tls, String secret, ControlCommands commands)
      throws StartException {
    return start(listen, tls, secret, Patience.STANDARD, commands);
  }

  /** The same in clear. */
  public static ControlGateway start(
      InetSocketAddress listen, String secret, ControlCommands commands) throws StartException {
    return start(listen, Optional.empty(), secret, commands);
  }

  static ControlGateway start(
      InetSocketAddress listen,
      Optional<Tls> files,
      String secret,
      Patience patience,
      ControlCommands commands)
      throws StartException {
    if (secret.isEmpty()) {
      throw new StartException(
          "expected a secret for the control gateway, found an empty one; remove CTL_SECRET and a"
              + " new one will be made");
    }
    Optional<GatewayTls> tls =
        files.isPresent() ? Optional.of(GatewayTls.of(files.get())) : Optional.empty();
    var gateway = new ControlGateway(listen(listen), tls, secret, patience, commands);
    Thread.ofVirtual().name("ctl-accept").start(gateway::accept);
    return gateway;
  }

  private static ServerSocket listen(InetSocketAddress address) throws StartException {
    try {
      var socket = new ServerSocket();
      try {
        socket.setReuseAddress(true);
        socket.bind(address, BACKLOG);
        return socket;
      } catch (IOException failure) {
        socket.close();
        throw failure;
      }
    } catch (IOException failure) {
      throw new StartException(
          "expected to bind the control gateway to %s:%d, found: %s; free the port, or choose another one with --listen-ctl"
              .formatted(
                  address.getAddress().getHostAddress(), address.getPort(), failure.getMessage()),
          failure);
    }
  }

  /** Where it listens, with the port really taken. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  /** Requests so far by name, and how long they took (supervisor.md 9.7). */
  public List<MetricSnapshot> metrics() {
    return counters.snapshots();
  }

  private void accept() {
    while (!closed) {
      try {
        admit(listening.accept());
      } catch (IOException e) {
        if (!closed) {
          LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
        }
      }
    }
  }

  private void admit(Socket socket) {
    var guest = new Conversation(socket, tls, deadlines, secret, patience, commands, counters);
    Thread thread =
        Thread.ofVirtual()
            .name("ctl")
            .unstarted(
                () -> {
                  try {
                    guest.run();
                  } finally {
                    dismiss(guest);
                  }
                });
    if (seat(guest, thread)) {
      thread.start();
    } else {
      guest.close();
    }
  }

  private boolean seat(Conversation guest, Thread thread) {
    counting.lock();
    try {
      if (closed || (guests.size() >= CONNECTIONS_MAX && !freeOneSeat())) {
        return false;
      }
      guests.put(guest, thread);
      return true;
    } finally {
      counting.unlock();
    }
  }

  private boolean freeOneSeat() {
    Optional<Conversation> stranger =
        guests.keySet().stream().filter(guest -> !guest.isKnown()).findFirst();
    stranger.ifPresent(
        guest -> {
          guests.remove(guest);
          guest.close();
        });
    return stranger.isPresent();
  }

  private void dismiss(Conversation guest) {
    counting.lock();
    try {
      guests.remove(guest);
    } finally {
      counting.unlock();
    }
  }

  /** Ends all conversations; commands that are being carried out are interrupted. */
  @Override
  public void close() {
    Map<Conversation, Thread> ending;
    counting.lock();
    try {
      closed = true;
      ending = Map.copyOf(guests);
    } finally {
      counting.unlock();
    }
    try {
      listening.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
    ending.values().forEach(Thread::interrupt);
    awaitEnd(List.copyOf(ending.values()));
    ending.keySet().forEach(Conversation::close);
    deadlines.close();
  }

  private static void awaitEnd(List<Thread> threads) {
    long end = System.nanoTime() + CLOSE_NANOS_MAX;
    try {
      for (Thread thread : threads) {
        long left = end - System.nanoTime();
        if (left > 0) {
          thread.join(Duration.ofNanos(left));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
