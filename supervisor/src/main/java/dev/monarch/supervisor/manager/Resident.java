package dev.monarch.supervisor.manager;

import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.crypto.KeyException;
import dev.monarch.launcher.RunningService;
import dev.monarch.supervisor.http.ServiceSnapshot;
import dev.monarch.supervisor.layers.ConfigurationLayers;
import dev.monarch.supervisor.layers.Exports;
import dev.monarch.supervisor.layers.Layer;
import dev.monarch.supervisor.layers.Layer.Kind;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.supervisor.render.Rendered;
import dev.monarch.supervisor.render.ServiceFiles;
import dev.monarch.supervisor.service.BindJudgement;
import dev.monarch.supervisor.service.Binds;
import dev.monarch.supervisor.service.EndCause;
import dev.monarch.supervisor.service.Line;
import dev.monarch.supervisor.service.ServiceInput;
import dev.monarch.supervisor.service.ServiceMachine;
import dev.monarch.supervisor.service.ServiceOutput;
import dev.monarch.supervisor.service.ServiceSettings;
import dev.monarch.supervisor.service.ServiceStatus;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.Topology;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One loaded service: its spec, its machine, and the hands that carry out what the machine wants.
 *
 * <p>Everything here runs on the loop's thread, except what says otherwise. Whatever may wait is
 * handed to one of three places, and comes back as a task of the loop:
 *
 * <pre>
 *   the worker, one thing after the other   preparing, rendering, files, reading layers, starting
 *   a thread for each signal                see ServiceProcesses
 *   a thread for each hook                  see HookRunner
 * </pre>
 *
 * So a stop is never held up by a rendering, and what is rendered is on disk before the process is
 * started that reads it.
 */
final class Resident {
  /** A file that is being written when the service ends needs much less. */
  private static final long QUIET_SECONDS_MAX = 10;

  private final House house;
  private final String name;
  private final ServiceMachine machine;
  private final ExecutorService worker;
  private final ArrayDeque<ServiceInput> inputs = new ArrayDeque<>();
  private final ServiceProcesses processes;
  private final Unsealing unsealing;
  private boolean telling;
  private boolean ended;

  private ServiceSpec spec;
  private Optional<Preparation> preparation = Optional.empty();
  private Optional<Preparing> preparing = Optional.empty();
  private ConfigurationLayers layers = ConfigurationLayers.NONE;
  private Optional<Long> gossipVersion = Optional.empty();

  /** The version of the ring's configuration that is in the layers now. */
  private Optional<Long> layerVersion = Optional.empty();

  /** What became of the newest version that this service is through with. */
  private AppliedConfiguration applied = AppliedConfiguration.NONE;

  private Map<String, Long> fileVersions = Map.of();
  private Optional<ServiceRumor> published = Optional.empty();
  private boolean leaderInDoubt;

  private boolean toldDown;

  /** How often the operator's own file changed since it was read. */
  private int userChangesUnread;

  /** Made when asked for, until something changes. */
  private @Nullable ServiceSnapshot snapshot;

  private boolean renderQueued;
  private boolean renderAgain;

  /** What is rendered or being rendered; empty if that has problems. */
  private Optional<RenderRequest> requested = Optional.empty();

  Resident(House house, ServiceSpec spec, RandomGenerator random, long nowNanos) {
    this.house = house;
    this.name = spec.ident().name();
    this.spec = spec;
    this.machine = new ServiceMachine(settings(spec), random, nowNanos);
    this.worker =
        Executors.newSingleThreadExecutor(Thread.ofVirtual().name("service-" + name).factory());
    this.processes = new ServiceProcesses(name, house, new Hands());
    this.unsealing =
        new Unsealing(house.premises().keys(), house::watchKeys, text -> sayOf("SR", text));
  }

  String name() {
    return name;
  }

  ServiceSpec spec() {
    return spec;
  }

  ServiceStatus status() {
    return machine.status();
  }

  /** What can be shown of it now. */
  ServiceSnapshot snapshot() {
    ServiceSnapshot known = snapshot;
    if (known == null) {
      known =
          new ServiceSnapshot(
              spec,
              house.premises().layout().spec(name),
              group(),
              machine.status(),
              preparation.map(this::shown),
              userChangesUnread > 0,
              house.premises().sys().context(),
              house.premises().restart(),
              System.nanoTime(),
              Instant.now());
      snapshot = known;
    }
    return known;
  }

