package dev.monarch.ring;

import dev.monarch.wire.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where the first members are: the peers of the command line and those of the peer watch file, with
 * their names resolved, and resolved again from time to time because addresses behind names change.
 *
 * <p>At the start a peer of the command line that does not resolve is an error, as in the original.
 * Later, and in the watch file, it is reported once and left out until it resolves; a blank or bad
 * line costs itself and nothing else (butterfly.md 13, W14). The file is read anew every moment
 * instead of being watched: it is a few lines, and watches miss the swapped links by which
 * orchestrators replace such files.
 */
final class PeerSource implements Closeable {
  /** How to find addresses; the machine's resolver unless a test says otherwise. */
  interface Resolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;

    static Resolver ofMachine() {
      return host -> List.of(InetAddress.getAllByName(host));
    }
  }

  /** When to look again. */
  record Pace(Duration file, Duration names, Duration namesUnjoined) {
    /** The original looks at the file once a second, too; names cost a query each. */
    static final Pace STANDARD =
        new Pace(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(5));
  }

  /** More are no introduction any more; every one is pinged while this member is alone. */
  private static final int PEERS_MAX = 1024;

  private static final long FILE_BYTES_MAX = 1024 * 1024;

  private final List<String> fixed;
  private final Optional<Path> file;
  private final Resolver resolver;
  private final Pace pace;
  private final Consumer<String> trouble;
  private Set<String> complained = new LinkedHashSet<>();
  private String fileContent = "";
  private Optional<String> fileTrouble = Optional.empty();
  private List<Endpoint> known = List.of();
  private volatile Optional<Thread> follower = Optional.empty();

  PeerSource(
      List<String> fixed,
      Optional<Path> file,
      Resolver resolver,
      Pace pace,
      Consumer<String> trouble) {
    this.fixed = List.copyOf(fixed);
    this.file = file;
    this.resolver = resolver;
    this.pace = pace;
    this.trouble = trouble;
  }

  /** The peers at the start. */
  List<Endpoint> first() throws RingStartException {
    for (String peer : fixed) {
      try {
        resolve(peer);
      } catch (UnknownHostException | IllegalArgumentException e) {
        throw new RingStartException(
            "cannot resolve peer \""
                + peer
                + "\" to an IPv4 address; give it as host or host:port that this machine can look"
                + " up",
            e);
      }
    }
    fileContent = readFile();
    known = everyone();
    return known;
  }

  /**
   * Begins to look again.
   *
   * @param joined tells whether the member has company; while not, names are resolved more often
   * @param changed hears all peers whenever they are others
   */
  void start(BooleanSupplier joined, Consumer<List<Endpoint>> changed) {
    follower =
        Optional.of(Thread.ofVirtual().name("ring-peers").start(() -> follow(joined, changed)));
  }

  private void follow(BooleanSupplier joined, Consumer<List<Endpoint>> changed) {
    long resolvedNanos = System.nanoTime();
    long askedNanos = resolvedNanos;
    while (true) {
      LockSupport.parkNanos(pace.file().toNanos());
      if (Thread.interrupted()) {
        return;
      }
      String content = readFile();
      long now = System.nanoTime();
      boolean due = now - resolvedNanos >= pace.names().toNanos();
      if (!due && now - askedNanos >= pace.namesUnjoined().toNanos()) {
        askedNanos = now;
        due = !joined.getAsBoolean();
      }
      if (due || !content.equals(fileContent)) {
        fileContent = content;
        resolvedNanos = now;
        List<Endpoint> all = everyone();
        if (!all.equals(known)) {
          known = all;
          changed.accept(all);
        }
      }
    }
  }

  private String readFile() {
    if (file.isEmpty()) {
      return "";
    }
    try {
      if (Files.size(file.get()) > FILE_BYTES_MAX) {
        return unreadable("it is too long to be one and is left out");
      }
      String content = Files.readString(file.get(), StandardCharsets.ISO_8859_1);
      fileTrouble = Optional.empty();
      return content;
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      return unreadable("it cannot be read and is left out");
    }
  }

  private List<Endpoint> everyone() {
    Set<String> before = complained;
    complained = new LinkedHashSet<>();
    Set<Endpoint> all = new LinkedHashSet<>();
    for (String peer : fixed) {
      all.addAll(resolveOrComplain(peer, "peer", before));
    }
    for (String line : fileContent.lines().toList()) {
      all.addAll(resolveOrComplain(line.strip(), "peer watch file", before));
    }
    return all.stream().limit(PEERS_MAX).toList();
  }

  private List<Endpoint> resolveOrComplain(String peer, String where, Set<String> before) {
    try {
      return resolve(peer);
    } catch (UnknownHostException | IllegalArgumentException e) {
      String text =
          where + ": expected host or host:port with an IPv4 address, found \"" + peer + "\"";
      complained.add(text);
      if (!before.contains(text)) {
        trouble.accept(text);
      }
      return List.of();
    }
  }

  /** Once, until it is readable again. */
  private String unreadable(String cause) {
    String text = "peer watch file " + file.map(Path::toString).orElse("") + ": " + cause;
    if (!fileTrouble.equals(Optional.of(text))) {
      trouble.accept(text);
    }
    fileTrouble = Optional.of(text);
    return "";
  }

  private List<Endpoint> resolve(String peer) throws UnknownHostException {
    int colon = peer.indexOf(':');
    String host = colon < 0 ? peer : peer.substring(0, colon);
    int port = colon < 0 ? RingConfig.DEFAULT_PORT : Integer.parseInt(peer.substring(colon + 1));
    if (host.isBlank() || port < 1) {
      throw new UnknownHostException(peer);
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (InetAddress address : resolver.resolve(host)) {
      if (address instanceof Inet4Address) {
        endpoints.add(new Endpoint(address.getHostAddress(), port));
      }
    }
    if (endpoints.isEmpty()) {
      throw new UnknownHostException(peer);
    }
    return endpoints;
  }

  @Override
  public void close() {
    follower.ifPresent(Thread::interrupt);
  }
}
