package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.View;
import dev.monarch.butterfly.census.Census;
import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusKeeper;
import dev.monarch.launcher.LauncherEvent;
import dev.monarch.launcher.LauncherEvent.Exited;
import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.ProcessGroups;
import dev.monarch.launcher.RunningService;
import dev.monarch.launcher.Signal;
import dev.monarch.launcher.StopOrder;
import dev.monarch.ring.RingEvent;
import dev.monarch.supervisor.Durations;
import dev.monarch.supervisor.ctl.ControlCommands;
import dev.monarch.supervisor.disk.FileWatch;
import dev.monarch.supervisor.http.ServiceSnapshot;
import dev.monarch.supervisor.http.ServicesView;
import dev.monarch.supervisor.service.EndCause;
import dev.monarch.supervisor.service.Line;
import dev.monarch.supervisor.service.ServiceInput;
import dev.monarch.supervisor.service.StopCause;
import dev.monarch.supervisor.spec.Reconciliation;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.supervisor.spec.SpecDirectory;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * All services of a Supervisor.
 *
 * <pre>
 *   what happens                      who hears of it
 *   a spec file is written, changed   the directory is read again, and each service whose spec is
 *   or deleted                        another one is started, stopped, restarted or swapped
 *   news of the ring                  services that use a group which the news concerned
 *   a process ends                    its service
 *   user.toml changes                 its service
 *   the key cache changes             services for which something sealed waits
 *   the time a machine asked for      that machine
 * </pre>
 *
 * <p>Nothing is looked at regularly: where nothing happens, nothing is done. The one exception is a
 * file system that cannot tell of changes ({@link FileWatch}).
 */
public final class Manager implements AutoCloseable {
  /** What the ring gives and takes. */
  public interface RingDoor {
    View view();

    void publish(Rumor rumor);

    /** Makes a member depart for good, this one or another. */
    void depart(String memberId);

    /** Takes part in a group's elections. */
    void standForElection(ServiceGroup group);

    /**
     * What this member is worth as a group's leader.
     *
     * @param suitability unsigned, greater is better
     */
    void suitability(ServiceGroup group, long suitability);

    /** Has the leader of a group elected anew. */
    void restartElection(ServiceGroup group);

    /** Hands over the lead of a group, if this member has it. */
    void stepDown(ServiceGroup group);
  }

  /** The original's delay where the kernel cannot tell of changes (supervisor.md 3.3). */
  private static final Duration POLL = Duration.ofSeconds(2);

  /** How long a process without a service is given to end, as the original's Launcher does. */
  private static final Duration STRAY_TIMEOUT = Duration.ofSeconds(8);

  private final Premises premises;
  private final RingDoor ring;
  private final Consumer<Line> console;
  private final SpecDirectory specs;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Loop loop;
  private final ExecutorService reader;
  private final FileWatch watch;
  private final Optional<ElectionTrigger> trigger;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final Durations<ServicesView.Loop> durations = new Durations<>(ServicesView.Loop.class);

  // Owned by the loop's thread.
  private final TreeMap<String, Resident> residents = new TreeMap<>();

  /** Those that have ended while their last file is still written. */
  private final List<Resident> leaving = new ArrayList<>();

  private final Map<String, Duration> stopTimeouts = new HashMap<>();
  private Map<String, RunningService> found = new HashMap<>();
  private Set<String> saidProblems = Set.of();
  private CensusKeeper census;
  private final List<Follower> followers = new ArrayList<>();
  private boolean ending;

  /** Held by whoever begins to watch the keys. */
  private final Object keysLock = new Object();

  private boolean keysWatched;

  private final Commands commands;
  private final House house = new Rooms();
  private volatile List<ServiceSnapshot> snapshots = List.of();

  /**
   * Nothing happens before {@link #begin}, but what is heard counts from now on: whoever makes a
   * manager lets it hear the ring and the Launcher before that, or it misses what happens between.
   *
   * @param console hears every line; may be called by several threads
   * @param restart what a command to restart the Supervisor calls; it returns at once
   */
  public Manager(Premises premises, RingDoor ring, Consumer<Line> console, Runnable restart) {
    this.premises = premises;
    this.ring = ring;
    this.console = console;
    this.specs = new SpecDirectory(premises.layout().specs());
    this.census = new CensusKeeper(premises.sys().memberId());
    this.loop = new Loop("services", new Turns());
    this.reader =
        Executors.newSingleThreadExecutor(Thread.ofVirtual().name("specs-reader").factory());
    this.watch = new FileWatch("file-watch", POLL, this::filesChanged);
    this.trigger = ElectionTrigger.of(premises);
    this.commands =
        new Commands(
            new ServiceCommands(specs, premises.store(), this::statuses, new Consequences()),
            new ConfigurationCommands(ring, this::services, this::follow, console),
            ring,
            restart,
            console);
  }

