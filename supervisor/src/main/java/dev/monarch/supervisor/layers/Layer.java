package dev.monarch.supervisor.layers;

import dev.monarch.supervisor.disk.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One of the four sources of a service's configuration (supervisor.md 6.1).
 *
 * @param source where it was read, for operators: a file, a variable, a rumor's version
 * @param tree what it says
 */
public record Layer(Kind kind, String source, Map<String, Object> tree) {
  /** The kinds, the lowest first: what a later one says replaces what an earlier one says. */
  public enum Kind {
    DEFAULT,
    ENVIRONMENT,
    USER,
    GOSSIP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A configuration file of this size is not meant for a service and would only fill memory. */
  private static final int FILE_BYTES_MAX = 1 << 20;

  /**
   * What the Supervisor and its tools are told by (supervisor.md 10.1 and 10.2). A package called
   * {@code ring} or {@code license} would otherwise take a key or a signature for its settings.
   */
  private static final Set<String> CONTROL_VARIABLES =
      Set.of(
          "HAB_AUTH_TOKEN",
          "HAB_BINLINK_DIR",
          "HAB_BLDR_CHANNEL",
          "HAB_BLDR_URL",
          "HAB_CACHE_KEY_PATH",
          "HAB_CTL_SECRET",
          "HAB_DEPOT_URL",
          "HAB_GLIDER_CHANNEL",
          "HAB_GROUP",
          "HAB_HOOK_STANDARD_STREAM_BYTE_LIMIT",
          "HAB_HTTP_STARTUP_TIMEOUT_SECS",
          "HAB_LAUNCHER_PID",
          "HAB_LAUNCHER_PIPE",
          "HAB_LICENSE",
          "HAB_LISTEN_CTL",
          "HAB_LISTEN_GOSSIP",
          "HAB_LISTEN_HTTP",
          "HAB_NOCOLORING",
          "HAB_NONINTERACTIVE",
          "HAB_ORG",
          "HAB_ORIGIN",
          "HAB_OUTBOUND_IP_ADDR_LOOKUP_SOCKET_ADDR",
          "HAB_PERSIST_LOOP_PERIOD_SECS",
          "HAB_PULL_RECV_TIMEOUT_MS",
          "HAB_REMOTE_SUP",
          "HAB_RING",
          "HAB_RING_KEY",
          "HAB_RUMOR_SHARE_LIMIT",
          "HAB_SPEC_WATCHER_DELAY_MS",
          "HAB_SUP_BINARY",
          "HAB_SUP_GATEWAY_AUTH_TOKEN",
          "HAB_SUP_HTTP_THREADS",
          "HAB_SUP_UPDATE_MS",
          "HAB_THREAD_ALIVE_CHECK_DELAY_SECS",
          "HAB_THREAD_ALIVE_THRESHOLD_SECS",
          "HAB_THREAD_ALIVE_TIMEOUT_WEEKS",
          "HAB_TOKIO_THREAD_COUNT",
          "HAB_UPDATE_STRATEGY_FREQUENCY_BYPASS_CHECK",
          "HAB_UPDATE_STRATEGY_FREQUENCY_MS",
          "HAB_UPDATE_STRATEGY_PERIOD_MS",
          "HAB_USER");

  /** The family of switches for features (supervisor.md 10.2). */
  private static final String FEATURE_PREFIX = "HAB_FEAT_";

  public Layer {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(source);
    tree = Trees.copy(tree);
  }

  /**
   * What {@code default.toml} says.
   *
   * @param directory the package, or what {@code config_from} names instead
   * @return empty if there is no such file
   */
  public static Optional<Layer> defaults(Path directory) throws TreeException {
    return file(Kind.DEFAULT, directory.resolve("default.toml"));
  }

  /**
   * What the operator wrote into a file.
   *
   * @param userToml {@code hab/user/NAME/config/user.toml}
   * @return empty if there is no such file
   */
  public static Optional<Layer> user(Path userToml) throws TreeException {
    return file(Kind.USER, userToml);
  }

  /**
   * What the Supervisor's environment says about a package, in TOML or as a JSON object.
   *
   * @return empty if the variable is not there, or means something to the Supervisor itself
   */
  public static Optional<Layer> environment(String packageName, Map<String, String> environment)
      throws TreeException {
    String variable = variable(packageName);
    String text = environment.get(variable);
    if (text == null
        || CONTROL_VARIABLES.contains(variable)
        || variable.startsWith(FEATURE_PREFIX)) {
      return Optional.empty();
    }
    // No TOML begins with a brace and every JSON object does.
    Map<String, Object> tree =
        text.stripLeading().startsWith("{")
            ? JsonTree.parse(text, variable)
            : TomlTree.parse(text, variable);
    return Optional.of(new Layer(Kind.ENVIRONMENT, variable, tree));
  }

  /** The variable that speaks about a package: {@code HAB_MY_APP} for {@code my-app}. */
  public static String variable(String packageName) {
    return "HAB_" + packageName.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /**
   * What was applied to the group through the ring.
   *
   * @param version the rumor's incarnation
   */
  public static Layer gossip(String text, long version) throws TreeException {
    String source = "the configuration applied as version " + version;
    return new Layer(Kind.GOSSIP, source, TomlTree.parse(text, source));
  }

  private static Optional<Layer> file(Kind kind, Path file) throws TreeException {
    Optional<String> text;
    try {
      text = TextFile.read(file, FILE_BYTES_MAX);
    } catch (IOException unreadable) {
      throw new TreeException(String.valueOf(unreadable.getMessage()));
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String source = file.toString();
    return Optional.of(new Layer(kind, source, TomlTree.parse(text.get(), source)));
  }
}
