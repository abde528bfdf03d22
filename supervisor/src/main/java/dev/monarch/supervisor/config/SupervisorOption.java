package dev.monarch.supervisor.config;

import java.util.Optional;

/**
 * Every option of {@code hab sup run} (supervisor.md 10.1), in the order of a generated
 * configuration file. The command line's parser, the reader of configuration files and the writer
 * of generated ones all walk this one table, so that none of them can forget an option.
 *
 * <p>A value is text here, whatever its {@link Form}; {@link SupervisorConfig} checks and converts
 * it, no matter where it came from.
 */
public enum SupervisorOption {
  LISTEN_GOSSIP(
      of(Form.LISTENER, Scope.RING, "--listen-gossip")
          .env("HAB_LISTEN_GOSSIP")
          .key("listen_gossip")
          .standard("0.0.0.0:9638")
          .help("The listen address for the Gossip Gateway.")),
  PEER(
      of(Form.LIST, Scope.RING, "--peer")
          .key("peer")
          .help("Members to be contacted first, as HOST[:PORT]; the port is 9638 if left out.")),
  PEER_WATCH_FILE(
      of(Form.PATH, Scope.RING, "--peer-watch-file")
          .key("peer_watch_file")
          .help(
              "A file that names the members to be contacted first, one HOST[:PORT] a line.",
              "It is read again whenever it changes. Cannot be combined with --peer.")),
  LOCAL_GOSSIP_MODE(
      of(Form.SWITCH, Scope.RING, "--local-gossip-mode")
          .key("local_gossip_mode")
          .help(
              "Stay alone on this machine: gossip listens on 127.0.0.2:9638.",
              "Cannot be combined with --listen-gossip, --peer or --peer-watch-file.")),
  LISTEN_HTTP(
      of(Form.LISTENER, Scope.GATEWAY, "--listen-http")
          .env("HAB_LISTEN_HTTP")
          .key("listen_http")
          .standard("0.0.0.0:9631")
          .help("The listen address for the HTTP Gateway.")),
  HTTP_DISABLE(
      of(Form.SWITCH, Scope.GATEWAY, "--http-disable")
          .brief("-D")
          .key("http_disable")
          .help("Run without the HTTP Gateway.")),
  LISTEN_CTL(
      of(Form.LISTENER, Scope.GATEWAY, "--listen-ctl")
          .env("HAB_LISTEN_CTL")
          .key("listen_ctl")
          .standard("127.0.0.1:9632")
          .help("The listen address for the Control Gateway.")),
  CTL_SERVER_CERTIFICATE(
      of(Form.OPTIONAL_PATH, Scope.CONTROL, "--ctl-server-certificate")
          .key("ctl_server_certificate")
          .help(
              "The certificate that the Control Gateway shows to its clients, a PEM file.",
              "A directory stands for its newest ctl-gateway-*.crt.pem, and so does the option"
                  + " without a value: for that of /hab/cache/keys/ctl. Needs --ctl-server-key.")),
  CTL_SERVER_KEY(
      of(Form.OPTIONAL_PATH, Scope.CONTROL, "--ctl-server-key")
          .key("ctl_server_key")
          .help(
              "The private key of the Control Gateway's certificate, a PEM file in PKCS#8.",
              "A directory stands for its newest ctl-gateway-*.key.pem, and so does the option"
                  + " without a value: for that of /hab/cache/keys/ctl. Lets the gateway speak TLS"
                  + " alone, and needs --ctl-server-certificate.")),
  CTL_CLIENT_CA_CERTIFICATE(
      of(Form.OPTIONAL_PATH, Scope.CONTROL, "--ctl-client-ca-certificate")
          .key("ctl_client_ca_certificate")
          .help(
              "Ask clients of the Control Gateway for a certificate that was signed by this"
                  + " authority.",
              "A PEM file or a directory; every certificate in the file counts.")),
  ORGANIZATION(
      of(Form.TEXT, Scope.SERVICES, "--org")
          .key("organization")
          .help("The organisation that this Supervisor's services belong to.")),
  PERMANENT_PEER(
      of(Form.SWITCH, Scope.RING, "--permanent-peer")
          .brief("-I")
          .key("permanent_peer")
          .help(
              "Make this Supervisor a permanent peer, which others keep probing when it is gone.")),
  CACHE_KEY_PATH(
      of(Form.PATH, Scope.RING, "--cache-key-path")
          .env("HAB_CACHE_KEY_PATH")
          .key("cache_key_path")
          .help("The directory that keys are read from and stored in.")),
  RING(
      of(Form.TEXT, Scope.RING, "--ring")
          .brief("-r")
          .env("HAB_RING")
          .key("ring")
          .help("The name of the ring, whose newest key in the key cache encrypts all gossip.")),
  RING_KEY(
      of(Form.SECRET, Scope.RING, "--ring-key")
          .env("HAB_RING_KEY")
          .key("ring_key")
          .unseen()
          .help("The text of a ring key. Cannot be combined with --ring.")),
  AUTO_UPDATE(
      of(Form.SWITCH, Scope.LATER, "--auto-update")
          .brief("-A")
          .key("auto_update")
          .help("Let the Supervisor update itself.")),
  AUTO_UPDATE_PERIOD(
      of(Form.SECONDS, Scope.LATER, "--auto-update-period")
          .key("auto_update_period")
          .standard("60")
          .help("Seconds between two looks for a newer Supervisor.")),
  SERVICE_UPDATE_PERIOD(
      of(Form.SECONDS, Scope.LATER, "--service-update-period")
          .key("service_update_period")
          .standard("60")
          .help("Seconds between two looks for newer packages of services.")),
  SERVICE_MIN_BACKOFF_PERIOD(
      of(Form.SECONDS, Scope.SERVICES, "--service-min-backoff-period")
          .key("service_min_backoff_period")
          .standard("0")
          .help("Seconds to wait at least before a service that failed is started again.")),
  SERVICE_MAX_BACKOFF_PERIOD(
      of(Form.SECONDS, Scope.SERVICES, "--service-max-backoff-period")
          .key("service_max_backoff_period")
          .standard("0")
          .help("Seconds to wait at most before a service that failed is started again.")),
  SERVICE_RESTART_COOLDOWN_PERIOD(
      of(Form.SECONDS, Scope.SERVICES, "--service-restart-cooldown-period")
          .key("service_restart_cooldown_period")
          .standard("300")
          .help("Seconds after which a service that was started again counts as healthy.")),
  KEY_FILE(
      of(Form.PATH, Scope.GATEWAY, "--key")
          .key("key_file")
          .help(
              "The private key for TLS on the HTTP Gateway.",
              "A PEM file with an RSA, EC or PKCS#8 key that is not encrypted. Needs --certs.")),
  CERT_FILE(
      of(Form.PATH, Scope.GATEWAY, "--certs")
          .key("cert_file")
          .help(
              "The certificates for TLS on the HTTP Gateway.",
              "A PEM file, the certificate of --key first, then those that signed it.")),
  CA_CERT_FILE(
      of(Form.PATH, Scope.GATEWAY, "--ca-certs")
          .key("ca_cert_file")
          .help(
              "Ask clients of the HTTP Gateway for a certificate that was signed by one of these.",
              "A PEM file. Needs --key and --certs.")),
  PKG_IDENT_OR_ARTIFACT(
      of(Form.ARGUMENT, Scope.SERVICES, "PKG_IDENT_OR_ARTIFACT")
          .key("pkg_ident_or_artifact")
          .help(
              "A package to be loaded as a service at the start,"
                  + " by its identifier or as a .hart file.")),
  VERBOSE(
      of(Form.SWITCH, Scope.CONSOLE, "-v")
          .key("verbose")
          .help("Say in every line which file and line of the program printed it.")),
  NO_COLOR(
      of(Form.SWITCH, Scope.CONSOLE, "--no-color").key("no_color").help("Print without colours.")),
  JSON_LOGGING(
      of(Form.SWITCH, Scope.CONSOLE, "--json-logging")
          .key("json_logging")
          .help("Print every line as a JSON object.", "This switches colours off as well.")),
  SYS_IP_ADDRESS(
      of(Form.TEXT, Scope.SERVICES, "--sys-ip-address")
          .key("sys_ip_address")
          .help("The address that templates see as sys.ip; found out if not given.")),
  EVENT_STREAM_APPLICATION(
      of(Form.TEXT, Scope.LATER, "--event-stream-application")
          .key("event_stream_application")
          .help("The application that is named in every event.")),
  EVENT_STREAM_ENVIRONMENT(
      of(Form.TEXT, Scope.LATER, "--event-stream-environment")
          .key("event_stream_environment")
          .help("The environment that is named in every event.")),
  EVENT_STREAM_CONNECT_TIMEOUT(
      of(Form.SECONDS, Scope.LATER, "--event-stream-connect-timeout")
          .env("HAB_EVENT_STREAM_CONNECT_TIMEOUT")
          .key("event_stream_connect_timeout")
          .standard("0")
          .help(
              "Seconds to wait for the event stream's connection before giving up the start.",
              "With 0 the Supervisor starts at once, connected or not.")),
  EVENT_STREAM_TOKEN(
      of(Form.SECRET, Scope.LATER, "--event-stream-token")
          .env("HAB_AUTOMATE_AUTH_TOKEN")
          .key("event_stream_token")
          .help("The token that the event stream identifies itself with.")),
  EVENT_STREAM_URL(
      of(Form.TEXT, Scope.LATER, "--event-stream-url")
          .key("event_stream_url")
          .help(
              "Where events are sent to.",
              "Needs an application, an environment and a token for the event stream.")),
  EVENT_STREAM_SITE(
      of(Form.TEXT, Scope.LATER, "--event-stream-site")
          .key("event_stream_site")
          .help("The site that is named in every event.")),
  EVENT_META(
      of(Form.LIST, Scope.LATER, "--event-meta")
          .key("event_meta")
          .help("KEY=VALUE pairs that are added to every event.")),
  EVENT_STREAM_SERVER_CERTIFICATE(
      of(Form.PATH, Scope.LATER, "--event-stream-server-certificate")
          .key("event_stream_server_certificate")
          .help("The certificate that the event stream's server has to show, a PEM file.")),
  KEEP_LATEST_PACKAGES(
      of(Form.NUMBER, Scope.LATER, "--keep-latest-packages")
          .env("HAB_KEEP_LATEST_PACKAGES")
          .key("keep_latest_packages")
          .help("Remove old packages, so that this many of each remain.")),
  CONFIG_FILES(
      of(Form.LIST, Scope.META, "--config-files")
          .help(
              "Configuration files to be read instead of sup.toml in the Supervisor's tree.",
              "If two of them have one key, the later file wins.")),
  GENERATE_CONFIG(
      of(Form.SWITCH, Scope.META, "--generate-config")
          .help("Print a configuration file with every key and its default, and start nothing.")),
  RING_LOG(
      of(Form.PATH, Scope.RING, "--ring-log")
          .key("ring_log")
          .help("Append every change of the membership to this file, one JSON object a line.")),
  CHANNEL(
      of(Form.TEXT, Scope.SERVICES, "--channel")
          .key("channel")
          .standard("base")
          .help("The channel that the package is installed and updated from.")),
  BLDR_URL(
      of(Form.TEXT, Scope.SERVICES, "--url")
          .brief("-u")
          .env("HAB_BLDR_URL")
          .key("bldr_url")
          .standard("https://bldr.habitat.sh")
          .help("The Builder that the package is installed from.")),
  GROUP(
      of(Form.TEXT, Scope.SERVICES, "--group")
          .key("group")
          .standard("default")
          .help("The service group that the service joins.")),
  TOPOLOGY(
      of(Form.TEXT, Scope.SERVICES, "--topology")
          .brief("-t")
          .key("topology")
          .help("How the members of the service group work together: standalone or leader.")),
  STRATEGY(
      of(Form.TEXT, Scope.SERVICES, "--strategy")
          .brief("-s")
          .key("strategy")
          .standard("none")
          .help("How the service is updated: none, at-once or rolling.")),
  UPDATE_CONDITION(
      of(Form.TEXT, Scope.SERVICES, "--update-condition")
          .key("update_condition")
          .standard("latest")
          .help(
              "When the service is updated: latest or track-channel.",
              "latest runs the newest package of the channel or of this machine.",
              "track-channel runs what the channel holds, even if that is an older one.")),
  BIND(
      of(Form.LIST, Scope.SERVICES, "--bind")
          .key("bind")
          .help("Service groups whose configuration the service uses, as NAME:SERVICE.GROUP.")),
  BINDING_MODE(
      of(Form.TEXT, Scope.SERVICES, "--binding-mode")
          .key("binding_mode")
          .standard("strict")
          .help("Whether the service waits for its binds: strict or relaxed.")),
  HEALTH_CHECK_INTERVAL(
      of(Form.SECONDS, Scope.SERVICES, "--health-check-interval")
          .key("health_check_interval")
          .standard("30")
          .help("Seconds between two health checks.")),
  SHUTDOWN_TIMEOUT(
      of(Form.SECONDS, Scope.SERVICES, "--shutdown-timeout")
          .key("shutdown_timeout")
          .help("Seconds that the service has to end before it is killed.")),
  CONFIG_FROM(
      of(Form.PATH, Scope.SERVICES, "--config-from")
          .key("config_from")
          .help("A directory whose templates replace those of the package, for development.")),
  PASSWORD(
      of(Form.SECRET, Scope.LATER, "--password")
          .key("password")
          .unseen()
          .help("The password of the service's user, on Windows only."));