  private ServiceSnapshot.Prepared shown(Preparation ready) {
    return new ServiceSnapshot.Prepared(
        ready.installed(),
        ready.context(),
        layers.merged(),
        ready.rendering().hooks(),
        ready.tree().root());
  }

  ServiceGroup group() {
    return group(spec);
  }

  private ServiceGroup group(ServiceSpec of) {
    String org = house.premises().organization().map(text -> "@" + text).orElse("");
    return new ServiceGroup(of.ident().name() + "." + of.group() + org);
  }

  private ServiceSettings settings(ServiceSpec of) {
    return new ServiceSettings(
        of.ident().toString(),
        group(of),
        of.bindingMode() == BindingMode.STRICT,
        of.topology() == Topology.LEADER,
        of.healthCheckInterval(),
        of.shutdownTimeout(),
        house.premises().restart(),
        house.premises().hookLimits());
  }

  long nextDeadlineNanos() {
    return machine.nextDeadlineNanos();
  }

  /**
   * The spec on disk is another one now.
   *
   * @param restart true if the service has to be stopped and started for it
   */
  void change(ServiceSpec changed, boolean restart) {
    spec = changed;
    tell(new ServiceInput.SettingsChanged(settings(changed), restart));
  }

  /** A process that a former Supervisor started is this service's. */
  void adopt(RunningService running) {
    processes.adopt(running);
    tell(new ServiceInput.ProcessFound(running.pid()));
  }

  /** Tells the machine something, and carries out what it wants. */
  void tell(ServiceInput input) {
    inputs.add(input);
    snapshot = null;
    if (telling) {
      return;
    }
    telling = true;
    try {
      for (ServiceInput next = inputs.poll(); next != null; next = inputs.poll()) {
        for (ServiceOutput output : machine.handle(next, System.nanoTime())) {
          carryOut(output);
        }
      }
    } finally {
      telling = false;
    }
    publishIfItWent();
  }

  private void carryOut(ServiceOutput output) {
    switch (output) {
      case ServiceOutput.Prepare(long attempt) -> prepare(attempt);
      case ServiceOutput.CancelPreparation _ -> preparing.ifPresent(Preparing::cancel);
      case ServiceOutput.JudgeBinds() -> inputs.add(new ServiceInput.BindsJudged(judgeBinds()));
      case ServiceOutput.JudgeElection() -> inputs.add(judgeElection());
      case ServiceOutput.Render(long _) -> render();
      case ServiceOutput.RunHook run -> processes.run(run, preparation.orElseThrow());
      case ServiceOutput.CancelHook(long runId) -> processes.cancel(runId);
      case ServiceOutput.StartProcess() ->
          processes.start(preparation.orElseThrow(), spec.shutdownTimeout());
      case ServiceOutput.Signal(int pid, String signal) -> processes.signal(pid, signal);
      case ServiceOutput.Kill(int pid) -> processes.kill(pid);
      case ServiceOutput.EndLeftBehind(String signal) -> processes.endLeftBehind(signal);
      case ServiceOutput.KillLeftBehind() -> processes.killLeftBehind();
      case ServiceOutput.ProcessGone _ -> preparation.ifPresent(processes::removePidFile);
      case ServiceOutput.Say(Line line) -> house.say(line);
      case ServiceOutput.Publish() -> publish();
      case ServiceOutput.HealthChecked _ -> {}
      case ServiceOutput.Suitable(long suitability) -> house.suitability(group(), suitability);
      case ServiceOutput.Ended(EndCause cause) -> {
        ended = true;
        worker.shutdown();
        house.ended(this, cause);
      }
    }
  }

  /** Hands something to the worker; what comes after the end is not begun any more. */
  private void work(Runnable task) {
    if (!ended) {
      worker.execute(task);
    }
  }

  /**
   * Leaves the disk to a former service of this name until what that one had begun is done, or does
   * not end: it writes and removes the same files.
   */
  void startAfter(Resident former) {
    work(former::awaitQuiet);
  }

  /** Whether what was begun before the end is done. By any thread. */
  boolean isQuiet() {
    return worker.isTerminated();
  }

