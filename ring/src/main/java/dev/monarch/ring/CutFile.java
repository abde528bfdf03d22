package dev.monarch.ring;

import dev.monarch.wire.Endpoint;
import dev.monarch.wire.Ipv4;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where nothing gets through for now: the networks of demonstrations and tests are split by writing
 * addresses into a file, one a line, alone or with a port.
 *
 * <p>The file is read anew all the time rather than watched, because a watch tells late on some
 * file systems and the file is a few lines.
 */
final class CutFile implements Closeable {
  /** A split is to be felt within a tenth of a second. */
  private static final long LOOK_MILLIS = 50;

  private record Cut(Set<String> addresses, Set<Endpoint> endpoints) {
    static final Cut NONE = new Cut(Set.of(), Set.of());
  }

  private final Optional<Path> file;
  private final Consumer<String> trouble;
  private String content = "";
  private volatile Cut cut = Cut.NONE;
  private volatile Optional<Thread> watcher = Optional.empty();

  CutFile(Optional<Path> file, Consumer<String> trouble) {
    this.file = file;
    this.trouble = trouble;
    look();
  }

  /** Begins to follow the file. */
  void start(Runnable changed) {
    if (file.isPresent()) {
      watcher = Optional.of(Thread.ofVirtual().name("ring-cut").start(() -> follow(changed)));
    }
  }

  private void follow(Runnable changed) {
    try {
      while (true) {
        Thread.sleep(LOOK_MILLIS);
        if (look()) {
          changed.run();
        }
      }
    } catch (InterruptedException e) {
      // The ring closes.
    }
  }

  private boolean look() {
    String fresh = file.map(CutFile::read).orElse("");
    if (fresh.equals(content)) {
      return false;
    }
    content = fresh;
    cut = parse(fresh);
    return true;
  }

  private static String read(Path path) {
    try {
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      // As good as absent; it is looked at again in a moment.
      return "";
    }
  }

  private Cut parse(String text) {
    Set<String> addresses = new HashSet<>();
    Set<Endpoint> endpoints = new HashSet<>();
    for (String line : text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList()) {
      Optional<Endpoint> endpoint = endpoint(line);
      if (Ipv4.isLiteral(line)) {
        addresses.add(line);
      } else if (endpoint.isPresent()) {
        endpoints.add(endpoint.get());
      } else {
        trouble.accept(
            "cut file: expected an IPv4 address or address:port, found \"" + line + "\"");
      }
    }
    return new Cut(Set.copyOf(addresses), Set.copyOf(endpoints));
  }

  private static Optional<Endpoint> endpoint(String line) {
    int colon = line.lastIndexOf(':');
    try {
      return colon < 0
          ? Optional.empty()
          : Optional.of(
              new Endpoint(line.substring(0, colon), Integer.parseInt(line.substring(colon + 1))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** True if nothing may pass to or from there. */
  boolean bars(Endpoint endpoint) {
    Cut now = cut;
    return now.addresses.contains(endpoint.address()) || now.endpoints.contains(endpoint);
  }

  /** True if nothing may pass to or from this address, whatever the port. */
  boolean bars(InetAddress address) {
    return cut.addresses.contains(address.getHostAddress());
  }

  @Override
  public void close() {
    watcher.ifPresent(Thread::interrupt);
  }
}