  /** What a value looks like. */
  public enum Form {
    /** Given or not, without a value. */
    SWITCH,
    TEXT,
    /** Text that must not be shown. */
    SECRET,
    PATH,
    /** A path that may be left out after its flag. */
    OPTIONAL_PATH,
    /** {@code ip[:port]}. */
    LISTENER,
    /** A whole number of seconds. */
    SECONDS,
    /** A whole number. */
    NUMBER,
    /** Any number of values. */
    LIST,
    /** A value without a flag. */
    ARGUMENT
  }

  /** What an option is about. */
  public enum Scope {
    RING,
    GATEWAY,
    /** TLS of the control gateway. */
    CONTROL,
    CONSOLE,
    SERVICES,
    /** Updates and the event stream, which this version has not: refused if given. */
    LATER,
    /** About the options themselves; no key in a configuration file. */
    META
  }

  private final Form form;
  private final Scope scope;
  private final String flag;
  private final Optional<String> brief;
  private final Optional<String> env;
  private final Optional<String> key;
  private final Optional<String> standard;
  private final boolean hidden;
  private final String help;

  SupervisorOption(Row row) {
    this.form = row.form;
    this.scope = row.scope;
    this.flag = row.flag;
    this.brief = row.brief;
    this.env = row.env;
    this.key = row.key;
    this.standard = row.standard;
    this.hidden = row.hidden;
    this.help = row.help;
  }

