package dev.monarch.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts, watches and stops processes of services in this very process: what a Launcher does behind
 * its socket, and all that an embedder or a test needs.
 *
 * <p>A directory belongs to one host at a time, which the file {@code LOCK} in it ensures. Opening
 * it first ends what an earlier host there left behind when it was killed ({@link Journal}).
 *
 * <p>A service group has one process at a time: while one lives, a second start is refused. So a
 * Supervisor that lost count can do no harm.
 */
public final class LocalProcessHost implements ProcessHost {
  /** Ten digits hold any process id. */
  private static final int PID_CHARACTERS_MAX = 10;

  /**
   * From the end of a process to its line and its event, on a machine that has other things to do.
   */
  private static final long TOLD_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  private final FileChannel lock;
  private final Journal journal;
  private final OutputPump output;
  private final Children children;

  /** Guards the three below. Never held while somebody is told something. */
  private final Object state = new Object();

  private final Map<Integer, Hosted> running = new LinkedHashMap<>();

  /** Whose leader ended while others of the group lived on. */
  private final Map<Integer, Hosted> leaderless = new LinkedHashMap<>();

  /** Whose group is gone while somebody who left it lived on; their ids are not theirs any more. */
  private final List<Hosted> scattered = new ArrayList<>();

  /** Guards the listener and what waits for it. */
  private final Object telling = new Object();

  private final List<LauncherEvent> untold = new ArrayList<>();
  private @Nullable Consumer<LauncherEvent> listener;

  private record Hosted(SpawnRequest request, int entry, RunningService service) {
    StopOrder stopOrder(int pid) {
      return new StopOrder(pid, request.stopSignal(), request.stopTimeout());
    }
  }

  private LocalProcessHost(
      FileChannel lock, Journal journal, OutputPump output, Children children) {
    this.lock = lock;
    this.journal = journal;
    this.output = output;
    this.children = children;
  }

