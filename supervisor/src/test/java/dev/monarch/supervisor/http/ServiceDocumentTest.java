package dev.monarch.supervisor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.checks.Check;
import dev.monarch.packages.InstalledPackage;
import dev.monarch.packages.PackageIdent;
import dev.monarch.packages.PackageType;
import dev.monarch.packages.ShutdownSignal;
import dev.monarch.supervisor.http.ServiceSnapshot.Prepared;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.RestartSettings;
import dev.monarch.supervisor.service.ServiceHealth;
import dev.monarch.supervisor.service.ServiceState;
import dev.monarch.supervisor.service.ServiceStatus;
import dev.monarch.supervisor.service.ServiceStatus.LastProcess;
import dev.monarch.supervisor.service.TerminationReason;
import dev.monarch.supervisor.spec.ServiceSpec;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.control.BindingMode;
import dev.monarch.wire.control.DesiredState;
import dev.monarch.wire.control.ServiceBind;
import dev.monarch.wire.control.Topology;
import dev.monarch.wire.control.UpdateCondition;
import dev.monarch.wire.control.UpdateStrategy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Held against documents of the original, to the byte. */
class ServiceDocumentTest {
  static final Path ROOT = Path.of("/tmp/ring");

  /** The machine's clock began with 1970, so that its seconds are those of the documents. */
  static final long SECOND = 1_000_000_000L;

