package dev.monarch.supervisor.render;

import dev.monarch.packages.InstalledPackage;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.Line;
import dev.monarch.supervisor.template.TemplateException;
import dev.monarch.supervisor.template.Templates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/**
 * The templates of one release of a package, and their way into the service's directory
 * (supervisor.md 6.9 and 7.7).
 *
 * <p>Each hook is a registry of its own; all files of the configuration are one, so that they can
 * include each other. A rendering compares each text with the file on disk and replaces only what
 * differs, so it can be asked for whenever anything changed. One that fails, be it the template or
 * the disk, leaves its old file alone and is a problem of the {@link Rendered}; the others are
 * rendered nevertheless.
 *
 * <p>Files that an earlier release had and this one has not are removed by the first rendering
 * ({@link Manifest}). Not safe for use by several threads at once.
 */
public final class ServiceRendering {
  /** The order in which the original renders them. */
  private static final List<Hook> SERVICE_HOOKS =
      List.of(
          Hook.HEALTH_CHECK,
          Hook.INIT,
          Hook.FILE_UPDATED,
          Hook.RECONFIGURE,
          Hook.SUITABILITY,
          Hook.RUN,
          Hook.POST_RUN,
          Hook.POST_STOP);

  private static final String HOOK_MODE = "rwxr-xr-x";
  private static final String CONFIGURATION_MODE = "rwxr-----";

  private final String preamble;
  private final ServiceTree tree;
  private final Map<Hook, Templates> hooks;
  private final Templates configuration;
  private final Path configurationDirectory;
  private final Optional<Path> runScript;
  private final Placement hookPlacement;
  private final Placement configurationPlacement;
  private final Placement rootPlacement;
  private final Manifest manifest;
  private boolean hasRemovedStale;

  private ServiceRendering(
      String preamble,
      ServiceTree tree,
      Ownership ownership,
      Map<Hook, Templates> hooks,
      Templates configuration,
      Path configurationDirectory,
      Optional<Path> runScript,
      String manifestName) {
    this.preamble = preamble;
    this.tree = tree;
    this.hooks = Collections.unmodifiableMap(hooks);
    this.configuration = configuration;
    this.configurationDirectory = configurationDirectory;
    this.runScript = runScript;
    Path root = tree.root();
    this.hookPlacement = new Placement(root, tree.hooks(), HOOK_MODE, Optional.empty());
    this.configurationPlacement =
        new Placement(root, configurationDirectory, CONFIGURATION_MODE, Optional.of(ownership));
    this.rootPlacement = new Placement(root, root, HOOK_MODE, Optional.empty());
    this.manifest = new Manifest(root, manifestName);
  }

  /**
   * Compiles what a service needs to run.
   *
   * @param serviceGroup stands before its lines
   * @param configFrom the directory with {@code config} and {@code hooks} that replaces the
   *     package's
   * @param fsRoot what {@code FS_ROOT} names
   * @throws RenderingException if a template is none, or no text
   */
  public static ServiceRendering compile(
      String serviceGroup,
      InstalledPackage installed,
      Optional<Path> configFrom,
      ServiceTree tree,
      Ownership ownership,
      Path fsRoot)
      throws RenderingException {
    var source = new TemplateSource(fsRoot);
    Path templates = configFrom.orElse(installed.path());
    return new ServiceRendering(
        serviceGroup,
        tree,
        ownership,
        hooks(source, templates.resolve("hooks"), SERVICE_HOOKS),
        source.directory(templates.resolve("config")),
        tree.config(),
        Optional.of(installed.runScript()),
        ".rendered");
  }

  /**
   * Compiles what one of the hooks {@link Hook#INSTALL} and {@link Hook#UNINSTALL} needs: itself,
   * and {@code config_install}.
   *
   * @throws RenderingException if a template is none, or no text
   */
  public static ServiceRendering compileFor(
      Hook hook, InstalledPackage installed, ServiceTree tree, Ownership ownership, Path fsRoot)
      throws RenderingException {
    var source = new TemplateSource(fsRoot);
    return new ServiceRendering(
        installed.ident().name(),
        tree,
        ownership,
        hooks(source, installed.hooks(), List.of(hook)),
        source.directory(installed.configInstall()),
        tree.configInstall(),
        Optional.empty(),
        ".rendered-" + hook.fileName());
  }

  private static Map<Hook, Templates> hooks(
      TemplateSource source, Path directory, List<Hook> wanted) throws RenderingException {
    var hooks = new LinkedHashMap<Hook, Templates>();
    for (Hook hook : wanted) {
      source.file(directory, hook.fileName()).ifPresent(found -> hooks.put(hook, found));
    }
    return hooks;
  }

