package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.supervisor.ctl.CommandRules;
import dev.monarch.supervisor.ctl.ConfigurationRules;
import dev.monarch.supervisor.ctl.ConfigurationRules.Standing;
import dev.monarch.supervisor.ctl.ControlCommands.Client;
import dev.monarch.supervisor.ctl.Rollout;
import dev.monarch.supervisor.http.ServiceSnapshot;
import dev.monarch.supervisor.layers.Layer;
import dev.monarch.supervisor.layers.TomlText;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.supervisor.service.Line;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.ControlReply;
import dev.monarch.wire.control.ControlReply.NetErr;
import dev.monarch.wire.control.ControlReply.NetOk;
import dev.monarch.wire.control.ControlReply.ServiceCfg;
import dev.monarch.wire.control.ControlRequest.ConfigurationRequest;
import dev.monarch.wire.control.ControlRequest.SvcFilePut;
import dev.monarch.wire.control.ControlRequest.SvcGetDefaultCfg;
import dev.monarch.wire.control.ControlRequest.SvcSetCfg;
import dev.monarch.wire.control.ControlRequest.SvcValidateCfg;
import dev.monarch.wire.control.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells the ring what operators have for a service group, and shows what a service begins with.
 *
 * <p>What is told has the operator's version as its incarnation and goes to the machine of this
 * very member; it makes no difference whether the member runs the service, or anybody does. Two
 * commands are told one after the other, so that each knows what it meets.
 */
final class ConfigurationCommands {
  /** Where the news of a service group is to be had. */
  interface News {
    /**
     * Lets a listener see the group now and after each news of it, until it is closed.
     *
     * @param listener called by one thread, and not to wait
     */
    Subscription follow(String group, Consumer<Optional<CensusGroup>> listener);
  }

  /** A listener's place. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  private final Manager.RingDoor ring;
  private final Supplier<List<ServiceSnapshot>> services;
  private final News news;
  private final Consumer<Line> console;

  /** Between the look at the version in force and the next one being told nobody else tells. */
  private final ReentrantLock telling = new ReentrantLock();

  ConfigurationCommands(
      Manager.RingDoor ring,
      Supplier<List<ServiceSnapshot>> services,
      News news,
      Consumer<Line> console) {
    this.ring = ring;
    this.services = services;
    this.news = news;
    this.console = console;
  }

  ControlReply.Last handle(ConfigurationRequest request, Client client)
      throws InterruptedException {
    return switch (request) {
      case SvcGetDefaultCfg get -> defaults(get);
      case SvcValidateCfg validate ->
          ConfigurationRules.validate(validate, validate.group().flatMap(this::defaults));
      case SvcSetCfg set -> set(set, client);
      case SvcFilePut put -> put(put, client);
    };
  }

  // ---- What a service begins with ----

  /** Only of services that are up or shall be (control.md 7.6). */
  private ControlReply.Last defaults(SvcGetDefaultCfg get) {
    Optional<ServiceSnapshot> found =
        services.get().stream()
            .filter(service -> service.status().desiredUp())
            .filter(service -> CommandRules.satisfies(Statuses.ident(service), get.ident()))
            .findFirst();
    if (found.isEmpty()) {
      return CommandRules.notFound(get.ident());
    }
    try {
      Optional<Layer> layer = defaults(found.get());
      return new ServiceCfg(layer.map(one -> TomlText.write(one.tree())));
    } catch (TreeException unreadable) {
      return new NetErr(ErrorCode.INTERNAL, String.valueOf(unreadable.getMessage()));
    }
  }

  /** Those of a service of this very group, if one is loaded here. */
  private Optional<Layer> defaults(ServiceGroup group) {
    Optional<ServiceSnapshot> found =
        services.get().stream().filter(service -> service.group().equals(group)).findFirst();
    try {
      return found.isPresent() ? defaults(found.get()) : Optional.empty();
    } catch (TreeException unreadable) {
      // Why the service does not start is told there; it is none of the configuration's fault.
      return Optional.empty();
    }
  }

