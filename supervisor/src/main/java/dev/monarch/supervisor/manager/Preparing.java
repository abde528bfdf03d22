package dev.monarch.supervisor.manager;

import dev.monarch.crypto.KeyException;
import dev.monarch.launcher.ProcessTag;
import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageIdent;
import dev.monarch.packages.RunEnvironment;
import dev.monarch.packages.ServiceOwner;
import dev.monarch.supervisor.hooks.HookCommand;
import dev.monarch.supervisor.hooks.HookRunner;
import dev.monarch.supervisor.layers.ConfigurationLayers;
import dev.monarch.supervisor.layers.Layer;
import dev.monarch.supervisor.layers.Layer.Kind;
import dev.monarch.supervisor.layers.TreeException;
import dev.monarch.supervisor.render.Ownership;
import dev.monarch.supervisor.render.Rendered;
import dev.monarch.supervisor.render.RenderingException;
import dev.monarch.supervisor.render.ServiceRendering;
import dev.monarch.supervisor.render.ServiceTree;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.HookResult;
import dev.monarch.supervisor.service.Line;
import dev.monarch.supervisor.service.PackageFacts;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.ServiceGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Makes a spec ready to run (supervisor.md 3.5, steps 1 to 3): finds the package, reads its layers
 * and templates, runs install hooks that have not succeeded yet - of the packages it depends on
 * first - and makes the directories.
 *
 * <p>Layers are all four, so that the first rendering has what the ring said long before.
 *
 * <p>It waits for disk and hooks, so it runs on the service's worker; {@link #cancel} may come from
 * any thread.
 */
final class Preparing {
  private final Premises premises;
  private final Consumer<Line> console;
  private final ServiceSpec spec;
  private final ServiceGroup group;
  private final Optional<ServiceConfigRumor> gossiped;
  private final Unsealing unsealing;
  private Optional<HookRunner.Run> installing = Optional.empty();
  private Optional<String> gossipProblem = Optional.empty();
  private boolean cancelled;

  Preparing(
      Premises premises,
      Consumer<Line> console,
      ServiceSpec spec,
      ServiceGroup group,
      Optional<ServiceConfigRumor> gossiped,
      Unsealing unsealing) {
    this.premises = premises;
    this.console = console;
    this.spec = spec;
    this.group = group;
    this.gossiped = gossiped;
    this.unsealing = unsealing;
  }

  /** Ends an install hook that runs, and starts no further one. */
  synchronized void cancel() {
    cancelled = true;
    installing.ifPresent(HookRunner.Run::cancel);
  }

  Preparation prepare() throws PreparationException {
    try {
      InstalledPackage installed = find();
      ServiceTree tree = tree(installed);
      Ownership ownership = Ownership.of(installed.owner());
      ConfigurationLayers layers = withGossip(layers(installed, spec.configFrom()));
      ServiceRendering rendering =
          ServiceRendering.compile(
              group.text(), installed, spec.configFrom(), tree, ownership, fsRoot());
      console.accept(
          new Line(
              Line.SUPERVISOR,
              "MR",
              "Starting %s (%s)".formatted(spec.ident(), installed.ident())));
      install(installed);
      create(tree, ownership);
      Map<String, String> packageEnvironment = environment(installed);
      return new Preparation(
          installed,
          layers,
          gossipProblem,
          tree,
          ownership,
          rendering,
          inherited(packageEnvironment),
          Preparation.context(installed, tree, ownership, packageEnvironment),
          facts(installed, ownership, rendering));
    } catch (IOException | TreeException | RenderingException unusable) {
      throw new PreparationException(
          "Unable to start %s, %s".formatted(spec.ident(), unusable.getMessage()), unusable);
    }
  }

  private Path fsRoot() {
    return premises.layout().root();
  }

  private ServiceTree tree(InstalledPackage installed) {
    return ServiceTree.of(fsRoot(), installed.ident().name());
  }

  private InstalledPackage find() throws IOException, PreparationException {
    Optional<InstalledPackage> found = premises.store().find(spec.ident());
    if (found.isEmpty()) {
      throw new PreparationException(
          "Unable to start %s, expected an installed package, found none that satisfies the ident below %s; install it"
              .formatted(spec.ident(), fsRoot().resolve("hab/pkgs")));
    }
    if (!found.get().isRunnable()) {
      throw new PreparationException(
          "Unable to start %s, expected a package with a run hook, found none in %s"
              .formatted(spec.ident(), found.get().path()));
    }
    return found.get();
  }

  private ConfigurationLayers layers(InstalledPackage installed, Optional<Path> configFrom)
      throws TreeException {
    String name = installed.ident().name();
    return ConfigurationLayers.NONE
        .with(Kind.DEFAULT, Layer.defaults(configFrom.orElse(installed.path())))
        .with(Kind.ENVIRONMENT, Layer.environment(name, premises.environment()))
        .with(Kind.USER, Layer.user(premises.layout().userToml(name)));
  }

