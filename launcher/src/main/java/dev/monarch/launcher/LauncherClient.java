package dev.monarch.launcher;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A Supervisor's end of the connection to the Launcher that started it. */
public final class LauncherClient implements ProcessHost {
  /** A Launcher answers at once; a machine that swaps may take its time. */
  public static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);

  private final Connection connection;
  private final Duration answersWithin;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Message.Answer>> asked = new ConcurrentHashMap<>();
  private final Object telling = new Object();
  private final List<LauncherEvent> untold = new ArrayList<>();
  private @Nullable Consumer<LauncherEvent> listener;
  private volatile boolean closed;
  private volatile boolean lost;

  private LauncherClient(Connection connection, Duration answersWithin) {
    this.connection = connection;
    this.answersWithin = answersWithin;
  }

  /**
   * Connects and registers.
   *
   * @param pipe the Launcher's socket, from {@code HAB_LAUNCHER_PIPE}
   * @param answersWithin how long any request may take
   */
  public static LauncherClient connect(Path pipe, Duration answersWithin) throws LauncherException {
    LauncherClient client;
    try {
      client =
          new LauncherClient(
              new Connection(SocketChannel.open(UnixDomainSocketAddress.of(pipe))), answersWithin);
    } catch (IOException | IllegalArgumentException failure) {
      throw new LauncherException(
          "expected a Launcher at %s, found: %s; start the Supervisor with 'hab sup run'"
              .formatted(pipe, failure.getMessage()),
          failure);
    }
    Thread.ofPlatform().daemon().name("launcher").start(client::receive);
    int pid = Math.toIntExact(ProcessHandle.current().pid());
    try {
      client.done(number -> new Message.Register(number, Message.VERSION, pid));
    } catch (LauncherException refused) {
      client.close();
      throw refused;
    }
    return client;
  }

  private void receive() {
    try {
      while (true) {
        switch (connection.receive()) {
          case Message.Answer answer -> answer(answer);
          case Message.Told(LauncherEvent event) -> tell(event);
          case Message.Request request ->
              throw new IOException("expected an answer, found the request " + request);
        }
      }
    } catch (IOException gone) {
      lost = true;
      connection.close();
      // First why, then whoever waits for an answer: it may give up and close us.
      if (!closed) {
        tell(new LauncherEvent.LauncherLost());
      }
      asked.values().forEach(answer -> answer.completeExceptionally(gone));
    }
  }

  private void answer(Message.Answer answer) {
    CompletableFuture<Message.Answer> waiting = asked.remove(answer.number());
    // Nobody waits for what came too late.
    if (waiting != null) {
      waiting.complete(answer);
    }
  }

  private void tell(LauncherEvent event) {
    synchronized (telling) {
      if (listener == null) {
        untold.add(event);
      } else {
        listener.accept(event);
      }
    }
  }

  @Override
  public int spawn(SpawnRequest request) throws LauncherException {
    Message.Answer answer = ask(number -> new Message.Spawn(number, request));
    if (answer instanceof Message.Spawned(_, int pid)) {
      return pid;
    }
    throw unexpected(answer);
  }

  @Override
  public void signal(int pid, Signal signal) throws LauncherException {
    done(number -> new Message.SignalTo(number, pid, signal));
  }

  @Override
  public List<RunningService> running() throws LauncherException {
    Message.Answer answer = ask(Message.ListRunning::new);
    if (answer instanceof Message.Running(_, List<RunningService> services)) {
      return services;
    }
    throw unexpected(answer);
  }

  private void done(IntFunction<Message.Request> request) throws LauncherException {
    Message.Answer answer = ask(request);
    if (!(answer instanceof Message.Done)) {
      throw unexpected(answer);
    }
  }

  private static LauncherException unexpected(Message.Answer answer) {
    return new LauncherException("expected another answer of the Launcher, found " + answer);
  }

  private Message.Answer ask(IntFunction<Message.Request> request) throws LauncherException {
    int number = numbers.incrementAndGet();
    var waiting = new CompletableFuture<Message.Answer>();
    asked.put(number, waiting);
    try {
      connection.send(request.apply(number));
      if (lost) {
        throw new IOException("the other side closed the connection");
      }
      Message.Answer answer = waiting.get(answersWithin.toMillis(), TimeUnit.MILLISECONDS);
      if (answer instanceof Message.Refused(_, String text)) {
        throw new LauncherException(text);
      }
      return answer;
    } catch (IOException | ExecutionException gone) {
      throw new LauncherException("expected an answer of the Launcher, found it gone", gone);
    } catch (IllegalArgumentException tooLarge) {
      throw new LauncherException(String.valueOf(tooLarge.getMessage()), tooLarge);
    } catch (TimeoutException silent) {
      throw new LauncherException(
          "expected an answer of the Launcher within %d ms, found none"
              .formatted(answersWithin.toMillis()),
          silent);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LauncherException("interrupted while the Launcher was asked", interrupted);
    } finally {
      asked.remove(number);
    }
  }

  @Override
  public void subscribe(Consumer<LauncherEvent> next) {
    synchronized (telling) {
      untold.forEach(next);
      untold.clear();
      listener = next;
    }
  }

  @Override
  public void close() {
    closed = true;
    connection.close();
  }
}
