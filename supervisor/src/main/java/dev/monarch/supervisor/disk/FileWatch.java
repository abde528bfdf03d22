package dev.monarch.supervisor.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Tells when files or directories change, appear or vanish (supervisor.md 3.3 and 6.4).
 *
 * <p>The kernel's events only wake this watch up; what changed is found by comparing what is there
 * with what was there, so that a missed, doubled or overflowed event costs nothing. Only an event
 * that names a watched path counts on its own, because a file can be rewritten within the
 * resolution of its times.
 *
 * <p>Events come in swarms: one {@code cp} makes three, configuration management thousands. After
 * the first event this watch waits until nothing has happened for {@link #QUIET}, at most {@link
 * #PATIENCE}, and then reports once.
 *
 * <p>A path need not exist, nor its directory, nor that one's parent. The kernel can only watch
 * what is there, so the nearest existing ancestor is watched until the path can be approached.
 * Where the kernel cannot tell (its limit of watches is reached, a file is a symbolic link to a
 * place we do not watch), everything is looked at once every poll interval; otherwise an idle watch
 * does nothing at all.
 *
 * <p>The listener runs on the watch's own virtual thread, one call at a time, with the watched
 * paths that changed. Whoever wants the first state too reads it after {@link #watch}: a change
 * from then on is reported.
 */
public final class FileWatch implements AutoCloseable {
  /** Longer than the pause between the events of one program that writes one file. */
  static final Duration QUIET = Duration.ofMillis(10);

  /** Under unending events there are still two reports a second. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());

  private static final WatchEvent.Kind<?>[] ALL_KINDS = {
    StandardWatchEventKinds.ENTRY_CREATE,
    StandardWatchEventKinds.ENTRY_DELETE,
    StandardWatchEventKinds.ENTRY_MODIFY
  };

  /**
   * What a path looked like: for a directory its entries, for anything else itself alone under the
   * empty name. Empty if nothing was there.
   */
  private record Look(Map<String, Traits> entries) {}

  private record Traits(
      boolean isDirectory, long size, long modifiedNanos, Optional<Object> identity) {}

  private final Consumer<Set<Path>> listener;
  private final Duration pollInterval;
  private final Optional<WatchService> kernel;
  private final Thread thread;

  /** Held for the four fields below. */
  private final Object lock = new Object();

  /** The watched paths with their last look. */
  private final Map<Path, Look> watched = new LinkedHashMap<>();

  /** What the kernel watches for us. */
  private final Map<Path, WatchKey> registered = new HashMap<>();

  private boolean mustPoll;
  private boolean waits;
  private volatile boolean closed;

  /**
   * Starts a watch without paths.
   *
   * @param name of its thread
   * @param pollInterval how often to look where the kernel cannot tell
   * @param listener hears the watched paths that changed
   */
  public FileWatch(String name, Duration pollInterval, Consumer<Set<Path>> listener) {
    this.listener = listener;
    this.pollInterval = pollInterval;
    this.kernel = openKernel();
    this.mustPoll = kernel.isEmpty();
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    thread.start();
  }

  private static Optional<WatchService> openKernel() {
    try {
      return Optional.of(FileSystems.getDefault().newWatchService());
    } catch (IOException | UnsupportedOperationException outOfWatches) {
      return Optional.empty();
    }
  }

  /** Reports changes of this file, or of this directory and its entries, from now on. */
  public void watch(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    synchronized (lock) {
      // First the kernel, then the look: a change in between is seen by at least one of them.
      watched.put(absolute, new Look(Map.of()));
      register();
      watched.put(absolute, look(absolute));
      // A poll that is needed from now on must not wait for an event.
      wake();
    }
  }

  /** Reports no further changes of this path. */
  public void forget(Path path) {
    synchronized (lock) {
      watched.remove(path.toAbsolutePath().normalize());
      register();
    }
  }

  /** No report begins after this; one that is under way may still end. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      wake();
    }
    kernel.ifPresent(
        service -> {
          try {
            service.close();
          } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing a file watch", e);
          }
        });
  }

  /** Ends the thread's waiting, but never interrupts a listener. */
  private void wake() {
    if (waits) {
      thread.interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        Set<Path> named = new LinkedHashSet<>();
        Optional<WatchKey> first = await();
        if (first.isPresent()) {
          take(first.get(), named);
          gatherUntilQuiet(named);
        }
        report(named);
      }
    } catch (ClosedWatchServiceException over) {
      // That is how the kernel's part says it.
    }
  }

  /** Waits for an event, for the time of the next poll, or for being woken up. */
  private Optional<WatchKey> await() {
    boolean polls;
    synchronized (lock) {
      polls = mustPoll;
      waits = !closed;
    }
    try {
      if (kernel.isEmpty()) {
        Thread.sleep(pollInterval);
        return Optional.empty();
      }
      return Optional.ofNullable(
          polls
              ? kernel.get().poll(pollInterval.toMillis(), TimeUnit.MILLISECONDS)
              : kernel.get().take());
    } catch (InterruptedException wokenUp) {
      return Optional.empty();
    } finally {
      synchronized (lock) {
        waits = false;
        Thread.interrupted();
      }
    }
  }

  private void gatherUntilQuiet(Set<Path> named) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<WatchKey> next = next();
      if (next.isEmpty()) {
        return;
      }
      take(next.get(), named);
    }
  }

  /** The next event's key, unless it stays quiet. */
  private Optional<WatchKey> next() {
    try {
      return Optional.ofNullable(
          kernel.orElseThrow().poll(QUIET.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException nobodyDoes) {
      return Optional.empty();
    }
  }

  /** Adds the watched paths that the events of a key name. */
  private void take(WatchKey key, Set<Path> named) {
    synchronized (lock) {
      Path directory = (Path) key.watchable();
      for (WatchEvent<?> event : key.pollEvents()) {
        if (watched.containsKey(directory)) {
          named.add(directory);
        }
        if (event.context() instanceof Path entry
            && watched.containsKey(directory.resolve(entry))) {
          named.add(directory.resolve(entry));
        }
      }
      if (!key.reset()) {
        registered.remove(directory, key);
      }
    }
  }

  private void report(Set<Path> named) {
    Set<Path> changed = new LinkedHashSet<>();
    synchronized (lock) {
      register();
      watched.replaceAll(
          (path, before) -> {
            Look now = look(path);
            if (named.contains(path) || !now.equals(before)) {
              changed.add(path);
            }
            return now;
          });
    }
    if (changed.isEmpty() || closed) {
      return;
    }
    try {
      listener.accept(changed);
    } catch (RuntimeException failure) {
      LOG.log(System.Logger.Level.ERROR, "a change of " + changed + " was not handled", failure);
    }
  }

  /** Makes the kernel watch what now brings us nearest to each path. */
  private void register() {
    if (kernel.isEmpty()) {
      return;
    }
    boolean isBlind = false;
    Set<Path> wanted = new LinkedHashSet<>();
    for (Path path : watched.keySet()) {
      if (Files.isDirectory(path)) {
        wanted.add(path);
      }
      nearestDirectoryAbove(path).ifPresent(wanted::add);
      isBlind |= Files.isSymbolicLink(path);
    }
    registered
        .entrySet()
        .removeIf(
            entry -> {
              if (!wanted.contains(entry.getKey())) {
                entry.getValue().cancel();
                return true;
              }
              return !entry.getValue().isValid();
            });
    for (Path directory : wanted) {
      if (!registered.containsKey(directory)) {
        try {
          registered.put(directory, directory.register(kernel.get(), ALL_KINDS));
        } catch (IOException | RuntimeException refused) {
          isBlind = true;
        }
      }
    }
    mustPoll = isBlind;
  }

  private static Optional<Path> nearestDirectoryAbove(Path path) {
    return Stream.iterate(path.getParent(), Objects::nonNull, Path::getParent)
        .filter(Files::isDirectory)
        .findFirst();
  }

  private static Look look(Path path) {
    var entries = new TreeMap<String, Traits>();
    if (Files.isDirectory(path)) {
      try (Stream<Path> children = Files.list(path)) {
        children.forEach(
            child -> traits(child).ifPresent(t -> entries.put(child.getFileName().toString(), t)));
        entries.put(".", new Traits(true, 0, 0, Optional.empty()));
      } catch (IOException | UncheckedIOException gone) {
        entries.clear();
      }
    } else {
      traits(path).ifPresent(traits -> entries.put("", traits));
    }
    return new Look(entries);
  }

  /** Of what a link points to if it points to something, else of the link. */
  private static Optional<Traits> traits(Path path) {
    try {
      return Optional.of(traits(path, new LinkOption[0]));
    } catch (IOException missingOrDangling) {
      try {
        return Optional.of(traits(path, new LinkOption[] {LinkOption.NOFOLLOW_LINKS}));
      } catch (IOException missing) {
        return Optional.empty();
      }
    }
  }

  private static Traits traits(Path path, LinkOption[] links) throws IOException {
    BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, links);
    return new Traits(
        found.isDirectory(),
        found.isDirectory() ? 0 : found.size(),
        found.isDirectory() ? 0 : found.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        Optional.ofNullable(found.fileKey()));
  }
}