  /** What operators tell the ring is none of the package's fault: nonsense is left out. */
  private ConfigurationLayers withGossip(ConfigurationLayers layers) {
    if (gossiped.isEmpty()) {
      return layers;
    }
    try {
      return layers.with(unsealing.layer(gossiped.get()));
    } catch (KeyException waits) {
      // Said, and tried again when the key is there.
      gossipProblem = Optional.of(String.valueOf(waits.getMessage()));
      return layers;
    } catch (TreeException nonsense) {
      String reason = String.valueOf(nonsense.getMessage());
      gossipProblem = Optional.of(reason);
      console.accept(new Line(group.text(), "SR", "Configuration is not applied: " + reason));
      return layers;
    }
  }

  private Map<String, String> environment(InstalledPackage installed) throws IOException {
    return RunEnvironment.of(installed, premises.store(), premises.environment());
  }

  private Map<String, String> inherited(Map<String, String> packageEnvironment) {
    var all = new TreeMap<>(RunEnvironment.inherited(premises.environment()));
    all.putAll(packageEnvironment);
    return all;
  }

  private void create(ServiceTree tree, Ownership ownership) throws PreparationException {
    try {
      tree.create(ownership);
    } catch (IOException failure) {
      throw new PreparationException(
          "Can't create directory %s: %s; %s failed to start"
              .formatted(tree.root(), failure.getMessage(), spec.ident()),
          failure);
    }
  }

  private PackageFacts facts(
      InstalledPackage installed, Ownership ownership, ServiceRendering rendering)
      throws IOException {
    ServiceOwner actual = ownership.actual();
    return new PackageFacts(
        installed.ident().toString(),
        installed.ident().name(),
        rendering.hooks(),
        installed.shutdownSignal().name(),
        installed.shutdownTimeout(),
        actual.user(),
        actual.group(),
        !actual.equals(ownership.wanted()));
  }

  // ---- Install hooks ----

  private void install(InstalledPackage installed) throws IOException, PreparationException {
    List<PackageIdent> dependencies = new ArrayList<>(installed.tdeps());
    for (PackageIdent ident : dependencies.reversed()) {
      Optional<InstalledPackage> dependency = premises.store().find(ident);
      if (dependency.isPresent()) {
        installOne(dependency.get());
      }
    }
    installOne(installed);
  }

  private void installOne(InstalledPackage installed) throws IOException, PreparationException {
    if (installed.installHookStatus().equals(OptionalInt.of(0))
        || !installed.hooks().resolve(Hook.INSTALL.fileName()).toFile().isFile()) {
      return;
    }
    try {
      HookResult result = runInstallHook(installed);
      installed.writeInstallHookStatus(status(result));
      if (!result.isSuccess()) {
        throw new PreparationException(
            "Failed to run install hook for %s: it ended with %s; the service is not started"
                .formatted(installed.ident(), result));
      }
    } catch (TreeException | RenderingException unusable) {
      throw new PreparationException(
          "Failed to run install hook for %s: %s"
              .formatted(installed.ident(), unusable.getMessage()),
          unusable);
    }
  }

  private HookResult runInstallHook(InstalledPackage installed)
      throws IOException, TreeException, RenderingException, PreparationException {
    ServiceTree tree = tree(installed);
    Ownership ownership = Ownership.of(installed.owner());
    create(tree, ownership);
    Map<String, String> environment = environment(installed);
    var context = new LinkedHashMap<String, Object>();
    context.put("pkg", Preparation.context(installed, tree, ownership, environment));
    context.put("cfg", layers(installed, Optional.empty()).merged());
    Rendered rendered =
        ServiceRendering.compileFor(Hook.INSTALL, installed, tree, ownership, fsRoot())
            .render(context);
    rendered.lines().forEach(console);
    if (!rendered.problems().isEmpty()) {
      throw new RenderingException(rendered.problems().getFirst());
    }
    var command =
        new HookCommand(
            installed.ident().name(),
            Hook.INSTALL,
            tree.hooks().resolve(Hook.INSTALL.fileName()),
            tree.logs(),
            inherited(environment),
            ownership.runAs(),
            ProcessTag.random());
    var result = new CompletableFuture<HookResult>();
    begin(command, result);
    return result.join();
  }

  private synchronized void begin(HookCommand command, CompletableFuture<HookResult> result)
      throws PreparationException {
    if (cancelled) {
      throw new PreparationException("Preparation of " + spec.ident() + " was cancelled");
    }
    installing =
        Optional.of(
            premises
                .hooks()
                .start(command, premises.hookLimits().limit(Hook.INSTALL), result::complete));
  }

  /** As the file in the package says it; what is no exit code is a failure all the same. */
  private static int status(HookResult result) {
    return result instanceof HookResult.Exited(int code, String _) ? code : -1;
  }
}
