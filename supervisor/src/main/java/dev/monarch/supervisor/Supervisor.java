package dev.monarch.supervisor;

import dev.monarch.butterfly.Settings;
import dev.monarch.butterfly.View;
import dev.monarch.crypto.KeyCache;
import dev.monarch.crypto.KeyException;
import dev.monarch.crypto.KeyKind;
import dev.monarch.crypto.RingKey;
import dev.monarch.launcher.LauncherEvent;
import dev.monarch.launcher.LauncherException;
import dev.monarch.launcher.ProcessHost;
import dev.monarch.packages.PackageStore;
import dev.monarch.ring.Ring;
import dev.monarch.ring.RingConfig;
import dev.monarch.ring.RingEvent;
import dev.monarch.ring.RingEvent.DepartureOrdered;
import dev.monarch.ring.RingEvent.EventsMissed;
import dev.monarch.ring.RingEvent.MemberChanged;
import dev.monarch.ring.RingEvent.OwnIdHeard;
import dev.monarch.ring.RingEvent.RumorStored;
import dev.monarch.ring.RingEvent.Trouble;
import dev.monarch.ring.RingListener;
import dev.monarch.ring.RingStartException;
import dev.monarch.supervisor.config.ConfigurationException;
import dev.monarch.supervisor.config.GeneratedConfiguration;
import dev.monarch.supervisor.config.Layout;
import dev.monarch.supervisor.config.SupervisorConfig;
import dev.monarch.supervisor.config.SupervisorConfig.RingChoice;
import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.supervisor.config.SupervisorOptions;
import dev.monarch.supervisor.ctl.ControlCommands;
import dev.monarch.supervisor.ctl.ControlGateway;
import dev.monarch.supervisor.hooks.HookRunner;
import dev.monarch.supervisor.http.HttpGateway;
import dev.monarch.supervisor.http.ServicesView;
import dev.monarch.supervisor.manager.LauncherGroups;
import dev.monarch.supervisor.manager.Manager;
import dev.monarch.supervisor.manager.Premises;
import dev.monarch.supervisor.manager.SysFacts;
import dev.monarch.supervisor.service.HookLimits;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One Supervisor: {@link #run} starts it, waits and tells how it ended.
 *
 * <p>A run is one life or several. A life takes up the ring and the gateway in the order of
 * supervisor.md 1.5 and lasts until it is given a reason to end:
 *
 * <pre>
 *   reason      by                        the member                   then
 *   stop        TERM, INT, {@link #stop}       says goodbye                 exit 0
 *   restart     HUP, {@link #restart}          says nothing, writes down    the next life
 *   departure   a rumor about itself      says goodbye                 exit 86
 *   test exit   {@link TestFeatures}           says nothing, writes down    exit as told
 * </pre>
 *
 * The tree stays locked from the first life to the last. A restart reads the configuration again;
 * if that is in error now, the life goes on with the old one.
 *
 * <p>Under a Launcher (supervisor.md 11) some of this is its business. {@code LOCK} holds its id;
 * signals go to it and reach us as events; a restart is the end of this process with exit 0, and
 * the Launcher starts the next one. Two reasons come to it:
 *
 * <pre>
 *   stop all    TERM to this process, {@link #stop}   says goodbye   exit 84: the Launcher ends too
 *   alone       the Launcher is gone             says goodbye   exit 86
 * </pre>
 */
public final class Supervisor {
  /** A start or a run failed for good, or the member was made to depart (supervisor.md 11.3). */
  public static final int EXIT_FAILED = 86;

  /** The Launcher shall stop everything and end with success (supervisor.md 11.3). */
  static final int EXIT_STOP_ALL = 84;

  /** What was asked for makes no sense. */
  public static final int EXIT_USAGE = 2;

  private final SupervisorOptions options;
  private final Surroundings surroundings;

  /** Reasons to end the present life, in the order they came. */
  private final BlockingQueue<Reason> reasons = new LinkedBlockingQueue<>();

  /** The services of the present life. */
  private volatile Optional<Manager> services = Optional.empty();

  private boolean wasInterrupted;

  /** Why a life ends. */
  private sealed interface Reason {
    record Stop(int exitCode) implements Reason {}

    record Restart() implements Reason {}

    record Departure() implements Reason {}

    /** Nobody is left who would look after what we leave. */
    record Alone() implements Reason {}

    record TestExit(int exitCode) implements Reason {}
  }

  public Supervisor(SupervisorOptions options, Surroundings surroundings) {
    this.options = options;
    this.surroundings = surroundings;
  }

  /** Lets the process's signals stop and restart this Supervisor. For its own process only. */
  public void handleSignals() {
    ProcessSignals.handOver(this, hasLauncher());
  }

  /** Ends the run as TERM does. Returns at once. */
  public void stop() {
    reasons.add(new Reason.Stop(hasLauncher() ? EXIT_STOP_ALL : 0));
  }

  /** Begins the next life as HUP does. Returns at once. */
  public void restart() {
    reasons.add(new Reason.Restart());
  }

  private boolean hasLauncher() {
    return Parent.launcherPipe(surroundings.environment()).isPresent();
  }

  /** Runs until there is a reason to end, and returns the exit code. */
  public int run() {
    if (options.isGiven(SupervisorOption.GENERATE_CONFIG)) {
      surroundings.out().print(GeneratedConfiguration.text(options, surroundings.environment()));
      surroundings.out().flush();
      return 0;
    }
    try {
      SupervisorConfig config = SupervisorConfig.resolve(options, surroundings.environment());
      TestFeatures features = TestFeatures.of(surroundings.environment());
      features.failBoot();
      prepare(config.layout());
      long holder = Parent.pid(surroundings.environment());
      try (TreeLock _ = TreeLock.take(config.layout(), holder)) {
        purge(config.layout());
        try (ProcessHost host = Parent.open(config, surroundings);
            TestFeatures.Watch _ = features.watch(code -> reasons.add(new Reason.TestExit(code)))) {
          host.subscribe(event -> heard(event, config));
          return live(config, host);
        } catch (LauncherException failed) {
          throw StartException.because(failed);
        }
      }
    } catch (ConfigurationException wrong) {
      surroundings.err().println("error: " + wrong.getMessage());
      return EXIT_USAGE;
    } catch (StartException failed) {
      surroundings.err().println("error: " + failed.getMessage());
      return EXIT_FAILED;
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** One life after the other. */
  private int live(SupervisorConfig first, ProcessHost host)
      throws StartException, LauncherException {
    SupervisorConfig config = first;
    while (true) {
      var life = new Life(config, console(config), host);
      switch (life.live()) {
        case Reason.Stop(int exitCode) -> {
          return exitCode;
        }
        case Reason.TestExit(int exitCode) -> {
          return exitCode;
        }
        case Reason.Departure(), Reason.Alone() -> {
          return EXIT_FAILED;
        }
        case Reason.Restart() -> {
          if (hasLauncher()) {
            return 0;
          }
          config = life.next;
        }
      }
    }
  }

  private void heard(LauncherEvent event, SupervisorConfig config) {
    switch (event) {
      case LauncherEvent.Exited exited -> services.ifPresent(manager -> manager.heard(exited));
      case LauncherEvent.ShutdownRequested() -> {
        console(config).say(Console.Key.MR, "Supervisor received shutdown signal from launcher");
        reasons.add(new Reason.Stop(0));
      }
      case LauncherEvent.RestartRequested() -> restart();
      case LauncherEvent.LauncherLost() -> {
        console(config).say(Console.Key.MR, "error: the Launcher is gone; shutting down");
        reasons.add(new Reason.Alone());
      }
    }
  }

  private Console console(SupervisorConfig config) {
    return new Console(surroundings.out(), config.output(), surroundings.terminal());
  }

  private static void prepare(Layout layout) throws StartException {
    for (Path directory : new Path[] {layout.data(), layout.specs()}) {
      try {
        Files.createDirectories(directory);
      } catch (IOException failure) {
        throw new StartException(
            "expected to create %s, found: %s; run as a user who may, or choose another tree with FS_ROOT"
                .formatted(directory, Cause.of(failure)),
            failure);
      }
    }
  }

  /** Removes what an interrupted write and older versions leave behind. */
  private static void purge(Layout layout) throws StartException {
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(layout.data(), "*.{tmp,health}")) {
      for (Path file : leftovers) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failure) {
      throw new StartException(
          "expected to tidy up %s, found: %s; check who owns it"
              .formatted(layout.data(), Cause.of(failure)),
          failure);
    }
  }

  /** From taking up the ring to letting it go. */
  private final class Life implements RingListener {
    private final SupervisorConfig config;
    private final Console console;
    private final ProcessHost host;
    private SupervisorConfig next;
    private Optional<RingLog> log = Optional.empty();
    private boolean logBroken;

    Life(SupervisorConfig config, Console console, ProcessHost host) {
      this.config = config;
      this.host = host;
      this.next = config;
      this.console = console;
    }

    Reason live() throws StartException, LauncherException {
      console.say(Console.Key.MR, Product.banner());
      config.warnings().forEach(warning -> console.say(Console.Key.MR, "warning: " + warning));
      if (config.ringLog().isPresent()) {
        log = Optional.of(RingLog.append(config.ringLog().get()));
      }
      try {
        return among();
      } finally {
        log.ifPresent(RingLog::close);
      }
    }

    private Reason among() throws StartException, LauncherException {
      Ring ring = start();
      boolean left = false;
      try {
        console.say(Console.Key.MR, "Supervisor Member-ID " + ring.memberId());
        console.say(Console.Key.MR, "Starting gossip-listener on " + ring.listen());
        if (hasDeparted(ring)) {
          reasons.add(new Reason.Departure());
        }
        ControlSecret.makeIfMissing(config.layout());
        Reason reason = serveOrLeave(ring);
        switch (reason) {
          case Reason.Stop _, Reason.Departure _, Reason.Alone _ -> {
            ring.leave();
            left = true;
          }
          case Reason.Restart() ->
              console.say(Console.Key.MR, "Supervisor shutting down for restart");
          case Reason.TestExit(int code) ->
              console.say(Console.Key.MR, "Exiting with code " + code + ", as a test told");
        }
        if (reason instanceof Reason.Departure) {
          console.tell(departed(config.layout()));
        }
        return reason;
      } finally {
        if (!left) {
          ring.close();
        }
      }
    }

    /** Whoever was heard of is not to be missed, also if its Launcher is lost while it starts. */
    private Reason serveOrLeave(Ring ring) throws StartException, LauncherException {
      try {
        return serve(ring);
      } catch (LauncherException lost) {
        sayGoodbye(ring);
        throw lost;
      }
    }

    private void sayGoodbye(Ring ring) {
      console.say(Console.Key.MR, "Gracefully departing from butterfly network.");
      ring.farewell();
    }

    /**
     * Opens both gateways before the first service is started: a port that is taken ends it all.
     */
    private Reason serve(Ring ring) throws StartException, LauncherException {
      var hooks = new HookRunner(LauncherGroups.INSTANCE, console::say);
      var manager =
          new Manager(
              premises(ring, hooks), new Door(ring), console::say, Supervisor.this::restart);
      services = Optional.of(manager);
      try (manager;
          ControlGateway control =
              ControlGateway.start(
                  config.controlListen(),
                  config.controlTls(),
                  ControlSecret.read(config.layout()),
                  manager.commands())) {
        console.say(Console.Key.MR, "Starting ctl-gateway on " + text(control.address()));
        if (config.gateway().isEmpty()) {
          return look(ring, manager);
        }
        try (HttpGateway gateway =
            HttpGateway.start(
                config.gateway().get(),
                ring::view,
                ring::nowNanos,
                ring::metrics,
                () -> shown(manager, hooks, control))) {
          console.say(Console.Key.MR, "Starting http-gateway on " + text(gateway.address()));
          return look(ring, manager);
        }
      } finally {
        services = Optional.empty();
      }
    }

    private static ServicesView shown(Manager manager, HookRunner hooks, ControlGateway control) {
      return new ServicesView(
          manager.services(),
          hooks.durations().snapshot(),
          manager.durations().snapshot(),
          control.metrics());
    }

    /** Looks after the services until there is a reason to end. */
    private Reason look(Ring ring, Manager manager) throws StartException, LauncherException {
      if (config.services().load().isPresent()) {
        load(manager, config.services().load().get());
      }
      manager.begin();
      Reason reason = awaitReason();
      switch (reason) {
        case Reason.Stop _, Reason.Departure _, Reason.Alone _ -> {
          sayGoodbye(ring);
          manager.stop();
        }
        case Reason.Restart _, Reason.TestExit _ -> {
          console.say(Console.Key.MR, "Preparing services for Supervisor restart");
          manager.detach();
        }
      }
      return reason;
    }

    /** The package of the command line, as if it were loaded with {@code --force}. */
    private void load(Manager manager, SvcLoad load) throws StartException {
      try {
        ControlReply.Last reply =
            manager.commands().handle(load, ControlCommands.Client.SUPERVISOR);
        if (reply instanceof ControlReply.NetErr error) {
          throw new StartException("cannot load " + load.ident() + ": " + error.message());
        }
      } catch (InterruptedException interrupted) {
        wasInterrupted = true;
        reasons.add(new Reason.Stop(0));
      }
    }

    private Premises premises(Ring ring, HookRunner hooks) {
      return new Premises(
          config.layout(),
          PackageStore.below(config.layout().root()),
          keys(),
          host,
          hooks,
          new SysFacts(
              Product.version(),
              ring.memberId(),
              config
                  .services()
                  .sysIpAddress()
                  .orElseGet(() -> SysFacts.outboundAddress(surroundings.environment())),
              SysFacts.hostnameOfMachine(),
              config.gossipListen(),
              config.httpListen(),
              config.controlListen(),
              config.permanentPeer()),
          config.services().organization(),
          config.services().restart(),
          HookLimits.usual(),
          surroundings.environment());
    }

    private Reason awaitReason() {
      while (true) {
        Reason reason = take();
        if (!(reason instanceof Reason.Restart)) {
          return reason;
        }
        try {
          next = SupervisorConfig.resolve(options, surroundings.environment());
          return reason;
        } catch (ConfigurationException wrong) {
          console.say(Console.Key.MR, "error: not restarting: " + wrong.getMessage());
        }
      }
    }

    private Reason take() {
      try {
        return reasons.take();
      } catch (InterruptedException interrupted) {
        // Whoever interrupts a Supervisor's thread wants it to end; it still says goodbye before.
        wasInterrupted = true;
        return new Reason.Stop(0);
      }
    }

    private Ring start() throws StartException {
      try {
        return Ring.start(ringConfig(), this);
      } catch (RingStartException failed) {
        throw StartException.because(failed);
      }
    }

    private RingConfig ringConfig() throws StartException {
      RingConfig ring =
          RingConfig.in(config.layout().supervisor())
              .withListen(config.gossipListen())
              .withPeers(config.peers())
              .withPersistent(config.permanentPeer())
              .withSettings(Settings.standard().withShareLimit(config.shareLimit()))
              .withPersistPeriod(config.persistPeriod());
      Optional<RingKey> key = key();
      if (key.isPresent()) {
        ring = ring.withKey(key.get());
      }
      if (config.peerWatchFile().isPresent()) {
        ring = ring.withPeerWatchFile(config.peerWatchFile().get());
      }
      return config.cutFile().isPresent() ? ring.withCutFile(config.cutFile().get()) : ring;
    }

    private Optional<RingKey> key() throws StartException {
      KeyCache cache = keys();
      try {
        return switch (config.ring()) {
          case RingChoice.InClear() -> Optional.empty();
          case RingChoice.Named(String name) -> Optional.of(cache.latest(KeyKind.RING, name));
          case RingChoice.Text(String text, String origin) -> {
            RingKey key = parse(text, origin);
            cache.write(key);
            yield Optional.of(key);
          }
        };
      } catch (KeyException failed) {
        throw StartException.because(failed);
      }
    }

    private KeyCache keys() {
      return new KeyCache(
          config.keyCache(), warning -> console.say(Console.Key.MR, "warning: " + warning));
    }

    /** A key given as text has no file that a message could name. */
    private static RingKey parse(String text, String origin) throws StartException {
      try {
        return RingKey.parse(text);
      } catch (KeyException failed) {
        throw new StartException(
            "%s; expected the text of a ring key from %s, as 'hab ring key export' prints it"
                .formatted(failed.getMessage(), origin),
            failed);
      }
    }

    /**
     * A departure is in the rumor file, so it ends every later start as well (butterfly.md 4.10).
     */
    private boolean hasDeparted(Ring ring) {
      return ring.view().state().departures().stream()
          .anyMatch(departure -> departure.memberId().equals(ring.memberId()));
    }

    @Override
    public void heard(RingEvent event) {
      services.ifPresent(manager -> manager.heard(event));
      switch (event) {
        case MemberChanged change -> log.ifPresent(file -> write(file, change));
        case RumorStored _ -> {}
        case DepartureOrdered _ -> reasons.add(new Reason.Departure());
        case OwnIdHeard heard ->
            console.say(
                Console.Key.MR,
                "warning: %s uses the member id of this Supervisor as well; one of the two trees is a copy: remove MEMBER_ID and the data directory there"
                    .formatted(heard.source()));
        case Trouble trouble -> console.say(Console.Key.PW, "warning: " + trouble.text());
        case EventsMissed missed ->
            console.say(
                Console.Key.MR,
                "warning: %d events were missed; the ring log has a gap".formatted(missed.count()));
      }
    }

    private void write(RingLog file, MemberChanged change) {
      try {
        file.write(change);
        logBroken = false;
      } catch (IOException failure) {
        if (!logBroken) {
          logBroken = true;
          console.say(Console.Key.MR, "warning: cannot write the ring log: " + Cause.of(failure));
        }
      }
    }
  }

  private static String departed(Layout layout) {
    return """
    This Supervisor was made to depart from its ring by an operator.

    It stays down, because nobody watches what the services on this machine would do while the
    ring takes it for gone. If you know that they may run and this machine shall join again,
    remove its identity and what it remembers, and start it as a new member:

      rm -rf %s %s

    If in doubt, leave it as it is.\
    """
        .formatted(layout.memberId(), layout.data());
  }

  /** The ring as services know it. */
  private record Door(Ring ring) implements Manager.RingDoor {
    @Override
    public View view() {
      return ring.view();
    }

    @Override
    public void publish(Rumor rumor) {
      ring.publish(rumor);
    }

    @Override
    public void depart(String memberId) {
      ring.depart(memberId);
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
    public void restartElection(ServiceGroup group) {
      ring.restartElection(group);
    }

    @Override
    public void stepDown(ServiceGroup group) {
      ring.stepDown(group);
    }
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
