package dev.monarch.supervisor.config;

import dev.monarch.supervisor.config.Given.Source;
import dev.monarch.supervisor.config.SupervisorOption.Scope;
import dev.monarch.wire.Ipv4;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that a Supervisor needs to know before it starts, typed and checked.
 *
 * <p>A flag beats an environment variable, which beats a configuration file, which beats the
 * built-in default. Two options that exclude each other are an error if one source gives both;
 * given by different sources, the stronger source wins and the other option is as if it were not
 * there.
 *
 * @param peers each {@code host} or {@code host:port}
 * @param httpListen where the HTTP gateway listens, or would
 * @param controlListen where the control gateway listens
 * @param controlTls files or directories; without it everything is said in clear
 * @param warnings one line each, to be shown when the Supervisor starts
 */
public record SupervisorConfig(
    Layout layout,
    InetSocketAddress gossipListen,
    List<String> peers,
    Optional<Path> peerWatchFile,
    boolean permanentPeer,
    Path keyCache,
    RingChoice ring,
    Optional<Gateway> gateway,
    InetSocketAddress httpListen,
    InetSocketAddress controlListen,
    Optional<Tls> controlTls,
    ServiceOptions services,
    Output output,
    Optional<Path> ringLog,
    Optional<Path> cutFile,
    Duration persistPeriod,
    int shareLimit,
    List<String> warnings) {

  /** Where a member that stays alone on its machine listens (supervisor.md 10.1). */
  private static final InetSocketAddress LOCAL_GOSSIP = new InetSocketAddress("127.0.0.2", 9638);

  private static final int PORT_MAX = 65_535;

  /** The original's values (butterfly.md 0.2). */
  private static final int SHARE_LIMIT = 2;

  private static final int PERSIST_SECONDS = 30;

  /** Beyond these a number is a mistake: a day, and more tellings than any ring has use for. */
  private static final int PERSIST_SECONDS_MAX = 86_400;

  private static final int SHARE_LIMIT_MAX = 1_000;

  public SupervisorConfig {
    peers = List.copyOf(peers);
    warnings = List.copyOf(warnings);
  }

  /** Which key the ring is encrypted with (butterfly.md 3.3). */
  public sealed interface RingChoice {
    /** Everything is said in clear. */
    record InClear() implements RingChoice {}

    /** The newest key of the ring of exactly this name in the key cache. */
    record Named(String ring) implements RingChoice {}

    /**
     * A key's own text.
     *
     * @param origin who gave it, for messages that must not show it
     */
    record Text(String key, String origin) implements RingChoice {
      @Override
      public String toString() {
        return "Text[" + origin + "]";
      }
    }
  }

  /**
   * The HTTP gateway.
   *
   * @param token what every request has to show
   * @param redacted true if nothing is said about members and rumors
   */
  public record Gateway(
      InetSocketAddress listen, Optional<String> token, Optional<Tls> tls, boolean redacted) {
    @Override
    public String toString() {
      return "Gateway[" + listen + "]";
    }
  }

  /**
   * Files for TLS, all of them PEM.
   *
   * @param clientAuthorities if given, clients need a certificate signed by one of these
   */
  public record Tls(Path key, Path certificates, Optional<Path> clientAuthorities) {}

  /** How lines are printed. */
  public record Output(boolean verbose, boolean colour, boolean json) {}

  /**
   * Works out what was meant. Reads configuration files and nothing else.
   *
   * @param options what the command line gave
   * @throws ConfigurationException if something is wrong, contradictory or not in this version
   */
  public static SupervisorConfig resolve(SupervisorOptions options, Map<String, String> environment)
      throws ConfigurationException {
    return new Resolver(options, environment).resolve();
  }

  /** The values that flags and variables give, for a generated configuration file. */
  static Map<SupervisorOption, List<String>> spoken(
      SupervisorOptions options, Map<String, String> environment) {
    var spoken = new EnumMap<SupervisorOption, List<String>>(SupervisorOption.class);
    var resolver = new Resolver(options, environment);
    for (SupervisorOption option : SupervisorOption.values()) {
      resolver.spoken(option).ifPresent(given -> spoken.put(option, given.values()));
    }
    return spoken;
  }

  /** One resolution under way. */
  private static final class Resolver {
    private final SupervisorOptions options;
    private final Map<String, String> environment;
    private final Layout layout;
    private final Map<SupervisorOption, Given> given = new EnumMap<>(SupervisorOption.class);
    private final List<String> warnings = new ArrayList<>();

    Resolver(SupervisorOptions options, Map<String, String> environment) {
      this.options = options;
      this.environment = environment;
      this.layout = Layout.of(environment);
    }

    SupervisorConfig resolve() throws ConfigurationException {
      Map<SupervisorOption, Given> filed = filed();
      for (SupervisorOption option : SupervisorOption.values()) {
        spoken(option)
            .or(() -> Optional.ofNullable(filed.get(option)))
            .ifPresent(value -> given.put(option, value));
      }
      refuseLater();
      settleConflicts();
      boolean local = isOn(SupervisorOption.LOCAL_GOSSIP_MODE);
      return new SupervisorConfig(
          layout,
          local ? LOCAL_GOSSIP : listener(SupervisorOption.LISTEN_GOSSIP, 1),
          peers(),
          path(SupervisorOption.PEER_WATCH_FILE),
          isOn(SupervisorOption.PERMANENT_PEER),
          path(SupervisorOption.CACHE_KEY_PATH).orElse(layout.keyCache()),
          ring(),
          gateway(),
          listener(SupervisorOption.LISTEN_HTTP, 0),
          listener(SupervisorOption.LISTEN_CTL, 1),
          controlTls(),
          ServiceOptions.of(given, warnings),
          output(),
          path(SupervisorOption.RING_LOG),
          variable("HAB_RING_CUT_FILE").map(Path::of),
          Duration.ofSeconds(
              number("HAB_PERSIST_LOOP_PERIOD_SECS", PERSIST_SECONDS, PERSIST_SECONDS_MAX)),
          number("HAB_RUMOR_SHARE_LIMIT", SHARE_LIMIT, SHARE_LIMIT_MAX),
          warnings);
    }

    /** What a flag or, failing that, a variable says. */
    private Optional<Given> spoken(SupervisorOption option) {
      if (options.isGiven(option)) {
        return Optional.of(new Given(option, Source.FLAG, option.flag(), options.values(option)));
      }
      // Variables are set for whole machines; what is not there yet has no quarrel with them.
      if (option.scope() == Scope.LATER) {
        return Optional.empty();
      }
      return option
          .environmentVariable()
          .flatMap(
              name ->
                  variable(name)
                      .map(value -> new Given(option, Source.ENVIRONMENT, name, List.of(value))));
    }

    /** A variable; one without a value counts as not set. */
    private Optional<String> variable(String name) {
      return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    private Map<SupervisorOption, Given> filed() throws ConfigurationException {
      List<Path> files = new ArrayList<>();
      if (options.isGiven(SupervisorOption.CONFIG_FILES)) {
        for (String name : options.values(SupervisorOption.CONFIG_FILES)) {
          files.add(toPath(name, SupervisorOption.CONFIG_FILES.flag()));
        }
      } else if (Files.exists(layout.configurationFile())) {
        files.add(layout.configurationFile());
      }
      var merged = new EnumMap<SupervisorOption, Given>(SupervisorOption.class);
      for (Path path : files) {
        ConfigurationFile file = ConfigurationFile.read(path);
        file.defaults().forEach(merged::remove);
        merged.putAll(file.values());
        for (String key : file.unknownKeys()) {
          warnings.add("ignoring " + key + " in " + path + ", which is not the key of an option");
        }
      }
      return merged;
    }

    private void refuseLater() throws ConfigurationException {
      List<String> refused =
          given.values().stream()
              .filter(value -> value.option().scope() == Scope.LATER)
              .map(Given::origin)
              .toList();
      if (!refused.isEmpty()) {
        throw new ConfigurationException(
            "expected no options of updates and the event stream, because this version has neither"
                + " yet, found "
                + String.join(" and ", refused)
                + "; start without "
                + (refused.size() == 1 ? "it" : "them"));
      }
    }

    private void settleConflicts() throws ConfigurationException {
      exclude(SupervisorOption.LOCAL_GOSSIP_MODE, SupervisorOption.LISTEN_GOSSIP);
      exclude(SupervisorOption.LOCAL_GOSSIP_MODE, SupervisorOption.PEER);
      exclude(SupervisorOption.LOCAL_GOSSIP_MODE, SupervisorOption.PEER_WATCH_FILE);
      exclude(SupervisorOption.PEER, SupervisorOption.PEER_WATCH_FILE);
      Given name = given.get(SupervisorOption.RING);
      Given text = given.get(SupervisorOption.RING_KEY);
      if (name != null
          && text != null
          && name.source() == Source.FILE
          && text.source() == Source.FILE) {
        // The original lets the name win where its command line could not object.
        given.remove(SupervisorOption.RING_KEY);
      }
      exclude(SupervisorOption.RING, SupervisorOption.RING_KEY);
    }

    private void exclude(SupervisorOption one, SupervisorOption other)
        throws ConfigurationException {
      Given first = given.get(one);
      Given second = given.get(other);
      if (first == null || second == null) {
        return;
      }
      int order = first.source().compareTo(second.source());
      if (order == 0) {
        throw new ConfigurationException(
            "expected either %s or %s, found both; leave one out"
                .formatted(first.origin(), second.origin()));
      }
      given.remove(order < 0 ? other : one);
    }

    private boolean isOn(SupervisorOption option) {
      return given.containsKey(option);
    }

    private Optional<Path> path(SupervisorOption option) throws ConfigurationException {
      Given value = given.get(option);
      if (value == null || value.isBare()) {
        return Optional.empty();
      }
      return Optional.of(toPath(value.value(), value.origin()));
    }

    private static Path toPath(String text, String origin) throws ConfigurationException {
      try {
        if (!text.isBlank()) {
          return Path.of(text);
        }
      } catch (InvalidPathException impossible) {
        // Falls through to the message below.
      }
      throw new ConfigurationException(
          "expected a path for " + origin + ", found \"" + text + "\"; name a file or directory");
    }

    private InetSocketAddress listener(SupervisorOption option, int portMin)
        throws ConfigurationException {
      String standard = option.standard().orElseThrow();
      Given value = given.get(option);
      String text = value == null ? standard : value.value();
      String origin = value == null ? option.flag() : value.origin();
      int colon = text.indexOf(':');
      String ip = colon < 0 ? text : text.substring(0, colon);
      String port =
          colon < 0 ? standard.substring(standard.indexOf(':') + 1) : text.substring(colon + 1);
      Optional<Integer> number = port(port, portMin);
      if (!Ipv4.isLiteral(ip) || number.isEmpty()) {
        throw new ConfigurationException(
            "expected an IPv4 address and a port for %s, found \"%s\"; write it like %s"
                .formatted(origin, text, standard));
      }
      return new InetSocketAddress(ip, number.get());
    }

    private static Optional<Integer> port(String text, int min) {
      if (!text.matches("[0-9]{1,5}")) {
        return Optional.empty();
      }
      return Optional.of(Integer.parseInt(text)).filter(port -> port >= min && port <= PORT_MAX);
    }

    private List<String> peers() throws ConfigurationException {
      Given value = given.get(SupervisorOption.PEER);
      if (value == null) {
        return List.of();
      }
      List<String> peers =
          value.values().stream()
              .map(text -> List.of(text.split(",", -1)))
              .flatMap(Collection::stream)
              .map(String::strip)
              .toList();
      for (String peer : peers) {
        int colon = peer.indexOf(':');
        String host = colon < 0 ? peer : peer.substring(0, colon);
        boolean portIsGood = colon < 0 || port(peer.substring(colon + 1), 1).isPresent();
        if (!host.matches("[A-Za-z0-9._-]+") || !portIsGood) {
          throw new ConfigurationException(
              "expected HOST or HOST:PORT for %s, found \"%s\"; write it like 192.0.2.1:9638"
                  .formatted(value.origin(), peer));
        }
      }
      return peers;
    }

    private RingChoice ring() throws ConfigurationException {
      Given name = given.get(SupervisorOption.RING);
      Given text = given.get(SupervisorOption.RING_KEY);
      if (name != null) {
        if (name.value().isBlank()) {
          throw new ConfigurationException(
              "expected the name of a ring for "
                  + name.origin()
                  + ", found nothing; name one of the rings in the key cache");
        }
        return new RingChoice.Named(name.value());
      }
      return text == null
          ? new RingChoice.InClear()
          : new RingChoice.Text(text.value(), text.origin());
    }

    private Optional<Gateway> gateway() throws ConfigurationException {
      Optional<Tls> tls = tls();
      // Port 0 takes any free one, and the console says which.
      InetSocketAddress listen = listener(SupervisorOption.LISTEN_HTTP, 0);
      if (isOn(SupervisorOption.HTTP_DISABLE)) {
        return Optional.empty();
      }
      return Optional.of(
          new Gateway(
              listen,
              variable("HAB_SUP_GATEWAY_AUTH_TOKEN"),
              tls,
              variable("HAB_FEAT_REDACT_HTTP").isPresent()));
    }

    /**
     * In the original a certificate alone means no TLS, and a key alone no gateway (control.md
     * 6.5).
     */
    private Optional<Tls> controlTls() throws ConfigurationException {
      Optional<Path> key = controlPlace(SupervisorOption.CTL_SERVER_KEY);
      Optional<Path> certificates = controlPlace(SupervisorOption.CTL_SERVER_CERTIFICATE);
      Optional<Path> authorities = controlPlace(SupervisorOption.CTL_CLIENT_CA_CERTIFICATE);
      if (key.isPresent() && certificates.isPresent()) {
        return Optional.of(new Tls(key.get(), certificates.get(), authorities));
      }
      List<String> found =
          given.values().stream()
              .filter(value -> value.option().scope() == Scope.CONTROL)
              .map(Given::origin)
              .toList();
      if (!found.isEmpty()) {
        throw new ConfigurationException(
            "expected --ctl-server-key and --ctl-server-certificate together for TLS, found only "
                + String.join(" and ", found)
                + "; add what is missing");
      }
      return Optional.empty();
    }

    /** An option without a value means where generated pairs are. */
    private Optional<Path> controlPlace(SupervisorOption option) throws ConfigurationException {
      return isOn(option)
          ? Optional.of(path(option).orElse(Layout.CONTROL_KEYS))
          : Optional.empty();
    }

    private Optional<Tls> tls() throws ConfigurationException {
      Optional<Path> key = path(SupervisorOption.KEY_FILE);
      Optional<Path> certificates = path(SupervisorOption.CERT_FILE);
      Optional<Path> authorities = path(SupervisorOption.CA_CERT_FILE);
      if (key.isPresent() && certificates.isPresent()) {
        return Optional.of(new Tls(key.get(), certificates.get(), authorities));
      }
      List<String> found =
          Stream.of(
                  SupervisorOption.KEY_FILE,
                  SupervisorOption.CERT_FILE,
                  SupervisorOption.CA_CERT_FILE)
              .flatMap(option -> Optional.ofNullable(given.get(option)).stream())
              .map(Given::origin)
              .toList();
      if (!found.isEmpty()) {
        throw new ConfigurationException(
            "expected --key and --certs together for TLS, found only "
                + String.join(" and ", found)
                + "; add what is missing");
      }
      return Optional.empty();
    }

    private Output output() {
      boolean json = isOn(SupervisorOption.JSON_LOGGING);
      boolean colour = !json && !isOn(SupervisorOption.NO_COLOR) && variable("NO_COLOR").isEmpty();
      return new Output(isOn(SupervisorOption.VERBOSE), colour, json);
    }

    /** A tuning knob: what cannot be understood is remarked upon and left at its default. */
    private int number(String name, int standard, int max) {
      Optional<String> text = variable(name);
      if (text.isEmpty()) {
        return standard;
      }
      if (text.get().matches("[0-9]{1,6}")) {
        int value = Integer.parseInt(text.get());
        if (value >= 1 && value <= max) {
          return value;
        }
      }
      warnings.add(
          "expected a whole number of 1 to %d in %s, found \"%s\"; using %d"
              .formatted(max, name, text.get(), standard));
      return standard;
    }
  }
}