  /** Waits until it is, for a while: a disk may hang. By any thread. */
  void awaitQuiet() {
    try {
      if (!worker.awaitTermination(QUIET_SECONDS_MAX, TimeUnit.SECONDS)) {
        sayOf("SR", "What was begun is not done after %d seconds".formatted(QUIET_SECONDS_MAX));
      }
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  /** Hands something back to the loop, which leaves it if this is over by then. By any thread. */
  private void post(Runnable task) {
    house.post(
        () -> {
          if (!ended) {
            task.run();
          }
        });
  }

  /** What its processes may do to it. */
  private final class Hands implements ServiceProcesses.Owner {
    @Override
    public ServiceGroup group() {
      return Resident.this.group();
    }

    @Override
    public void work(Runnable task) {
      Resident.this.work(task);
    }

    @Override
    public void post(Runnable task) {
      Resident.this.post(task);
    }

    @Override
    public void tell(ServiceInput input) {
      Resident.this.tell(input);
    }
  }

  // ---- Getting ready ----

  private void prepare(long attempt) {
    Optional<ServiceConfigRumor> gossiped = house.configuration(group().text());
    unsealing.forget();
    var run = new Preparing(house.premises(), house::say, spec, group(), gossiped, unsealing);
    preparing = Optional.of(run);
    work(
        () -> {
          try {
            Preparation prepared = run.prepare();
            post(() -> prepared(attempt, prepared, gossiped));
          } catch (PreparationException failed) {
            post(
                () ->
                    tell(
                        new ServiceInput.PreparationFailed(
                            attempt, String.valueOf(failed.getMessage()))));
          }
        });
  }

  private void prepared(long attempt, Preparation prepared, Optional<ServiceConfigRumor> gossiped) {
    preparation = Optional.of(prepared);
    requested = Optional.empty();
    layers = prepared.layers();
    gossipVersion = gossiped.map(ServiceConfigRumor::incarnation);
    layerVersion = layers.layer(Kind.GOSSIP).flatMap(layer -> gossipVersion);
    fileVersions = Map.of();
    layers.problems().forEach(problem -> sayOf("CF", problem));
    prepared.gossipProblem().ifPresent(reason -> reject(gossipVersion.orElseThrow(), reason));
    rejectIfTooDeep();
    publish();
    if (spec.topology() == Topology.LEADER) {
      house.standForElection(group());
    }
    applyGossip();
    applyFiles();
    tell(new ServiceInput.Prepared(attempt, prepared.facts()));
  }

  // ---- What the ring says ----

  /** News of the ring concerned one of the groups this service uses. */
  void ringChanged(Set<String> groups) {
    if (preparation.isEmpty() || groups.stream().noneMatch(this::uses)) {
      return;
    }
    applyGossip();
    applyFiles();
    tell(new ServiceInput.BindsJudged(judgeBinds()));
    tell(judgeElection());
    watchLeader();
    if (isLive() && !requested.equals(preparation.map(this::renderRequest))) {
      render();
    }
  }

  /** Whether the leader is well; each time it is not any more, our own worth is asked. */
  private void watchLeader() {
    boolean wasInDoubt = leaderInDoubt;
    leaderInDoubt =
        house
            .group(group().text())
            .flatMap(CensusGroup::leader)
            .filter(leader -> !leader.health().equals(Optional.of(Health.ALIVE)))
            .isPresent();
    if (leaderInDoubt && !wasInDoubt) {
      tell(new ServiceInput.LeaderInDoubt());
    }
  }

  private boolean uses(String group) {
    return group.equals(group().text())
        || spec.binds().stream().anyMatch(bind -> bind.group().text().equals(group));
  }

  private List<BindJudgement> judgeBinds() {
    return preparation
        .map(
            ready ->
                new Binds(spec.binds(), ready.requiredExports(), Resident::exportedKeys)
                    .judge(house::group))
        .orElse(List.of());
  }

  private static Set<String> exportedKeys(Bytes exports) {
    return RenderContext.exports(exports).keySet();
  }

  private ServiceInput judgeElection() {
    Optional<CensusGroup> own = house.group(group().text());
    return new ServiceInput.ElectionJudged(
        own.map(CensusGroup::election).orElse(ElectionState.NONE),
        own.flatMap(CensusGroup::leaderId));
  }

  /** The operator's newest configuration of the group becomes the highest layer. */
  private void applyGossip() {
    Optional<ServiceConfigRumor> newest = house.configuration(group().text());
    Optional<Long> version = newest.map(ServiceConfigRumor::incarnation);
    if (version.equals(gossipVersion) && !unsealing.isConfigurationWaiting()) {
      return;
    }
    gossipVersion = version;
    newest.ifPresent(
        configuration -> {
          long incarnation = configuration.incarnation();
          work(
              () -> {
                try {
                  Layer layer = unsealing.layer(configuration);
                  post(() -> gossipChanged(layer, incarnation));
                } catch (TreeException wrong) {
                  String reason = String.valueOf(wrong.getMessage());
                  sayOf("SR", "Configuration is not applied: " + reason);
                  post(() -> reject(incarnation, reason));
                } catch (KeyException waits) {
                  // Said, and tried again when the key is there.
                  post(() -> reject(incarnation, String.valueOf(waits.getMessage())));
                }
              });
        });
  }

  /** The key cache changed: what could not be opened may be opened now. */
  void keysChanged() {
    if (preparation.isPresent() && unsealing.isAnythingWaiting()) {
      applyGossip();
      applyFiles();
    }
  }

  /** The operator's own file changed, appeared or vanished. */
  void userConfigurationChanged() {
    if (preparation.isEmpty()) {
      return;
    }
    house.say(new Line(Line.SUPERVISOR, "MR", "user.toml changes detected for " + spec.ident()));
    userChangesUnread++;
    snapshot = null;
    work(
        () -> {
          try {
            Optional<Layer> layer = Layer.user(userToml());
            post(
                () -> {
                  userConfigurationRead();
                  layerChanged(Kind.USER, layer);
                });
          } catch (TreeException wrong) {
            sayOf("CF", "Reloading user-config failed: " + wrong.getMessage());
            post(this::userConfigurationRead);
          }
        });
  }

  private void userConfigurationRead() {
    userChangesUnread--;
    snapshot = null;
  }

  private void gossipChanged(Layer layer, long version) {
    layerVersion = Optional.of(version);
    layerChanged(Kind.GOSSIP, Optional.of(layer));
  }

  /**
   * The layers leave out what nests too deeply. That is known before they are rendered, or the
   * version would be told to be applied afterwards.
   */
  private void rejectIfTooDeep() {
    if (layers.isLeftOut(Kind.GOSSIP)) {
      layerVersion.ifPresent(version -> reject(version, layers.problems().getLast()));
      layerVersion = Optional.empty();
    }
  }

  private void layerChanged(Kind kind, Optional<Layer> layer) {
    snapshot = null;
    layers = layers.with(kind, layer);
    layers.problems().forEach(problem -> sayOf("CF", problem));
    rejectIfTooDeep();
    publish();
    renderIfLive();
  }

  Path userToml() {
    return house.premises().layout().userToml(name);
  }

  /** Files of the operator, as far as the ring has newer ones than are on disk. */
  private void applyFiles() {
    Map<String, ServiceFileRumor> known = knownFiles();
    Map<String, Long> versions = versions(known);
    if (versions.equals(fileVersions)
        && known.keySet().stream().noneMatch(unsealing::isFileWaiting)) {
      return;
    }
    Map<String, Long> before = fileVersions;
    fileVersions = versions;
    preparation.ifPresent(
        ready ->
            work(
                () -> {
                  boolean changed = false;
                  for (ServiceFileRumor file : known.values()) {
                    if (!Optional.of(file.incarnation())
                            .equals(Optional.ofNullable(before.get(file.filename())))
                        || unsealing.isFileWaiting(file.filename())) {
                      changed |= place(ready, file);
                    }
                  }
                  if (changed) {
                    post(() -> tell(new ServiceInput.FilesUpdated()));
                  }
                }));
  }

  /** Runs on the worker. */
  private boolean place(Preparation ready, ServiceFileRumor file) {
    try {
      boolean changed =
          new ServiceFiles(ready.tree(), ready.ownership())
              .place(file.filename(), unsealing.content(file).toArray());
      if (changed) {
        sayOf("SR", "Service file updated, " + file.filename());
      }
      return changed;
    } catch (IOException refused) {
      sayOf("SR", String.valueOf(refused.getMessage()));
      return false;
    } catch (KeyException waits) {
      // Said, and tried again when the key is there.
      return false;
    }
  }

  private Map<String, ServiceFileRumor> knownFiles() {
    return house
        .group(group().text())
        .<Map<String, ServiceFileRumor>>map(CensusGroup::files)
        .orElse(Map.of());
  }

  private static Map<String, Long> versions(Map<String, ServiceFileRumor> files) {
    var versions = new HashMap<String, Long>();
    files.forEach((filename, file) -> versions.put(filename, file.incarnation()));
    return versions;
  }

  // ---- Rendering ----

  /** What waits to be rendered is rendered with what is known when it begins. */
  private void renderIfLive() {
    if (isLive()) {
      render();
    }
  }

  private boolean isLive() {
    return renderQueued || machine.status().isRendered();
  }

  /** One rendering waits at most: it will see whatever comes until it begins. */
  private void render() {
    if (renderQueued) {
      renderAgain = true;
      return;
    }
    renderQueued = true;
    renderAgain = false;
    Preparation ready = preparation.orElseThrow();
    long attempt = machine.status().attempt();
    RenderRequest request = renderRequest(ready);
    requested = Optional.of(request);
    Optional<Long> version = layerVersion;
    work(
        () -> {
          Rendered rendered = ready.rendering().render(request.context());
          rendered.lines().forEach(house::say);
          post(() -> rendered(attempt, version, rendered));
        });
  }

  /**
   * @param version of the ring's configuration that was rendered
   */
  private void rendered(long attempt, Optional<Long> version, Rendered rendered) {
    renderQueued = false;
    if (!rendered.problems().isEmpty()) {
      requested = Optional.empty();
    }
    if (version.isPresent()) {
      conclude(
          rendered.problems().isEmpty()
              ? AppliedConfiguration.applied(version.get())
              : AppliedConfiguration.rejected(version.get(), rendered.problems().getFirst()));
    }
    boolean again = renderAgain && preparation.isPresent();
    tell(
        new ServiceInput.Rendered(
            attempt, rendered.changedHooks(), rendered.hasChangedConfiguration(), !again));
    if (again) {
      render();
    }
  }

  private RenderRequest renderRequest(Preparation ready) {
    var bound = new LinkedHashMap<String, CensusGroup>();
    for (BindJudgement bind : judgeBinds()) {
      if (bind.satisfied()) {
        spec.binds().stream()
            .filter(wanted -> wanted.name().equals(bind.bind()))
            .findFirst()
            .flatMap(wanted -> house.group(wanted.group().text()))
            .ifPresent(group -> bound.put(bind.bind(), group));
      }
    }
    return new RenderRequest(
        house.premises().sys(),
        ready.context(),
        layers,
        house.group(group().text()).orElseThrow(),
        bound);
  }

  // ---- What the ring is told ----

  /** Whoever waits for this service to apply something need not, when it is down. */
  private void publishIfItWent() {
    boolean down = !machine.status().desiredUp();
    if (down != toldDown) {
      toldDown = down;
      publish();
    }
  }

  /** This version of the group's configuration cannot be used; what was in use before goes on. */
  private void reject(long version, String reason) {
    conclude(AppliedConfiguration.rejected(version, reason));
  }

  /** What an older version turns out to be is no news any more. */
  private void conclude(AppliedConfiguration outcome) {
    if (Long.compareUnsigned(outcome.version(), applied.version()) >= 0) {
      applied = outcome;
      publish();
    }
  }

  /** Tells the ring what this service is now, if that is news. */
  private void publish() {
    preparation.ifPresent(
        ready -> {
          ServiceRumor rumor = rumor(ready);
          if (!published.equals(Optional.of(rumor))) {
            published = Optional.of(rumor);
            house.publish(rumor);
          }
        });
  }

  /** Without its incarnation, which the house gives it. */
  private ServiceRumor rumor(Preparation ready) {
    String self = house.premises().sys().memberId();
    return new ServiceRumor(
        self,
        self,
        group(),
        0,
        false,
        ready.installed().ident().toString(),
        Bytes.utf8(Exports.text(ready.installed().exports(), layers.merged())),
        house.premises().sys().info(),
        0,
        Optional.of(
            machine.status().desiredUp() ? applied : AppliedConfiguration.down(applied.version())));
  }

  private void sayOf(String key, String text) {
    house.say(new Line(group().text(), key, text));
  }
}