  private static String original(String name) throws IOException {
    try (var file = ServiceDocumentTest.class.getResourceAsStream("vectors/" + name + ".json")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static ServiceStatus up(ServiceHealth health) {
    return new ServiceStatus(
        ServiceState.UP,
        2,
        true,
        true,
        Optional.of(26600),
        1795469798 * SECOND,
        health,
        0,
        OptionalLong.empty(),
        Optional.of(
            new LastProcess(
                Optional.of(26527),
                TerminationReason.APP_CONFIG_UPDATED,
                Optional.empty(),
                1795469795 * SECOND)),
        ElectionState.NONE,
        Optional.empty());
  }

  private static ServiceStatus down() {
    return new ServiceStatus(
        ServiceState.DOWN,
        2,
        false,
        false,
        Optional.empty(),
        1795469800 * SECOND,
        ServiceHealth.UNKNOWN,
        0,
        OptionalLong.empty(),
        Optional.empty(),
        ElectionState.NONE,
        Optional.empty());
  }

  private static Map<String, Object> sys() {
    var sys = new LinkedHashMap<String, Object>();
    sys.put("version", "2.1.78");
    sys.put("member_id", "9d0f276185de459d96529185cc7ea506");
    sys.put("ip", "127.0.7.1");
    sys.put("hostname", "vm");
    sys.put("gossip_ip", "127.0.7.1");
    sys.put("gossip_port", 9638L);
    sys.put("ctl_gateway_ip", "127.0.7.1");
    sys.put("ctl_gateway_port", 9632L);
    sys.put("http_gateway_ip", "127.0.7.1");
    sys.put("http_gateway_port", 9631L);
    sys.put("permanent", false);
    return sys;
  }

  private static InstalledPackage installed(
      String version, String release, String name, Map<String, List<String>> binds, int timeout) {
    return new InstalledPackage(
        new PackageIdent("acme", name, Optional.of(version), Optional.of(release)),
        ROOT.resolve("hab/pkgs/acme").resolve(name).resolve(version).resolve(release),
        PackageType.STANDARD,
        Optional.empty(),
        List.of(),
        List.of(),
        Map.of("port", "port"),
        name.equals("web") ? List.of("80", "443") : List.of(),
        binds,
        Map.of(),
        ShutdownSignal.TERM,
        Duration.ofSeconds(timeout),
        List.of(),
        Optional.empty(),
        Map.of(),
        Map.of());
  }

  static ServiceSnapshot web(ServiceStatus status, Path directory) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("APP_MODE", "test");
    environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    var cfg = new LinkedHashMap<String, Object>();
    cfg.put("port", 8080L);
    cfg.put("log", Map.of("level", "info"));
    return new ServiceSnapshot(
        new ServiceSpec(
            new PackageIdent("acme", "web", Optional.empty(), Optional.empty()),
            "blue",
            "https://bldr.habitat.sh",
            "dev",
            Topology.STANDALONE,
            UpdateStrategy.AT_ONCE,
            UpdateCondition.LATEST,
            List.of(new ServiceBind("db", new ServiceGroup("db.default"))),
            BindingMode.STRICT,
            Optional.empty(),
            status.desiredUp() ? DesiredState.UP : DesiredState.DOWN,
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(2),
            Map.of()),
        ROOT.resolve("hab/sup/default/specs/web.spec"),
        new ServiceGroup("web.blue"),
        status,
        Optional.of(
            new Prepared(
                installed("1.2.3", "20260102030405", "web", Map.of("db", List.of("port")), 5),
                Map.of("env", environment, "svc_user", "root", "svc_group", "root"),
                cfg,
                Set.of(Hook.HEALTH_CHECK, Hook.INIT, Hook.RUN, Hook.POST_RUN, Hook.POST_STOP),
                directory)),
        false,
        sys(),
        RestartSettings.usual(),
        0,
        Instant.EPOCH);
  }

  private static ServiceSnapshot web(ServiceStatus status) {
    return web(status, ROOT.resolve("hab/svc/web"));
  }

  private static ServiceSnapshot db() throws Exception {
    ServiceStatus web = up(ServiceHealth.OK);
    return new ServiceSnapshot(
        ServiceSpec.of(PackageIdent.parse("acme/db")),
        ROOT.resolve("hab/sup/default/specs/db.spec"),
        new ServiceGroup("db.default"),
        new ServiceStatus(
            ServiceState.UP,
            1,
            true,
            true,
            Optional.of(26466),
            1795469790 * SECOND,
            web.health(),
            0,
            OptionalLong.empty(),
            Optional.empty(),
            ElectionState.NONE,
            Optional.empty()),
        Optional.of(
            new Prepared(
                installed("10.1", "20260101000000", "db", Map.of(), 8),
                Map.of(
                    "env",
                    Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                    "svc_user",
                    "root",
                    "svc_group",
                    "root"),
                Map.of("port", 5432L),
                Set.of(Hook.RUN),
                ROOT.resolve("hab/svc/db"))),
        false,
        sys(),
        RestartSettings.usual(),
        0,
        Instant.EPOCH);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static byte[] one(ServiceSnapshot service, boolean redacted) {
    return ServiceDocument.one(service, service.prepared().orElseThrow(), redacted);
  }

  @Test
  void aServiceIsShownAsTheOriginalDoes() throws Exception {
    assertThat(text(one(web(up(ServiceHealth.OK)), false))).isEqualTo(original("service-web"));
  }

  @Test
  @Check("supervisor-76")
  void allServicesAreShownInTheirOrder() throws Exception {
    assertThat(text(ServiceDocument.all(List.of(db(), web(up(ServiceHealth.OK))), false)))
        .isEqualTo(original("services-two"));
    assertThat(text(ServiceDocument.all(List.of(), false))).isEqualTo("[]");
  }

  @Test
  @Check("supervisor-81")
  void aServiceThatIsDownIsListed() throws Exception {
    assertThat(text(ServiceDocument.all(List.of(db(), web(down())), false)))
        .isEqualTo(original("services-one-down"))
        .contains("\"desired_state\":\"Down\"", "\"state\":\"down\"");
  }

  @Test
  void aServiceWhosePackageCannotBeReadIsLeftOut() {
    ServiceSnapshot web = web(down());
    var unprepared =
        new ServiceSnapshot(
            web.spec(),
            web.specFile(),
            web.group(),
            web.status(),
            Optional.empty(),
            false,
            web.sys(),
            web.restart(),
            web.atNanos(),
            web.at());

    assertThat(text(ServiceDocument.all(List.of(unprepared), false))).isEqualTo("[]");
  }

  @Test
  void redactionLeavesTheConfigurationOut() {
    assertThat(JsonTree.object(text(one(web(up(ServiceHealth.OK)), true))))
        .doesNotContainKey("cfg")
        .containsKeys("binds", "channel");
  }

  @Test
  void theNextRestartIsATimeOnTheWorldsClock() {
    var waiting =
        new ServiceStatus(
            ServiceState.BACKING_OFF,
            2,
            true,
            false,
            Optional.empty(),
            0,
            ServiceHealth.UNKNOWN,
            7,
            OptionalLong.of(1_800_000_000 * SECOND),
            Optional.empty(),
            ElectionState.NONE,
            Optional.empty());

    assertThat(JsonTree.object(text(one(web(waiting), false))))
        .containsEntry("next_restart_at", "1800000000")
        .containsEntry("restart_count", "7");
  }

  @Test
  void healthIsShownWithWhatTheCheckWrote(@TempDir Path directory) throws Exception {
    assertThat(text(HealthDocument.of(ServiceHealth.OK, directory)))
        .isEqualTo(original("service-db-health"));

    Path logs = Files.createDirectory(directory.resolve("logs"));
    Files.writeString(logs.resolve("health-check.stdout.log"), "fine\n");
    assertThat(text(HealthDocument.of(ServiceHealth.OK, directory)))
        .isEqualTo(original("service-web-health"));
  }

  @Test
  void configurationIsShownAlone() throws Exception {
    assertThat(text(Json.tree(web(down()).prepared().orElseThrow().cfg())))
        .isEqualTo(original("service-web-config"));
  }
}