  private static Optional<Layer> defaults(ServiceSnapshot service) throws TreeException {
    Optional<Path> directory =
        service
            .spec()
            .configFrom()
            .or(() -> service.prepared().map(ready -> ready.installed().path()));
    return directory.isPresent() ? Layer.defaults(directory.get()) : Optional.empty();
  }

  // ---- What a group is told ----

  private ControlReply.Last set(SvcSetCfg set, Client client) throws InterruptedException {
    Optional<NetErr> objection = ConfigurationRules.objection(set);
    if (objection.isPresent()) {
      return objection.get();
    }
    console.accept(
        new Line(
            Line.SUPERVISOR,
            "CMD",
            "Setting new configuration version %s for %s"
                .formatted(Long.toUnsignedString(set.version()), set.group())));
    var rumor =
        new ServiceConfigRumor(
            Butterfly.OPERATOR, set.group(), set.version(), set.encrypted(), set.configuration());
    Told told = tell(rumor, set.version(), state -> standing(state, rumor));
    return switch (told) {
      case Told.NoRoom(NetErr reply) -> reply;
      case Told.New() -> await(set, client);
      case Told.WithoutEffect(Standing standing) -> {
        boolean narrated = set.takesLines() || set.waitSeconds().isPresent();
        remark("the configuration", set.group(), set.version(), standing, narrated, client);
        if (standing.same() && standing.inForce() == set.version()) {
          yield await(set, client);
        }
        yield set.waitSeconds().isPresent() ? superseded(set, standing) : new NetOk();
      }
    };
  }

  private static NetErr superseded(SvcSetCfg set, Standing standing) {
    return new NetErr(
        ErrorCode.CONFLICT,
        "nobody will apply version %s of %s, because version %s is in force"
            .formatted(
                Long.toUnsignedString(set.version()),
                set.group(),
                Long.toUnsignedString(standing.inForce())));
  }

  private ControlReply.Last put(SvcFilePut put, Client client) {
    Optional<NetErr> objection = ConfigurationRules.objection(put);
    if (objection.isPresent()) {
      return objection.get();
    }
    console.accept(
        new Line(
            Line.SUPERVISOR,
            "CMD",
            "Receiving new version %s of file %s for %s"
                .formatted(Long.toUnsignedString(put.version()), put.filename(), put.group())));
    var rumor =
        new ServiceFileRumor(
            Butterfly.OPERATOR,
            put.group(),
            put.version(),
            put.encrypted(),
            put.filename(),
            put.content());
    Told told = tell(rumor, put.version(), state -> standing(state, rumor));
    return switch (told) {
      case Told.NoRoom(NetErr reply) -> reply;
      case Told.New() -> new NetOk();
      case Told.WithoutEffect(Standing standing) -> {
        String what = "the file " + put.filename();
        remark(what, put.group(), put.version(), standing, put.takesLines(), client);
        yield new NetOk();
      }
    };
  }

  /** What became of telling the ring. */
  private sealed interface Told {
    record New() implements Told {}

    record WithoutEffect(Standing standing) implements Told {}

    /** The ring's store takes nothing more. */
    record NoRoom(NetErr reply) implements Told {}
  }

  private Told tell(Rumor rumor, long version, Function<RingState, Optional<Standing>> standing) {
    telling.lock();
    try {
      Optional<Standing> before = standing.apply(ring.view().state());
      if (before.filter(known -> reaches(known, version)).isPresent()) {
        return new Told.WithoutEffect(before.get());
      }
      ring.publish(rumor);
      Optional<Standing> after = standing.apply(ring.view().state());
      return after.filter(known -> reaches(known, version)).isPresent()
          ? new Told.New()
          : new Told.NoRoom(
              new NetErr(
                  ErrorCode.INTERNAL,
                  "expected room for another rumor at this member, found none; the ring has too"
                      + " many configurations and files"));
    } catch (IllegalArgumentException tooLong) {
      return new Told.NoRoom(new NetErr(ErrorCode.INTERNAL, String.valueOf(tooLong.getMessage())));
    } finally {
      telling.unlock();
    }
  }