  /** Takes up what runs already, and starts what the specs on disk say. Returns at once. */
  public void begin() throws LauncherException {
    var running = new HashMap<String, RunningService>();
    for (RunningService service : premises.processes().running()) {
      running.put(service.serviceGroup(), service);
    }
    loop.post(this::learnEverything);
    loop.post(() -> found = running);
    watch.watch(premises.layout().specs());
    trigger.ifPresent(one -> watch.watch(one.directory()));
    reconcile();
    loop.start();
  }

  /** The services as they are now, by name. May be called by any thread. */
  public List<ServiceSnapshot> services() {
    return snapshots;
  }

  /** How long it took to answer what happened. May be called by any thread. */
  public Durations<ServicesView.Loop> durations() {
    return durations;
  }

  /** What commands ask for is done here. */
  public ControlCommands commands() {
    return commands;
  }

  private List<ControlReply.ServiceStatus> statuses() {
    long now = System.nanoTime();
    return snapshots.stream().map(shown -> Statuses.of(shown, now)).toList();
  }

  /** What commands bring about. */
  private final class Consequences implements ServiceCommands.Effects {
    @Override
    public void stopWithin(String name, Duration timeout) {
      loop.post(() -> stopTimeouts.put(name, timeout));
    }

    @Override
    public void specsChanged() {
      reconcile();
    }
  }

  /** See {@link ConfigurationCommands.News}. */
  private ConfigurationCommands.Subscription follow(
      String group, Consumer<Optional<CensusGroup>> listener) {
    var follower = new Follower(group, listener);
    loop.post(
        () -> {
          followers.add(follower);
          listener.accept(census.find(group));
        });
    return () -> loop.post(() -> followers.remove(follower));
  }

  /** Somebody who wants to know what becomes of a group; two are never the same. */
  private static final class Follower {
    private final String group;
    private final Consumer<Optional<CensusGroup>> listener;

    Follower(String group, Consumer<Optional<CensusGroup>> listener) {
      this.group = group;
      this.listener = listener;
    }
  }

  // ---- What comes from outside, by any thread ----

  /** The ring has news. */
  public void heard(RingEvent event) {
    switch (event) {
      case RingEvent.MemberChanged change ->
          loop.post(() -> census.learn(new Membership(change.member(), change.to())));
      case RingEvent.RumorStored stored -> loop.post(() -> census.learn(stored.rumor()));
      case RingEvent.EventsMissed _ -> loop.post(this::learnEverything);
      case RingEvent.DepartureOrdered _, RingEvent.OwnIdHeard _, RingEvent.Trouble _ -> {}
    }
  }

  /**
   * Looks at the ring instead of listening to it. What was heard meanwhile and waits is repeated by
   * what is seen, which does no harm.
   */
  private void learnEverything() {
    census = Census.keeper(ring.view());
    census.concernAll();
  }

  /** The Launcher has news. */
  public void heard(LauncherEvent event) {
    if (event instanceof Exited exited) {
      loop.post(
          () ->
              Optional.ofNullable(residents.get(new ServiceGroup(exited.serviceGroup()).service()))
                  .ifPresent(
                      one ->
                          one.tell(
                              new ServiceInput.ProcessExited(
                                  exited.pid(), exited.status().toString()))));
    }
  }

  /** Stops all services, each in its own way, and returns when the last one is gone. */
  public void stop() {
    loop.post(() -> end(new ServiceInput.Stop(StopCause.SHUTDOWN, Optional.empty())));
    awaitEnd();
  }

  /**
   * Lets go of all services, so that their processes live on, and returns when hooks have ended.
   */
  public void detach() {
    loop.post(() -> end(new ServiceInput.Detach()));
    awaitEnd();
  }

  /** Nothing is written below the tree any more when this returns. */
  private void awaitEnd() {
    over.join();
    leaving.forEach(Resident::awaitQuiet);
  }

  private void end(ServiceInput input) {
    ending = true;
    watch.close();
    List.copyOf(residents.values()).forEach(one -> one.tell(input));
  }

  @Override
  public void close() {
    watch.close();
    reader.shutdownNow();
    loop.end();
  }