  public Form form() {
    return form;
  }

  public Scope scope() {
    return scope;
  }

  /** The long flag; for {@link #VERBOSE} the only one, for an argument its name. */
  public String flag() {
    return flag;
  }

  /** The one-letter flag, if there is one besides {@link #flag()}. */
  public Optional<String> shortFlag() {
    return brief;
  }

  public Optional<String> environmentVariable() {
    return env;
  }

  /** The key in a configuration file. */
  public Optional<String> key() {
    return key;
  }

  /** The value if nobody gives one. */
  public Optional<String> standard() {
    return standard;
  }

  /** True if help texts and generated files leave it out. */
  public boolean hidden() {
    return hidden;
  }

  /** One sentence, and more after a line break if one is not enough. */
  public String help() {
    return help;
  }

  private static Row of(Form form, Scope scope, String flag) {
    Optional<String> none = Optional.empty();
    return new Row(form, scope, flag, none, none, none, none, false, "");
  }

  /** The columns of the table. */
  private record Row(
      Form form,
      Scope scope,
      String flag,
      Optional<String> brief,
      Optional<String> env,
      Optional<String> key,
      Optional<String> standard,
      boolean hidden,
      String help) {

    Row brief(String text) {
      return new Row(form, scope, flag, Optional.of(text), env, key, standard, hidden, help);
    }

    Row env(String text) {
      return new Row(form, scope, flag, brief, Optional.of(text), key, standard, hidden, help);
    }

    Row key(String text) {
      return new Row(form, scope, flag, brief, env, Optional.of(text), standard, hidden, help);
    }

    Row standard(String text) {
      return new Row(form, scope, flag, brief, env, key, Optional.of(text), hidden, help);
    }

    /** For options that generated texts leave out. */
    Row unseen() {
      return new Row(form, scope, flag, brief, env, key, standard, true, help);
    }

    Row help(String... sentences) {
      String text = String.join("\n", sentences);
      return new Row(form, scope, flag, brief, env, key, standard, hidden, text);
    }
  }
}
