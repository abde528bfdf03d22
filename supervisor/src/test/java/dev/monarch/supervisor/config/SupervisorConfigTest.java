package dev.monarch.supervisor.config;

import static dev.monarch.supervisor.config.SupervisorOption.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.supervisor.config.SupervisorConfig.RingChoice;
import dev.monarch.supervisor.config.SupervisorConfig.Tls;
import dev.monarch.wire.control.ControlRequest.SvcLoad;
import dev.monarch.wire.control.Topology;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorConfigTest {
  @TempDir private Path root;
  private final Map<String, String> environment = new HashMap<>();
  private SupervisorOptions.Builder flags = SupervisorOptions.builder();

  @BeforeEach
  void useTheTree() {
    environment.put("FS_ROOT", root.toString());
  }

  private SupervisorConfig resolve() throws ConfigurationException {
    return SupervisorConfig.resolve(flags.build(), environment);
  }

  private void supToml(String text) throws IOException {
    Path file = Layout.of(environment).configurationFile();
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void assertRefused(String... pieces) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::resolve)
        .satisfies(
            refusal ->
                assertThat(refusal.getMessage())
                    .contains("expected", "found", ";")
                    .contains(pieces)
                    .doesNotContain("\n"));
  }

  @Test
  void nothingGivenMeansTheOriginalsDefaults() throws Exception {
    SupervisorConfig config = resolve();
    assertThat(config.gossipListen()).isEqualTo(new InetSocketAddress("0.0.0.0", 9638));
    assertThat(config.gateway().orElseThrow().listen())
        .isEqualTo(new InetSocketAddress("0.0.0.0", 9631));
    assertThat(config.controlListen()).hasToString("/127.0.0.1:9632");
    assertThat(config.peers()).isEmpty();
    assertThat(config.permanentPeer()).isFalse();
    assertThat(config.ring()).isEqualTo(new RingChoice.InClear());
    assertThat(config.persistPeriod()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.shareLimit()).isEqualTo(2);
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void theTreeOfAFileSystemRootHoldsEverything() throws Exception {
    Layout layout = resolve().layout();
    Path supervisor = root.resolve("hab/sup/default");
    assertThat(layout.memberId()).isEqualTo(supervisor.resolve("MEMBER_ID"));
    assertThat(layout.lock()).isEqualTo(supervisor.resolve("LOCK"));
    assertThat(layout.data()).isEqualTo(supervisor.resolve("data"));
    assertThat(layout.configurationFile()).isEqualTo(supervisor.resolve("config/sup.toml"));
  }

  @Test
  void aFlagBeatsAVariableBeatsAFileBeatsTheDefault() throws Exception {
    supToml("listen_gossip = \"127.0.0.1:1001\"");
    assertThat(resolve().gossipListen().getPort()).isEqualTo(1001);
    environment.put("HAB_LISTEN_GOSSIP", "127.0.0.1:1002");
    assertThat(resolve().gossipListen().getPort()).isEqualTo(1002);
    flags.give(LISTEN_GOSSIP, "127.0.0.1:1003");
    assertThat(resolve().gossipListen().getPort()).isEqualTo(1003);
  }

  @Test
  void aFlagThatNamesTheDefaultBeatsAFileAllTheSame() throws Exception {
    supToml("listen_http = \"0.0.0.0:9000\"");
    flags.give(LISTEN_HTTP, "0.0.0.0:9631");
    assertThat(resolve().gateway().orElseThrow().listen().getPort()).isEqualTo(9631);
  }

  @Test
  void aVariableWithoutAValueIsNotSet() throws Exception {
    environment.put("HAB_LISTEN_GOSSIP", "");
    assertThat(resolve().gossipListen().getPort()).isEqualTo(9638);
  }

  @Test
  void theLastOfSeveralConfigurationFilesWins() throws Exception {
    supToml("listen_gossip = \"127.0.0.1:1001\"");
    Path one = Files.writeString(root.resolve("one.toml"), "ring = \"a\"\nhttp_disable = true");
    Path two = Files.writeString(root.resolve("two.toml"), "ring = \"b\"\nhttp_disable = false");
    flags.giveAll(CONFIG_FILES, List.of(one.toString(), two.toString()));
    SupervisorConfig config = resolve();
    assertThat(config.ring()).isEqualTo(new RingChoice.Named("b"));
    assertThat(config.gateway()).isPresent();
    assertThat(config.gossipListen().getPort()).as("sup.toml is not read").isEqualTo(9638);
  }

  @Test
  void everyKindOfValueIsReadFromAFile() throws Exception {
    supToml(
        """
        peer = ["192.0.2.1", "seed.example:1234"]
        permanent_peer = true
        cache_key_path = "/keys"
        ring_log = "/log"
        verbose = true
        json_logging = true
        """);
    SupervisorConfig config = resolve();
    assertThat(config.peers()).containsExactly("192.0.2.1", "seed.example:1234");
    assertThat(config.permanentPeer()).isTrue();
    assertThat(config.keyCache()).isEqualTo(Path.of("/keys"));
    assertThat(config.ringLog()).contains(Path.of("/log"));
    assertThat(config.output()).isEqualTo(new SupervisorConfig.Output(true, false, true));
  }

  @Test
  void aKeyThatIsNoOptionIsRemarkedUpon() throws Exception {
    supToml("listen_gosip = \"127.0.0.1:1\"");
    assertThat(resolve().warnings()).singleElement().asString().contains("listen_gosip");
  }

  @Test
  void aGeneratedFileChangesNothing() throws Exception {
    SupervisorConfig before = resolve();
    supToml(GeneratedConfiguration.text(SupervisorOptions.NONE, environment));
    assertThat(resolve()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "peer = \"192.0.2.1\"",
        "peer = [1]",
        "permanent_peer = \"yes\"",
        "listen_gossip = 9638",
        "auto_update_period = \"often\""
      })
  void aValueOfAnotherTypeIsRefusedByFileAndLine(String line) throws Exception {
    supToml("\n" + line);
    assertRefused("sup.toml, line 2", line.substring(0, line.indexOf(' ')));
  }

  @Test
  void aFileThatIsNotTomlIsRefusedByItsPlace() throws Exception {
    supToml("peer = [");
    assertRefused("sup.toml", "line 1");
  }

  @Test
  void aConfigurationFileMustExist() {
    flags.give(CONFIG_FILES, root.resolve("none.toml").toString());
    assertRefused("none.toml");
  }

  @Test
  void aConfigurationFileOfAnotherNameIsRefused() throws Exception {
    flags.give(CONFIG_FILES, Files.writeString(root.resolve("sup.conf"), "").toString());
    assertRefused("sup.conf", ".toml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nonsense", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "::1", "1.2.3:9", ""})
  void aListenAddressIsAnIpv4AddressAndAPort(String text) {
    flags.give(LISTEN_GOSSIP, text);
    assertRefused("--listen-gossip", "\"" + text + "\"", "0.0.0.0:9638");
  }

  @Test
  void aPortThatIsLeftOutIsTheDefaultOne() throws Exception {
    flags.give(LISTEN_GOSSIP, "127.0.0.9");
    assertThat(resolve().gossipListen()).isEqualTo(new InetSocketAddress("127.0.0.9", 9638));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "host:", "host:0", "host:99999", "[::1]:9638", "a:b:c"})
  void aPeerIsAHostAndPerhapsAPort(String text) {
    flags.give(PEER, text);
    assertRefused("--peer", "\"" + text + "\"");
  }

  @Test
  void peersMayBeGivenOneByOneOrAsAList() throws Exception {
    flags.give(PEER, "a,b:1").giveAll(PEER, List.of("c", "d"));
    assertThat(resolve().peers()).containsExactly("a", "b:1", "c", "d");
  }

  @Test
  void peersAndAPeerWatchFileExcludeEachOther() {
    flags.give(PEER, "a").give(PEER_WATCH_FILE, "/peers");
    assertRefused("--peer", "--peer-watch-file");
  }

  @ParameterizedTest
  @EnumSource(
      value = SupervisorOption.class,
      names = {"LISTEN_GOSSIP", "PEER", "PEER_WATCH_FILE"})
  void localGossipModeExcludesWhatReachesOut(SupervisorOption other) {
    flags.give(LOCAL_GOSSIP_MODE).give(other, "127.0.0.1:9638");
    assertRefused("--local-gossip-mode", other.flag());
  }

  @Test
  void localGossipModeListensOnAnAddressOfItsOwn() throws Exception {
    environment.put("HAB_LISTEN_GOSSIP", "127.0.0.1:1");
    flags.give(LOCAL_GOSSIP_MODE);
    assertThat(resolve().gossipListen()).isEqualTo(new InetSocketAddress("127.0.0.2", 9638));
  }

  @Test
  void aFlagDisplacesWhatItExcludesInAFile() throws Exception {
    supToml("peer_watch_file = \"/peers\"");
    flags.give(PEER, "a");
    SupervisorConfig config = resolve();
    assertThat(config.peers()).containsExactly("a");
    assertThat(config.peerWatchFile()).isEmpty();
  }

  @Test
  void aRingIsChosenByNameOrByKeyAndNotByBoth() throws Exception {
    environment.put("HAB_RING_KEY", "SYM-SEC-1\n…");
    assertThat(resolve().ring()).isEqualTo(new RingChoice.Text("SYM-SEC-1\n…", "HAB_RING_KEY"));
    flags.give(RING, "demo");
    assertThat(resolve().ring()).isEqualTo(new RingChoice.Named("demo"));
    flags.give(RING_KEY, "SYM-SEC-1\n…");
    assertRefused("--ring", "--ring-key");
  }

  @Test
  void aRingsKeyIsNotShown() throws Exception {
    environment.put("HAB_RING_KEY", "very secret");
    environment.put("HAB_SUP_GATEWAY_AUTH_TOKEN", "very secret");
    assertThat(resolve().toString()).doesNotContain("secret");
  }

  @Test
  void tlsNeedsItsKeyAndItsCertificates() throws Exception {
    flags.give(CERT_FILE, "/certs");
    assertRefused("--key", "--certs");
    flags.give(KEY_FILE, "/key");
    assertThat(resolve().gateway().orElseThrow().tls()).isPresent();
  }

  @Test
  void clientCertificatesNeedTls() {
    flags.give(CA_CERT_FILE, "/ca");
    assertRefused("--ca-certs", "--key");
  }

  @Test
  void theGatewayCanBeLeftOut() throws Exception {
    flags.give(HTTP_DISABLE);
    assertThat(resolve().gateway()).isEmpty();
  }

  @Test
  void tokenAndRedactionComeFromTheEnvironment() throws Exception {
    environment.put("HAB_SUP_GATEWAY_AUTH_TOKEN", "t");
    environment.put("HAB_FEAT_REDACT_HTTP", "1");
    SupervisorConfig.Gateway gateway = resolve().gateway().orElseThrow();
    assertThat(gateway.token()).contains("t");
    assertThat(gateway.redacted()).isTrue();
  }

  @Test
  void optionsOfWhatIsNotThereYetAreRefusedByName() throws Exception {
    flags.give(AUTO_UPDATE);
    supToml("keep_latest_packages = 2");
    assertRefused("--auto-update", "keep_latest_packages in ", "updates");
  }

  @Test
  void aPackageOnTheCommandLineIsAForcedLoadWithAllItsOptions() throws Exception {
    flags
        .give(PKG_IDENT_OR_ARTIFACT, "acme/web")
        .give(GROUP, "blue")
        .give(BIND, "db:postgresql.default@acme");
    supToml("topology = \"leader\"\nhealth_check_interval = 5");
    SvcLoad load = resolve().services().load().orElseThrow();
    assertThat(load.force()).isTrue();
    assertThat(load.ident()).hasToString("acme/web");
    assertThat(load.change().group()).contains("blue");
    assertThat(load.change().topology()).contains(Topology.LEADER);
    assertThat(load.change().channel()).contains("base");
    assertThat(load.change().healthCheckIntervalSeconds()).hasValue(5);
    assertThat(load.change().shutdownTimeoutSeconds()).isEmpty();
    assertThat(load.change().binds().orElseThrow()).hasToString("[db:postgresql.default@acme]");
  }

  @Test
  void withoutAPackageItsOptionsAreRemarkedUpon() throws Exception {
    flags.give(GROUP, "blue");
    assertThat(resolve().warnings()).singleElement().asString().contains("--group", "no effect");
  }

  @Test
  void nonsenseAboutServicesIsRefused() throws Exception {
    for (var wrong :
        Map.of(
                PKG_IDENT_OR_ARTIFACT, "web",
                GROUP, "a.b",
                BIND, "db",
                BINDING_MODE, "loose",
                HEALTH_CHECK_INTERVAL, "0",
                ORGANIZATION, "a@b",
                SYS_IP_ADDRESS, "localhost")
            .entrySet()) {
      flags = SupervisorOptions.builder().give(PKG_IDENT_OR_ARTIFACT, "acme/web");
      flags.give(wrong.getKey(), wrong.getValue());
      assertRefused(wrong.getKey().flag(), wrong.getValue());
    }
  }

  @Test
  void variablesOfServicesDoNotDisturb() throws Exception {
    environment.put("HAB_BLDR_URL", "https://bldr.example");
    environment.put("HAB_KEEP_LATEST_PACKAGES", "3");
    assertThat(resolve().warnings()).isEmpty();
  }

  @Test
  void tlsOfTheControlGatewayIsFoundWhereGeneratedPairsAre() throws Exception {
    flags.give(LISTEN_CTL, "127.0.0.1:1");
    assertThat(resolve().controlTls()).isEmpty();
    flags.give(CTL_SERVER_KEY);
    flags.give(CTL_SERVER_CERTIFICATE, "/c.pem");
    Path generated = Path.of("/hab/cache/keys/ctl");
    assertThat(resolve().controlTls())
        .contains(new Tls(generated, Path.of("/c.pem"), Optional.empty()));
    flags.give(CTL_CLIENT_CA_CERTIFICATE);
    assertThat(resolve().controlTls())
        .contains(new Tls(generated, Path.of("/c.pem"), Optional.of(generated)));
    assertThat(resolve().controlListen()).hasToString("/127.0.0.1:1");
  }

  @Test
  void halfAPairForTheControlGatewayIsRefused() {
    for (SupervisorOption alone :
        List.of(CTL_SERVER_KEY, CTL_SERVER_CERTIFICATE, CTL_CLIENT_CA_CERTIFICATE)) {
      SupervisorOptions options = SupervisorOptions.builder().give(alone).build();
      assertThatThrownBy(() -> SupervisorConfig.resolve(options, environment))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "expected --ctl-server-key and --ctl-server-certificate together for TLS, found only "
                  + alone.flag()
                  + "; add what is missing");
    }
  }

  @Test
  void aTuningVariableThatMakesNoSenseIsLeftAtItsDefault() throws Exception {
    environment.put("HAB_RUMOR_SHARE_LIMIT", "many");
    environment.put("HAB_PERSIST_LOOP_PERIOD_SECS", "0");
    SupervisorConfig config = resolve();
    assertThat(config.shareLimit()).isEqualTo(2);
    assertThat(config.persistPeriod()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.warnings())
        .hasSize(2)
        .allSatisfy(warning -> assertThat(warning).contains("expected", "found", "using"));
  }

  @Test
  void tuningVariablesAreHeard() throws Exception {
    environment.put("HAB_RUMOR_SHARE_LIMIT", "3");
    environment.put("HAB_PERSIST_LOOP_PERIOD_SECS", "5");
    environment.put("HAB_RING_CUT_FILE", "/cut");
    environment.put("NO_COLOR", "1");
    SupervisorConfig config = resolve();
    assertThat(config.shareLimit()).isEqualTo(3);
    assertThat(config.persistPeriod()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.cutFile()).contains(Path.of("/cut"));
    assertThat(config.output().colour()).isFalse();
  }
}
