package dev.monarch.packages;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment variables of a package's programs (supervisor.md 2.5): {@link #of} tells what the
 * package adds, {@link #inherited} what it is added to.
 *
 * <pre>
 *   1  RUNTIME_ENVIRONMENT, except its PATH
 *   2  PATH: the package's run-time path, the interpreter package's, the Supervisor's own
 *   3  RUNTIME_ENVIRONMENT_PATHS
 *   4  without SSL_CERT_FILE if the Supervisor has one: the operator's certificates win
 * </pre>
 */
public final class RunEnvironment {
  /** Names another interpreter package than {@code core/busybox-static}. */
  public static final String INTERPRETER_VARIABLE = "HAB_INTERPRETER_IDENT";

  private static final String INTERPRETER_DEFAULT = "core/busybox-static";
  private static final String PATH = "PATH";
  private static final String SSL_CERT_FILE = "SSL_CERT_FILE";

  /** What opens something to whoever knows it, and nothing a service is there to use. */
  private static final Set<String> SECRETS =
      Set.of(
          "HAB_AUTH_TOKEN",
          "HAB_AUTOMATE_AUTH_TOKEN",
          "HAB_CTL_SECRET",
          "HAB_RING_KEY",
          "HAB_SUP_GATEWAY_AUTH_TOKEN");

  /** How the launcher talks to the Supervisor; a service that had it could speak in its name. */
  private static final String LAUNCHER_PREFIX = "HAB_LAUNCHER_";

  private RunEnvironment() {}

  /**
   * What a service's hooks and run process get beyond what they inherit: {@code pkg.env} of
   * templates. Sorted by name.
   *
   * <p>Where no interpreter package is installed its place in {@code PATH} stays empty: the
   * Supervisor's own {@code PATH} has a shell on any machine that came with one.
   *
   * @param supervisor the Supervisor's own environment
   * @throws MalformedPackageException if the package's path depends on one that is not installed
   */
  public static Map<String, String> of(
      InstalledPackage installed, PackageStore store, Map<String, String> supervisor)
      throws IOException {
    Map<String, String> variables = new TreeMap<>(ofCommand(installed, store, supervisor));
    Set<String> entries = new LinkedHashSet<>(Metafiles.entries(variables.getOrDefault(PATH, "")));
    switch (installed.type()) {
      case STANDARD ->
          interpreter(store, supervisor)
              .ifPresent(interpreter -> entries.addAll(interpreter.searchPath()));
      case NATIVE -> {
        // Runs with what the host has.
      }
    }
    entries.addAll(Metafiles.entries(supervisor.getOrDefault(PATH, "")));
    return withPath(variables, entries);
  }

  /**
   * What {@code hab pkg env} prints (crypto-and-packages.md 7.2): the same without interpreter and
   * without the caller's {@code PATH}. Sorted by name.
   *
   * @param caller the environment of whoever asks
   */
  public static Map<String, String> ofCommand(
      InstalledPackage installed, PackageStore store, Map<String, String> caller)
      throws IOException {
    Map<String, String> variables = new TreeMap<>(installed.environment());
    variables.remove(PATH);
    Map<String, String> environment =
        new TreeMap<>(withPath(variables, runtimePath(installed, store)));
    environment.putAll(installed.environmentPaths());
    if (caller.containsKey(SSL_CERT_FILE)) {
      environment.remove(SSL_CERT_FILE);
    }
    return Collections.unmodifiableMap(environment);
  }

  /**
   * What a hook or service inherits: everything but the Supervisor's own secrets.
   *
   * <p>The original hands on everything, secrets included. An allow-list would keep out more, but
   * services rely on variables nobody can list: proxies, locales, time zones, credentials that
   * operators put there for them. So what is known to be a secret of the Supervisor is taken away,
   * and the rest is the operator's decision.
   *
   * @param parent the environment of the Supervisor or the launcher
   */
  public static Map<String, String> inherited(Map<String, String> parent) {
    Map<String, String> inherited = new TreeMap<>(parent);
    inherited.keySet().removeIf(RunEnvironment::isSecret);
    return Collections.unmodifiableMap(inherited);
  }

  private static boolean isSecret(String name) {
    return SECRETS.contains(name) || name.startsWith(LAUNCHER_PREFIX);
  }

  /** Packages older than {@code RUNTIME_PATH} have it put together from those they depend on. */
  private static Set<String> runtimePath(InstalledPackage installed, PackageStore store)
      throws IOException {
    if (installed.runtimePath().isPresent()) {
      return new LinkedHashSet<>(installed.runtimePath().get());
    }
    Set<String> entries = new LinkedHashSet<>(installed.searchPath());
    for (List<PackageIdent> dependencies : List.of(installed.deps(), installed.tdeps())) {
      for (PackageIdent dependency : dependencies) {
        entries.addAll(
            store
                .find(dependency)
                .orElseThrow(
                    () ->
                        new MalformedPackageException(
                            installed.path(),
                            "depends on " + dependency + ", which is not installed; install it"))
                .searchPath());
      }
    }
    return entries;
  }

  private static Optional<InstalledPackage> interpreter(
      PackageStore store, Map<String, String> supervisor) throws IOException {
    String name = supervisor.getOrDefault(INTERPRETER_VARIABLE, "");
    String ident = name.isEmpty() ? INTERPRETER_DEFAULT : name;
    try {
      return store.find(PackageIdent.parse(ident));
    } catch (MalformedIdentException e) {
      throw new IOException(INTERPRETER_VARIABLE + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> withPath(Map<String, String> variables, Set<String> entries) {
    Map<String, String> complete = new TreeMap<>(variables);
    if (entries.isEmpty()) {
      complete.remove(PATH);
    } else {
      complete.put(PATH, String.join(":", entries));
    }
    return Collections.unmodifiableMap(complete);
  }
}