  /**
   * A host with its files in this directory, which writes to the standard streams of this process.
   *
   * @throws LauncherException if another host uses the directory, or it cannot be used
   */
  public static LocalProcessHost open(Path directory, OutputForm form) throws LauncherException {
    return open(
        directory,
        form,
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err));
  }

  /**
   * The same, with the output of services elsewhere.
   *
   * @param out takes lines of standard output and the host's own
   * @param err takes lines of standard error
   */
  public static LocalProcessHost open(
      Path directory, OutputForm form, OutputStream out, OutputStream err)
      throws LauncherException {
    FileChannel lock = lock(directory);
    OutputPump output = new OutputPump(form, out, err);
    try {
      Journal journal = new Journal(directory.resolve("journal"), output::say);
      endLeftovers(journal, output);
      return new LocalProcessHost(lock, journal, output, new Children());
    } catch (LauncherException | RuntimeException failure) {
      output.close();
      release(lock);
      throw failure;
    }
  }

  private static void endLeftovers(Journal journal, OutputPump output) throws LauncherException {
    Set<StopOrder> said = new HashSet<>();
    ProcessGroups.endFound(
        () -> {
          List<Journal.Leftover> leftovers = journal.leftovers();
          leftovers.stream()
              .filter(left -> said.add(left.order()))
              .forEach(
                  left ->
                      output.say(
                          "Ending %s (PID: %d), which a Launcher that was killed left behind"
                              .formatted(left.name(), left.order().pid())));
          return leftovers.stream().map(Journal.Leftover::order).toList();
        });
  }

  private static FileChannel lock(Path directory) throws LauncherException {
    Path file = directory.resolve("LOCK");
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!tryLock(channel)) {
        String holder = pid(channel);
        release(channel);
        throw new LauncherException(
            "expected to be the only Supervisor on %s, found another one running%s, which holds %s; stop it with 'hab sup term', or choose another tree with FS_ROOT"
                .formatted(tree(directory), holder, file));
      }
      channel.truncate(0);
      String pid = Long.toString(ProcessHandle.current().pid());
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      return channel;
    } catch (IOException failure) {
      throw new LauncherException(
          "expected to lock %s, found: %s; check who owns the directory and that its disk is not full"
              .formatted(file, Cause.of(failure)),
          failure);
    }
  }

  /** The directory is hab/launcher below the root of a tree. */
  private static Path tree(Path directory) {
    Path hab = directory.toAbsolutePath().getParent();
    return hab == null || hab.getParent() == null ? directory : hab.getParent();
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException ownProcess) {
      return false;
    }
  }

  private static String pid(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(PID_CHARACTERS_MAX);
    channel.read(buffer, 0);
    String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    return text.isEmpty() ? "" : " (process " + text + ")";
  }

  private static void release(FileChannel lock) {
    try {
      lock.close();
    } catch (IOException ignored) {
      // The descriptor is gone in any case, and the lock with it.
    }
  }

  /** Makes this process the parent of what its services leave behind, and their undertaker. */
  void adoptOrphans() {
    children.adoptOrphans();
  }

  void say(String text) {
    output.say(text);
  }

  @Override
  public int spawn(SpawnRequest request) throws LauncherException {
    check(request);
    synchronized (state) {
      refuseSecond(request);
    }
    endFormer(request);
    synchronized (state) {
      refuseSecond(request);
      return start(request);
    }
  }

  /**
   * Ends what a former Supervisor's process of this group left behind. The present one has another
   * tag, so that process ended when nobody was there to hear of it.
   */
  private void endFormer(SpawnRequest request) {
    forgetWhoIsGone();
    List<Hosted> groups;
    List<Hosted> others;
    synchronized (state) {
      groups = leaderless.values().stream().filter(one -> isFormer(one, request)).toList();
      others = scattered.stream().filter(one -> isFormer(one, request)).toList();
    }
    if (!groups.isEmpty() || !others.isEmpty()) {
      ProcessGroups.endFound(() -> stopOrders(groups, others));
      forgetWhoIsGone();
    }
  }

  private static boolean isFormer(Hosted hosted, SpawnRequest request) {
    return hosted.request().serviceGroup().equals(request.serviceGroup())
        && !hosted.request().tag().equals(request.tag());
  }

  private void refuseSecond(SpawnRequest request) throws LauncherException {
    for (Hosted other : running.values()) {
      // One that has just ended may not be told of yet.
      if (other.request().serviceGroup().equals(request.serviceGroup())
          && ProcessGroups.isAlive(other.service().pid())) {
        throw new LauncherException(
            "expected no process of %s, found process %d; stop it first"
                .formatted(request.serviceGroup(), other.service().pid()));
      }
    }
  }

  private static void check(SpawnRequest request) throws LauncherException {
    if (!Files.isRegularFile(request.binary())) {
      throw new LauncherException(
          "expected a program %s, found no such file".formatted(request.binary()));
    }
    if (!Files.isExecutable(request.binary())) {
      throw new LauncherException(
          "expected a program %s, found a file that may not be executed; set its run bits"
              .formatted(request.binary()));
    }
    if (request.runAs().isPresent()) {
      RunAs who = request.runAs().get();
      UserPrincipalLookupService known = FileSystems.getDefault().getUserPrincipalLookupService();
      try {
        var _ = known.lookupPrincipalByName(who.user());
      } catch (UserPrincipalNotFoundException unknown) {
        throw new LauncherException(
            "expected a user '%s', found none; create it or set svc_user".formatted(who.user()),
            unknown);
      } catch (IOException failure) {
        throw new LauncherException("cannot look for user '%s'".formatted(who.user()), failure);
      }
      try {
        var _ = known.lookupPrincipalByGroupName(who.group());
      } catch (UserPrincipalNotFoundException unknown) {
        throw new LauncherException(
            "expected a group '%s', found none; create it or set svc_group".formatted(who.group()),
            unknown);
      } catch (IOException failure) {
        throw new LauncherException("cannot look for group '%s'".formatted(who.group()), failure);
      }
    }
  }

  private int start(SpawnRequest request) throws LauncherException {
    List<String> command = GroupLeader.as(request.runAs(), List.of(request.binary().toString()));
    int entry =
        journal.intend(
            request.tag(), request.serviceGroup(), request.stopSignal(), request.stopTimeout());
    boolean started = false;
    try {
      Linux.Pipe out = Linux.pipe();
      Linux.Pipe err = pipeBeside(out);
      var streams = new Linux.Streams.Piped(out.writeEnd(), err.writeEnd());
      int pid =
          children.start(
              () -> request.tag().given(() -> spawn(command, request.environment(), streams)),
              this::ended);
      Linux.close(out.writeEnd());
      Linux.close(err.writeEnd());
      if (pid < 0) {
        Linux.close(out.readEnd());
        Linux.close(err.readEnd());
        throw new LauncherException(
            "expected to run %s, found: %s; check that the first line of a script names an installed program"
                .formatted(request.binary(), Linux.message(-pid)));
      }
      started = true;
      var service = new RunningService(request.serviceGroup(), pid, Instant.now(), request.tag());
      running.put(pid, new Hosted(request, entry, service));
      journal.started(entry, pid);
      // Whoever is left of a former process is found by the tag of this one.
      scattered.stream()
          .filter(former -> former.request().tag().equals(request.tag()))
          .toList()
          .forEach(this::forget);
      output.read(request.serviceGroup(), out.readEnd(), err.readEnd());
      return pid;
    } finally {
      if (!started) {
        journal.ended(entry);
      }
    }
  }

  private static Linux.Pipe pipeBeside(Linux.Pipe other) throws LauncherException {
    try {
      return Linux.pipe();
    } catch (LauncherException failure) {
      Linux.close(other.readEnd());
      Linux.close(other.writeEnd());
      throw failure;
    }
  }

  /** As execvp does, a script without a first line that names its shell is run by sh. */
  private static int spawn(
      List<String> command, Map<String, String> environment, Linux.Streams streams) {
    int pid = Linux.spawn(command, environment, streams, true);
    if (pid != -Linux.ENOEXEC) {
      return pid;
    }
    List<String> bySh = new ArrayList<>(List.of("/bin/sh"));
    bySh.addAll(command);
    return Linux.spawn(bySh, environment, streams, true);
  }

  /**
   * Starts a process that is no service: it has our streams, our group and our environment with
   * changes, and is journalled like a service.
   *
   * @return its id
   */
  int spawnBeside(
      String name,
      List<String> command,
      Map<String, String> environment,
      Duration stopTimeout,
      Consumer<Linux.Ended> ended)
      throws LauncherException {
    ProcessTag tag = ProcessTag.random();
    int entry = journal.intend(tag, name, Signal.TERM, stopTimeout);
    int pid =
        children.start(
            () ->
                tag.given(
                    () -> Linux.spawn(command, environment, new Linux.Streams.Inherited(), false)),
            end -> {
              journal.ended(entry);
              ended.accept(end);
            });
    if (pid < 0) {
      journal.ended(entry);
      throw new LauncherException(
          "expected to run %s, found: %s; check that it is installed"
              .formatted(command.getFirst(), Linux.message(-pid)));
    }
    journal.started(entry, pid);
    return pid;
  }

  private void ended(Linux.Ended end) {
    Hosted hosted = hosted(end.pid());
    output.say(
        "Child for service '%s' with PID %d exited with code %s"
            .formatted(hosted.request().serviceGroup(), end.pid(), end.status()));
    synchronized (state) {
      running.remove(end.pid());
      leaderless.put(end.pid(), hosted);
      state.notifyAll();
    }
    tell(new LauncherEvent.Exited(hosted.request().serviceGroup(), end.pid(), end.status()));
    forgetWhoIsGone();
  }

  /** A process is forgotten when nobody is left of what it started, in its group or elsewhere. */
  private void forgetWhoIsGone() {
    List<Hosted> former;
    synchronized (state) {
      for (Hosted hosted : List.copyOf(leaderless.values())) {
        if (!ProcessGroups.isAlive(hosted.service().pid())) {
          leaderless.remove(hosted.service().pid());
          scattered.add(hosted);
        }
      }
      former = List.copyOf(scattered);
    }
    if (former.isEmpty()) {
      return;
    }
    Map<ProcessTag, List<LivingProcess>> carriers;
    try {
      carriers = carriers(former);
    } catch (IOException unseen) {
      // Somebody may be left, and stays in the journal until the next look.
      return;
    }
    synchronized (state) {
      former.stream()
          .filter(hosted -> !carriers.containsKey(hosted.request().tag()))
          .forEach(this::forget);
    }
  }

  private static Map<ProcessTag, List<LivingProcess>> carriers(List<Hosted> all)
      throws IOException {
    return ProcessTag.carriers(
        all.stream().map(hosted -> hosted.request().tag()).collect(Collectors.toSet()));
  }

  /** Waits for a start in progress: a process may end before its start has been noted. */
  private Hosted hosted(int pid) {
    synchronized (state) {
      return Optional.ofNullable(running.get(pid)).orElseThrow();
    }
  }

  private void forget(Hosted former) {
    // Two may find at the same time that nobody is left.
    if (leaderless.remove(former.service().pid(), former) || scattered.remove(former)) {
      journal.ended(former.entry());
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
  public void signal(int pid, Signal signal) throws LauncherException {
    boolean ours;
    synchronized (state) {
      ours = running.containsKey(pid) || leaderless.containsKey(pid);
    }
    if (ours) {
      children.signal(pid, signal);
    }
  }

  @Override
  public List<RunningService> running() {
    synchronized (state) {
      return running.values().stream().map(Hosted::service).toList();
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

  /** The longest time that a service, or what one left behind, may take to stop. */
  Duration longestStop() {
    synchronized (state) {
      return Stream.of(running.values(), leaderless.values(), scattered)
          .flatMap(Collection::stream)
          .map(hosted -> hosted.request().stopTimeout())
          .max(Duration::compareTo)
          .orElse(Duration.ZERO);
    }
  }

  /** Stops every service with its own signal and time limit, all at once. */
  void stopAll() {
    ProcessGroups.endFound(
        () -> {
          List<Hosted> groups;
          List<Hosted> others;
          synchronized (state) {
            groups =
                Stream.concat(running.values().stream(), leaderless.values().stream()).toList();
            others = List.copyOf(scattered);
          }
          return stopOrders(groups, others);
        });
    awaitEnds();
    forgetWhoIsGone();
  }

  /** Whose groups are to be ended as a whole, and whoever left them or others. */
  private List<StopOrder> stopOrders(List<Hosted> groups, List<Hosted> others) {
    Map<Integer, StopOrder> orders = new LinkedHashMap<>();
    groups.forEach(
        hosted -> orders.put(hosted.service().pid(), hosted.stopOrder(hosted.service().pid())));
    Set<Integer> leaders = Set.copyOf(orders.keySet());
    List<Hosted> all = Stream.concat(groups.stream(), others.stream()).toList();
    try {
      Map<ProcessTag, List<LivingProcess>> carriers = carriers(all);
      for (Hosted hosted : all) {
        carriers.getOrDefault(hosted.request().tag(), List.of()).stream()
            .filter(process -> !leaders.contains(process.group()))
            .forEach(process -> orders.putIfAbsent(process.pid(), hosted.stopOrder(process.pid())));
      }
    } catch (IOException unseen) {
      output.say(
          "warning: cannot look for what services left in the background: " + Cause.of(unseen));
    }
    return List.copyOf(orders.values());
  }

  /** The processes are gone; their ends are told by another thread, in a moment. */
  private void awaitEnds() {
    long end = System.nanoTime() + TOLD_NANOS_MAX;
    try {
      synchronized (state) {
        while (!running.isEmpty() && System.nanoTime() < end) {
          TimeUnit.NANOSECONDS.timedWait(state, end - System.nanoTime());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopAll();
    children.close();
    output.close();
    release(lock);
  }
}