  /** The hooks there are. */
  public Set<Hook> hooks() {
    return hooks.keySet();
  }

  /**
   * Renders everything and puts in place what differs.
   *
   * @param context as supervisor.md 7.6 describes it
   */
  public Rendered render(Map<String, Object> context) {
    var pass = new Pass(context);
    pass.removeStale();
    pass.renderHooks();
    pass.copyRun();
    pass.renderConfiguration();
    return pass.result();
  }

  /** One rendering and what came of it so far. */
  private final class Pass {
    private final Map<String, Object> context;
    private final Set<Hook> changedHooks = EnumSet.noneOf(Hook.class);
    private final List<Path> created = new ArrayList<>();
    private final List<Path> modified = new ArrayList<>();
    private final List<Path> removed = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();

    Pass(Map<String, Object> context) {
      this.context = context;
    }

    void removeStale() {
      if (hasRemovedStale) {
        return;
      }
      SequencedSet<String> current = new LinkedHashSet<>();
      hooks.keySet().forEach(hook -> current.add("hooks/" + hook.fileName()));
      String directory = configurationDirectory.getFileName() + "/";
      configuration.names().forEach(name -> current.add(directory + name));
      try {
        for (String stale : manifest.read()) {
          if (!current.contains(stale)) {
            remove(stale, directory);
          }
        }
        manifest.write(current);
        hasRemovedStale = true;
      } catch (IOException failure) {
        problem(String.valueOf(failure.getMessage()));
      }
    }

    private void remove(String stale, String directory) throws IOException {
      if (stale.startsWith("hooks/")) {
        if (hookPlacement.remove(stale.substring("hooks/".length()))) {
          lines.add(new Line(preamble, "HK", "Removed hook " + tree.root().resolve(stale)));
        }
      } else if (stale.startsWith(directory)
          && configurationPlacement.remove(stale.substring(directory.length()))) {
        removed.add(tree.root().resolve(stale));
        lines.add(
            new Line(preamble, "CF", "Removed configuration file " + tree.root().resolve(stale)));
      }
    }

    void renderHooks() {
      hooks.forEach(
          (hook, templates) -> {
            try {
              Placement.Outcome outcome =
                  hookPlacement.place(hook.fileName(), text(templates, hook.fileName()));
              if (outcome != Placement.Outcome.UNCHANGED) {
                changedHooks.add(hook);
                lines.add(
                    new Line(
                        preamble,
                        "HK",
                        "Modified hook content in " + tree.hooks().resolve(hook.fileName())));
              }
            } catch (IOException | TemplateException failure) {
              problem(
                  "Failed to compile %s hook: %s".formatted(hook.fileName(), failure.getMessage()));
            }
          });
      if (!changedHooks.isEmpty()) {
        lines.add(new Line(preamble, "SR", "Hooks recompiled"));
      }
    }

    /** What the Launcher executes lies beside the hooks; old packages bring it as it is. */
    void copyRun() {
      if (runScript.isEmpty()) {
        return;
      }
      Path source =
          hooks.containsKey(Hook.RUN) ? tree.hooks().resolve(Hook.RUN.fileName()) : runScript.get();
      try {
        rootPlacement.place(tree.run().getFileName().toString(), Files.readAllBytes(source));
      } catch (IOException failure) {
        problem("Failed to copy run hook: " + failure.getMessage());
      }
    }

    void renderConfiguration() {
      for (String name : configuration.names()) {
        Path file = configurationDirectory.resolve(name);
        try {
          switch (configurationPlacement.place(name, text(configuration, name))) {
            case UNCHANGED -> {}
            case CREATED -> {
              created.add(file);
              lines.add(new Line(preamble, "CF", "Created configuration file " + file));
            }
            case MODIFIED -> {
              modified.add(file);
              lines.add(new Line(preamble, "CF", "Modified configuration file " + file));
            }
          }
        } catch (IOException | TemplateException failure) {
          problem("Failed to compile configuration: " + failure.getMessage());
        }
      }
    }

    private byte[] text(Templates templates, String name) throws TemplateException {
      return templates.render(name, context).getBytes(StandardCharsets.UTF_8);
    }

    private void problem(String text) {
      problems.add(text);
      lines.add(new Line(preamble, "SR", text));
    }

    Rendered result() {
      return new Rendered(changedHooks, created, modified, removed, problems, lines);
    }
  }
}