  private static boolean reaches(Standing standing, long version) {
    return Long.compareUnsigned(standing.inForce(), version) >= 0;
  }

  private static Optional<Standing> standing(RingState state, ServiceConfigRumor rumor) {
    return state.serviceConfigs().stream()
        .filter(known -> known.group().equals(rumor.group()))
        .findFirst()
        .map(
            known ->
                new Standing(
                    known.incarnation(),
                    same(known.config(), rumor.config(), known.encrypted(), rumor.encrypted())));
  }

  private static Optional<Standing> standing(RingState state, ServiceFileRumor rumor) {
    return state.serviceFiles().stream()
        .filter(known -> known.group().equals(rumor.group()))
        .filter(known -> known.filename().equals(rumor.filename()))
        .findFirst()
        .map(
            known ->
                new Standing(
                    known.incarnation(),
                    same(known.body(), rumor.body(), known.encrypted(), rumor.encrypted())));
  }

  private static boolean same(Bytes known, Bytes told, boolean knownSealed, boolean toldSealed) {
    return knownSealed == toldSealed && known.equals(told);
  }

  /** Whoever does not take lines is not told; the operator of this Supervisor is. */
  private void remark(
      String what,
      ServiceGroup group,
      long version,
      Standing standing,
      boolean narrated,
      Client client) {
    console.accept(
        new Line(
            Line.SUPERVISOR,
            "CMD",
            "Version %s of %s of %s changes nothing, because version %s is in force"
                .formatted(
                    Long.toUnsignedString(version),
                    what,
                    group,
                    Long.toUnsignedString(standing.inForce()))));
    if (narrated) {
      ConfigurationRules.withoutEffect(what, group, version, standing).forEach(client);
    }
  }

  // ---- Waiting for the group ----

  /** At once for whoever does not want to know. */
  private ControlReply.Last await(SvcSetCfg set, Client client) throws InterruptedException {
    if (set.waitSeconds().isEmpty()) {
      return new NetOk();
    }
    Duration limit = Duration.ofSeconds(set.waitSeconds().getAsLong());
    long endNanos = System.nanoTime() + limit.toNanos();
    var rollout = new Rollout(set.group(), set.version());
    var lookout = new Lookout();
    client.whenGone(lookout::giveUp);
    try (Subscription _ = news.follow(set.group().text(), lookout::see)) {
      boolean settled = false;
      while (!settled && lookout.awaitNews(endNanos)) {
        rollout.look(lookout.newest()).forEach(client);
        settled = rollout.isSettled();
      }
    }
    if (lookout.isGivenUp()) {
      return new NetErr(
          ErrorCode.INTERNAL,
          "expected the client to wait for the members of %s, found it gone; they apply version %s all the same"
              .formatted(set.group(), Long.toUnsignedString(set.version())));
    }
    rollout.rest().forEach(client);
    return rollout.verdict(limit);
  }

  /**
   * Where one thread waits for news of a group. One that is slow to come back, because its client
   * is slow to take lines, sees the newest state next and not every one.
   */
  private static final class Lookout {
    private final Semaphore news = new Semaphore(0);
    private volatile Optional<CensusGroup> newest = Optional.empty();
    private volatile boolean givenUp;

    /** By the thread that knows the group. */
    void see(Optional<CensusGroup> group) {
      newest = group;
      news.release();
    }

    /** By any thread: there is nobody left to wait for it. */
    void giveUp() {
      givenUp = true;
      news.release();
    }

    /** False if there was none in time, or it is given up. */
    boolean awaitNews(long endNanos) throws InterruptedException {
      long left = Math.max(0, endNanos - System.nanoTime());
      boolean came = news.tryAcquire(left, TimeUnit.NANOSECONDS);
      news.drainPermits();
      return came && !givenUp;
    }

    Optional<CensusGroup> newest() {
      return newest;
    }

    boolean isGivenUp() {
      return givenUp;
    }
  }
}