  private void filesChanged(Set<Path> paths) {
    loop.post(
        () ->
            residents.values().stream()
                .filter(one -> paths.contains(one.userToml()))
                .forEach(Resident::userConfigurationChanged));
    if (paths.contains(absolute(premises.keys().directory()))) {
      loop.post(() -> residents.values().forEach(Resident::keysChanged));
    }
    if (trigger.filter(one -> paths.contains(absolute(one.directory()))).isPresent()) {
      loop.post(this::pullTriggers);
    }
    if (paths.contains(absolute(premises.layout().specs()))) {
      reconcile();
    }
  }

  private void pullTriggers() {
    trigger.ifPresent(
        one ->
            residents.values().stream()
                .filter(resident -> resident.spec().topology() == Topology.LEADER)
                .map(Resident::group)
                .filter(group -> one.pulled(group.text()))
                .forEach(ring::restartElection));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  // ---- Specs ----

  /** Reads all specs and makes what runs what they say. May be called by any thread. */
  private void reconcile() {
    reader.execute(
        () -> {
          try {
            SpecDirectory.Contents contents = specs.read();
            loop.post(() -> reconcile(contents));
          } catch (IOException failure) {
            house.say(new Line(Line.SUPERVISOR, "SD", String.valueOf(failure.getMessage())));
          }
        });
  }

  private void reconcile(SpecDirectory.Contents contents) {
    if (ending) {
      return;
    }
    contents.problems().stream()
        .filter(problem -> !saidProblems.contains(problem))
        .forEach(problem -> house.say(new Line(Line.SUPERVISOR, "SD", problem)));
    saidProblems = new HashSet<>(contents.problems());
    for (Reconciliation.Action action : Reconciliation.actions(contents, wantedUp(), Set.of())) {
      carryOut(action, contents);
    }
    contents.specs().values().forEach(this::keepLoaded);
    List.copyOf(residents.values()).stream()
        .filter(one -> !contents.specs().containsKey(one.name()))
        .filter(one -> !contents.unreadable().contains(one.name()))
        .forEach(one -> one.tell(stop(one.name(), StopCause.UNLOADED)));
    stopStrays(contents.unreadable());
    pullTriggers();
  }

  /** The specs of services that are up or shall be. */
  private Map<String, ServiceSpec> wantedUp() {
    var up = new TreeMap<String, ServiceSpec>();
    residents.forEach(
        (name, resident) -> {
          if (resident.status().desiredUp()) {
            up.put(name, resident.spec());
          }
        });
    return up;
  }

  private void carryOut(Reconciliation.Action action, SpecDirectory.Contents contents) {
    switch (action) {
      case Reconciliation.Start(ServiceSpec spec) -> {
        Resident resident = resident(spec);
        if (!resident.spec().equals(spec)) {
          resident.change(spec, true);
        }
        resident.tell(new ServiceInput.Start());
        adopt(resident);
      }
      case Reconciliation.Stop(ServiceSpec running) -> {
        if (contents.specs().containsKey(running.name())) {
          resident(running).tell(stop(running.name(), StopCause.DESIRED_DOWN));
        }
      }
      case Reconciliation.Restart(ServiceSpec running, ServiceSpec next) ->
          resident(running).change(next, true);
      case Reconciliation.Swap(ServiceSpec running, ServiceSpec next) ->
          resident(running).change(next, false);
    }
  }

  private ServiceInput stop(String name, StopCause cause) {
    return new ServiceInput.Stop(cause, Optional.ofNullable(stopTimeouts.remove(name)));
  }

  /** A service that shall be down is loaded all the same. */
  private void keepLoaded(ServiceSpec spec) {
    if (spec.desiredState() == DesiredState.DOWN) {
      Resident resident = resident(spec);
      if (!resident.spec().equals(spec)) {
        resident.change(spec, true);
      }
    }
  }

  private Resident resident(ServiceSpec spec) {
    return residents.computeIfAbsent(
        spec.name(),
        name -> {
          var made = new Resident(house, spec, random, System.nanoTime());
          leaving.stream().filter(one -> one.name().equals(name)).forEach(made::startAfter);
          watch.watch(made.userToml());
          return made;
        });
  }

  /** A process that a former Supervisor started is this service's. */
  private void adopt(Resident resident) {
    RunningService running = found.remove(resident.group().text());
    // One that ended in between was told of before anybody knew it.
    if (running != null && ProcessGroups.isAlive(running.pid())) {
      resident.adopt(running);
    }
  }

  /** Ends processes that no spec speaks of any more; of a file in error nobody knows. */
  private void stopStrays(Set<String> unreadable) {
    List<RunningService> strays =
        found.values().stream()
            .filter(one -> !unreadable.contains(new ServiceGroup(one.serviceGroup()).service()))
            .toList();
    for (RunningService stray : strays) {
      found.remove(stray.serviceGroup());
      house.say(
          new Line(
              Line.SUPERVISOR,
              "MR",
              "Stopping %s (PID: %d), which is not loaded any more"
                  .formatted(stray.serviceGroup(), stray.pid())));
    }
    if (!strays.isEmpty()) {
      Thread.ofVirtual().name("strays").start(() -> end(strays));
    }
  }

  private void end(List<RunningService> strays) {
    Set<Integer> groups = strays.stream().map(RunningService::pid).collect(Collectors.toSet());
    ProcessGroups.endFound(
        () -> {
          List<StopOrder> orders = new ArrayList<>();
          groups.forEach(group -> orders.add(stray(group)));
          try {
            for (RunningService stray : strays) {
              stray.tag().carriersOutside(groups).forEach(one -> orders.add(stray(one.pid())));
            }
          } catch (IOException unseen) {
            house.say(
                new Line(
                    Line.SUPERVISOR,
                    "MR",
                    "Cannot see what was left in the background: " + unseen.getMessage()));
          }
          return orders;
        });
  }

  private static StopOrder stray(int pid) {
    return new StopOrder(pid, Signal.TERM, STRAY_TIMEOUT);
  }

  // ---- The house of the residents ----

  private final class Rooms implements House {
    @Override
    public Premises premises() {
      return premises;
    }

    @Override
    public void post(Runnable task) {
      loop.post(task);
    }

    @Override
    public void say(Line line) {
      console.accept(line);
    }

    @Override
    public Optional<CensusGroup> group(String name) {
      return census.find(name);
    }

    @Override
    public Optional<ServiceConfigRumor> configuration(String group) {
      return census.configuration(group);
    }

    @Override
    public void watchKeys() {
      synchronized (keysLock) {
        if (!keysWatched) {
          watch.watch(premises.keys().directory());
          keysWatched = true;
        }
      }
    }

    @Override
    public void publish(ServiceRumor rumor) {
      ServiceRumor versioned = versioned(rumor);
      census.learn(versioned);
      try {
        ring.publish(versioned);
      } catch (IllegalArgumentException tooLong) {
        say(
            new Line(
                rumor.group().text(),
                "SR",
                "The ring is not told of this service: " + tooLong.getMessage()));
      }
    }

    @Override
    public void standForElection(ServiceGroup group) {
      ring.standForElection(group);
    }

    @Override
    public void suitability(ServiceGroup group, long suitability) {
      ring.suitability(group, suitability);
    }

    @Override
    public void ended(Resident resident, EndCause cause) {
      residents.remove(resident.name());
      leaving.removeIf(Resident::isQuiet);
      leaving.add(resident);
      watch.forget(resident.userToml());
    }
  }

  /** One higher than what the ring knows, which may be from a former life. */
  private ServiceRumor versioned(ServiceRumor rumor) {
    long known = census.incarnation(rumor.group(), rumor.memberId()).orElse(0);
    return rumor.withIncarnation(known + 1);
  }

  // ---- The loop ----

  private final class Turns implements Loop.Owner {
    @Override
    public void turn(long nowNanos) {
      SortedSet<String> concerned = census.takeConcerned();
      if (!concerned.isEmpty()) {
        List.copyOf(residents.values()).forEach(one -> one.ringChanged(concerned));
        followers.stream()
            .filter(one -> concerned.contains(one.group))
            .forEach(one -> one.listener.accept(census.find(one.group)));
      }
      for (Resident one : List.copyOf(residents.values())) {
        if (one.nextDeadlineNanos() <= nowNanos) {
          one.tell(new ServiceInput.TimePassed());
        }
      }
      show();
      durations.count(
          ServicesView.Loop.SUP, Duration.ofNanos(System.nanoTime() - loop.turnBeganNanos()));
      if (ending && residents.isEmpty()) {
        over.complete(null);
      }
    }

    @Override
    public long nextDeadlineNanos() {
      long next = Long.MAX_VALUE;
      for (Resident one : residents.values()) {
        next = Math.min(next, one.nextDeadlineNanos());
      }
      return next;
    }

    @Override
    public void failed(Throwable cause) {
      house.say(
          new Line(
              Line.SUPERVISOR,
              "MR",
              "error: a task of the service manager failed: " + cause + "; this is a defect"));
    }
  }

  private void show() {
    snapshots = residents.values().stream().map(Resident::snapshot).toList();
  }
}
