package dev.monarch.supervisor.http;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.monarch.butterfly.Output.ProbeStage;
import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.View;
import dev.monarch.butterfly.election.Tally;
import dev.monarch.checks.Check;
import dev.monarch.ring.RingMetrics;
import dev.monarch.ring.RingMetrics.Traffic;
import dev.monarch.supervisor.Durations;
import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.config.SupervisorConfig.Gateway;
import dev.monarch.supervisor.config.SupervisorConfig.Tls;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.ServiceHealth;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rejection;
import dev.monarch.wire.RumorKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpGatewayTest {
  private static final List<String> ROUTES =
      List.of("/", "/services", "/census", "/butterfly", "/metrics");

  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final AtomicReference<View> view = new AtomicReference<>(view(Health.ALIVE));
  private final AtomicReference<ServicesView> services = new AtomicReference<>(ServicesView.none());
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }

  private static View view(Health health) {
    Member other = Member.of("other", -2, "192.0.2.2", 9638);
    return new View(
        Member.of("self", 3, "192.0.2.1", 9638),
        new RingState(
            List.of(new Membership(other, health)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()),
        Map.of(RumorKind.MEMBER, 1L),
        Map.of(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        true);
  }

  private static RingMetrics metrics() {
    var durations =
        new RingMetrics.Histogram(
            List.of(1L, 0L, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 4L), Duration.ofSeconds(50));
    return new RingMetrics(
        3,
        Map.of(Health.ALIVE, 2L, Health.CONFIRMED, 1L),
        Map.of(RumorKind.MEMBER, 5L),
        new RingMetrics.SwimTraffic(
            Map.of(
                RingMetrics.SwimKind.PING, new Traffic(10, 100),
                RingMetrics.SwimKind.PROBEPING, new Traffic(1, 90)),
            0,
            Map.of(RingMetrics.SwimKind.ACK, new Traffic(7, 80)),
            Map.of(
                Rejection.AUTHENTICATION, new Traffic(2, 30),
                Rejection.MALFORMED, new Traffic(1, 20)),
            0,
            0,
            0,
            0),
        new RingMetrics.GossipTraffic(
            Map.of(RumorKind.SERVICE, new Traffic(4, 200)),
            3,
            0,
            Map.of(RumorKind.DEPARTURE, new Traffic(1, 60)),
            Map.of(),
            1,
            1,
            0,
            0),
        new TreeMap<>(
            Map.of(
                "web.default",
                new RingMetrics.Leadership(
                    7,
                    true,
                    new Tally(
                        List.of(0L, 1L, 0L, 0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L),
                        900_000_000,
                        OptionalLong.empty()),
                    Duration.ofMillis(900)))),
        Map.of(
            ProbeStage.PING, new RingMetrics.Probes(6, 1, durations),
            ProbeStage.PINGREQ, new RingMetrics.Probes(0, 1, durations)),
        new RingMetrics.Faults(0, 0, 0));
  }

  private HttpGateway start(Gateway gateway) throws StartException {
    HttpGateway started =
        HttpGateway.start(gateway, view::get, () -> 0L, HttpGatewayTest::metrics, services::get);
    open.add(started);
    return started;
  }

  private HttpGateway plain() throws StartException {
    return start(new Gateway(ANY_PORT, Optional.empty(), Optional.empty(), false));
  }

  private HttpClient client(HttpClient.Builder builder) {
    HttpClient client = builder.connectTimeout(Duration.ofSeconds(60)).build();
    open.add(client);
    return client;
  }

  private HttpResponse<String> send(
      HttpGateway gateway, String method, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.address().getPort() + path))
            .method(method, BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(60));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client(HttpClient.newBuilder()).send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void everyRouteAnswersInItsContentType() throws Exception {
    HttpGateway gateway = plain();
    Map<String, String> types =
        Map.of(
            "/", "text/html",
            "/services", "application/json",
            "/census", "application/json",
            "/butterfly", "application/json",
            "/metrics", "text/plain; version=0.0.4");
    for (String route : ROUTES) {
      HttpResponse<String> answer = send(gateway, "GET", route + "?pretty");
      assertThat(answer.statusCode()).as(route).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type")).contains(types.get(route));
      assertThat(answer.body()).isNotEmpty();
    }
    assertThat(send(gateway, "GET", "/services").body()).isEqualTo("[]");
  }

  @Test
  void anAnswerIsNeverOlderThanItsQuestion() throws Exception {
    HttpGateway gateway = plain();
    assertThat(send(gateway, "GET", "/butterfly").body()).contains("\"health\":\"Alive\"");
    view.set(view(Health.DEPARTED));
    assertThat(send(gateway, "GET", "/butterfly").body()).contains("\"health\":\"Departed\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"})
  @Check("supervisor-79")
  void onlyGetIsAllowed(String method) throws Exception {
    HttpGateway gateway = plain();
    for (String route : List.of("/", "/services", "/services/none/default", "/metrics")) {
      HttpResponse<String> answer = send(gateway, method, route);
      assertThat(answer.statusCode()).as(route).isEqualTo(405);
      assertThat(answer.headers().firstValue("allow")).contains("GET");
      assertThat(answer.body()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/services/none/default,404",
    "/services/none/default/config,404",
    "/services/none/default/health,404",
    "/services/none/default/org,404",
    "/services/none/default/org/config,404",
    "/services/no.ne/default,400",
    "/services/none/de%40fault,400",
    "/services/none/default/or%23g,400",
    "/services/none,404",
    "/services/none/,404",
    "/services/,404",
    "/services/a/b/c/d,404",
    "/services/a/b/c/config/d,404",
    "/census/,404",
    "/nope,404",
    "/butterfly2,404"
  })
  @Check("supervisor-79")
  void aPathWithoutContentSaysSo(String path, int status) throws Exception {
    HttpResponse<String> answer = send(plain(), "GET", path);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  @Check("supervisor-77")
  void withATokenEveryRouteNeedsIt() throws Exception {
    HttpGateway gateway = start(new Gateway(ANY_PORT, Optional.of("t"), Optional.empty(), false));
    for (String route : ROUTES) {
      assertThat(send(gateway, "GET", route, "Authorization", "Bearer t").statusCode())
          .as(route)
          .isEqualTo(200);
      for (String wrong : List.of("Bearer x", "Bearer tt", "Bearer ", "Basic t", "t", "bearer t")) {
        HttpResponse<String> answer = send(gateway, "GET", route, "Authorization", wrong);
        assertThat(answer.statusCode()).as(route + " with " + wrong).isEqualTo(401);
        assertThat(answer.body()).isEmpty();
      }
    }
    assertThat(send(gateway, "GET", "/").statusCode()).isEqualTo(401);
    assertThat(send(gateway, "GET", "/nope").statusCode()).isEqualTo(401);
    assertThat(send(gateway, "POST", "/census").statusCode()).isEqualTo(401);
  }

  @Test
  void redactionHidesMembersAndRumors() throws Exception {
    HttpGateway gateway = start(new Gateway(ANY_PORT, Optional.empty(), Optional.empty(), true));
    assertThat(send(gateway, "GET", "/butterfly").statusCode()).isEqualTo(404);
    assertThat(send(gateway, "GET", "/census").statusCode()).isEqualTo(404);
    assertThat(send(gateway, "GET", "/services").statusCode()).isEqualTo(200);
    assertThat(send(gateway, "GET", "/metrics").statusCode()).isEqualTo(200);
  }

  private void show(ServiceHealth health) {
    ServiceSnapshot web =
        ServiceDocumentTest.web(ServiceDocumentTest.up(health), Path.of("/nowhere"));
    services.set(new ServicesView(List.of(web), Map.of(), Map.of(), List.of()));
  }

  @Test
  void aServiceIsFoundByItsGroup() throws Exception {
    HttpGateway gateway = plain();
    show(ServiceHealth.OK);

    assertThat(send(gateway, "GET", "/services/web/blue").body())
        .startsWith("{\"all_pkg_binds\":")
        .contains("\"service_group\":\"web.blue\"");
    assertThat(send(gateway, "GET", "/services").body()).startsWith("[{\"all_pkg_binds\":");
    assertThat(send(gateway, "GET", "/services/web/blue/config").body())
        .isEqualTo("{\"port\":8080,\"log\":{\"level\":\"info\"}}");
    assertThat(send(gateway, "GET", "/services/web/blue/org").statusCode()).isEqualTo(404);
    assertThat(send(gateway, "GET", "/services/web/green").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"OK,200", "WARNING,200", "CRITICAL,503", "UNKNOWN,500"})
  void healthHasAStatusThatALoadBalancerUnderstands(ServiceHealth health, int status)
      throws Exception {
    HttpGateway gateway = plain();
    show(health);
    HttpResponse<String> answer = send(gateway, "GET", "/services/web/blue/health");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body())
        .isEqualTo("{\"status\":\"" + health + "\",\"stdout\":\"\",\"stderr\":\"\"}");
  }

  @Test
  @Check("supervisor-80")
  void redactionHidesConfiguration() throws Exception {
    HttpGateway gateway = start(new Gateway(ANY_PORT, Optional.empty(), Optional.empty(), true));
    show(ServiceHealth.OK);

    assertThat(send(gateway, "GET", "/butterfly").statusCode()).isEqualTo(404);
    assertThat(send(gateway, "GET", "/census").statusCode()).isEqualTo(404);
    assertThat(send(gateway, "GET", "/services").body()).doesNotContain("\"cfg\"", "8080");
    assertThat(send(gateway, "GET", "/services/web/blue").body()).doesNotContain("\"cfg\"");
    assertThat(send(gateway, "GET", "/services/web/blue/config").body()).isEqualTo("null");
  }

  @Test
  void metricsTellOfServicesAndHooks() throws Exception {
    HttpGateway gateway = plain();
    var hooks = new Durations<>(Hook.class);
    hooks.count(Hook.INIT, Duration.ofMillis(20));
    hooks.count(Hook.INIT, Duration.ofMinutes(1));
    var loops = new Durations<>(ServicesView.Loop.class);
    loops.count(ServicesView.Loop.SERVICE, Duration.ofMillis(1));
    ServiceSnapshot web =
        ServiceDocumentTest.web(
            ServiceDocumentTest.up(ServiceHealth.CRITICAL), Path.of("/nowhere"));
    services.set(new ServicesView(List.of(web), hooks.snapshot(), loops.snapshot(), List.of()));

    assertThat(send(gateway, "GET", "/metrics").body().lines())
        .contains(
            "hab_sup_hook_duration_seconds_bucket{hook=\"init\",le=\"0.025\"} 1",
            "hab_sup_hook_duration_seconds_bucket{hook=\"init\",le=\"+Inf\"} 2",
            "hab_sup_hook_duration_seconds_sum{hook=\"init\"} 60.02",
            "hab_sup_run_loop_duration_seconds_count{loop=\"service\"} 1",
            "monarch_service_state{service_group=\"web.blue\",state=\"up\"} 1.0",
            "monarch_service_health{service_group=\"web.blue\"} 2.0",
            "monarch_service_restart_count{service_group=\"web.blue\"} 0.0");
  }

  @Test
  void aPortThatIsTakenIsNamedWithTheRemedy() throws Exception {
    HttpGateway first = plain();
    Gateway second =
        new Gateway(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), first.address().getPort()),
            Optional.empty(),
            Optional.empty(),
            false);
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> start(second))
        .withMessageContaining("127.0.0.1:" + first.address().getPort())
        .withMessageContaining("--listen-http");
  }

  @Test
  void metricsCountUnderTheOriginalsNames() throws Exception {
    HttpGateway gateway = plain();
    send(gateway, "GET", "/services/a/b");
    send(gateway, "GET", "/made-up-by-a-client");
    // A request is counted when it is over, which its client may know first.
    eventually(
        () -> metrics(gateway),
        text ->
            text.contains("path=\"/services/{service}/{group}\"} 1.0")
                && text.contains("path=\"(unknown)\"} 1.0"));
    assertThat(send(gateway, "GET", "/metrics").body().lines())
        .contains(
            "hab_butterfly_incarnation_number 3.0",
            "hab_butterfly_peer_health_total{health=\"alive\"} 2.0",
            "hab_butterfly_peer_health_total{health=\"suspect\"} 0.0",
            "hab_butterfly_peer_health_total{health=\"confirmed\"} 1.0",
            "hab_butterfly_ignored_rumor_total{rumor=\"member\"} 5.0",
            "hab_butterfly_swim_messages_sent_total{type=\"ping\"} 11.0",
            "hab_butterfly_swim_sent_bytes{type=\"ping\"} 90.0",
            "hab_butterfly_swim_messages_received_total{mode=\"success\",type=\"ack\"} 7.0",
            "hab_butterfly_swim_messages_received_total{mode=\"failure\",type=\"unwrap_wire\"} 2.0",
            "hab_butterfly_swim_messages_received_total{mode=\"failure\",type=\"undecodable\"} 1.0",
            "hab_butterfly_swim_received_bytes{mode=\"success\",type=\"ack\"} 80.0",
            "hab_butterfly_swim_probes_sent_total{type=\"ping\"} 7.0",
            "hab_butterfly_swim_probes_sent_total{type=\"pingreq/failure\"} 1.0",
            "hab_butterfly_swim_probe_duration_seconds_bucket{type=\"ping/ack\",le=\"0.025\"} 3",
            "hab_butterfly_swim_probe_duration_seconds_bucket{type=\"ping/ack\",le=\"10.0\"} 3",
            "hab_butterfly_swim_probe_duration_seconds_bucket{type=\"ping/ack\",le=\"+Inf\"} 7",
            "hab_butterfly_swim_probe_duration_seconds_sum{type=\"ping/ack\"} 50.0",
            "hab_butterfly_election_duration_seconds_bucket{service_group=\"web.default\",le=\"0.025\"}"
                + " 1",
            "hab_butterfly_election_duration_seconds_bucket{service_group=\"web.default\",le=\"1.0\"}"
                + " 2",
            "hab_butterfly_election_duration_seconds_sum{service_group=\"web.default\"} 0.9",
            "monarch_election_term{service_group=\"web.default\"} 7.0",
            "monarch_election_finished{service_group=\"web.default\"} 1.0",
            "monarch_election_without_leader_seconds_total{service_group=\"web.default\"} 0.9",
            "hab_butterfly_gossip_messages_sent_total{mode=\"success\",type=\"service\"} 4.0",
            "hab_butterfly_gossip_messages_sent_total{mode=\"failure\",type=\"socket_connect\"}"
                + " 3.0",
            "hab_butterfly_gossip_sent_bytes{mode=\"success\",type=\"service\"} 200.0",
            "hab_butterfly_gossip_messages_received_total"
                + "{blocked=\"false\",mode=\"success\",type=\"departure\"} 1.0",
            "hab_sup_http_gateway_requests_total{path=\"/services/{service}/{group}\"} 1.0",
            "hab_sup_http_gateway_requests_total{path=\"(unknown)\"} 1.0",
            "hab_sup_http_gateway_request_duration_seconds_count{path=\"(unknown)\"} 1")
        .anyMatch(line -> line.startsWith("hab_sup_open_file_descriptors_total "))
        .anyMatch(line -> line.startsWith("hab_sup_cpu_time_nanoseconds "))
        .noneMatch(line -> line.contains("made-up"));
  }

  private String metrics(HttpGateway gateway) {
    try {
      return send(gateway, "GET", "/metrics").body();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void aRequestTooGreatOrNotHttpDoesNotStopTheGateway() throws Exception {
    HttpGateway gateway = plain();
    for (String request :
        List.of(
            "GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(1000) + "\r\n",
            "GET / HTTP/1.1\r\nX: " + "y".repeat(100_000) + "\r\n\r\n",
            "\u0000\u0001\u0002\r\n\r\n",
            "GET http://[ HTTP/1.1\r\n\r\n")) {
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), gateway.address().getPort())) {
        socket.setSoTimeout(60_000);
        assertThat(firstLine(socket, request)).as("%.30s", request).doesNotContain("200");
      }
    }
    assertThat(send(gateway, "GET", "/services").statusCode()).isEqualTo(200);
  }

  /** What came first, or nothing if the connection was closed instead, or before all was said. */
  private static String firstLine(Socket socket, String request) {
    try {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
    } catch (IOException reset) {
      return "";
    }
  }

  @Test
  void clientsThatSayNothingDoNotKeepOthersOut() throws Exception {
    HttpGateway gateway = plain();
    for (int i = 0; i < 50; i++) {
      open.add(new Socket(InetAddress.getLoopbackAddress(), gateway.address().getPort()));
    }
    assertThat(send(gateway, "GET", "/services").statusCode()).isEqualTo(200);
  }

  // TLS

  private static Path file(String name) throws Exception {
    return Path.of(
        java.util.Objects.requireNonNull(HttpGatewayTest.class.getResource("tls/" + name), name)
            .toURI());
  }

  private HttpGateway tls(String key, String certificates, Optional<Path> authorities)
      throws Exception {
    Tls tls = new Tls(file(key), file(certificates), authorities);
    return start(new Gateway(ANY_PORT, Optional.empty(), Optional.of(tls), false));
  }

  private int sendTls(HttpGateway gateway, Optional<String> identity) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("https://localhost:" + gateway.address().getPort() + "/services"))
            .timeout(Duration.ofSeconds(60))
            .build();
    return client(HttpClient.newBuilder().sslContext(trustingOurAuthority(identity)))
        .send(request, BodyHandlers.discarding())
        .statusCode();
  }

  private static SSLContext trustingOurAuthority(Optional<String> identity) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(
        "ca", Pem.certificates(Files.readString(file("ca.pem"))).getFirst());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (identity.isPresent()) {
      own.setKeyEntry(
          "own",
          Pem.privateKey(Files.readString(file(identity.get() + ".key"))),
          new char[0],
          Pem.certificates(Files.readString(file(identity.get() + ".pem")))
              .toArray(java.security.cert.Certificate[]::new));
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  @ParameterizedTest
  @CsvSource({
    "rsa-pkcs8.key,rsa.pem",
    "rsa-pkcs8.key,chain.pem",
    "rsa-pkcs1.key,rsa.pem",
    "ec-sec1.key,ec.pem",
    "ed25519.key,ed25519.pem"
  })
  @Check("supervisor-78")
  void everyKindOfKeyFileServesTlsAndNothingElse(String key, String certificates) throws Exception {
    HttpGateway gateway = tls(key, certificates, Optional.empty());
    assertThat(sendTls(gateway, Optional.empty())).isEqualTo(200);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> send(gateway, "GET", "/services"));
  }

  @Test
  @Check("supervisor-78")
  void withAnAuthorityClientsNeedItsCertificate() throws Exception {
    HttpGateway gateway = tls("ec-sec1.key", "ec.pem", Optional.of(file("ca.pem")));
    assertThat(sendTls(gateway, Optional.of("client"))).isEqualTo(200);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> sendTls(gateway, Optional.empty()));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> sendTls(gateway, Optional.of("stranger")));
  }

  @ParameterizedTest
  @CsvSource({
    "encrypted.key,rsa.pem,encrypted.key,passphrase",
    "rsa.pem,rsa.pem,rsa.pem,no private key",
    "rsa-pkcs8.key,rsa-pkcs8.key,rsa-pkcs8.key,no certificate",
    "rsa-pkcs8.key,ec.pem,ec.pem,belong",
    "client.key,ec.pem,ec.pem,belong"
  })
  void aTlsFileThatIsNoGoodIsNamed(String key, String certificates, String named, String complaint)
      throws Exception {
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> tls(key, certificates, Optional.empty()))
        .withMessageContaining(file(named).toString())
        .withMessageContaining(complaint);
  }

  @Test
  void aTlsFileThatIsMissingIsNamed() throws Exception {
    Tls tls = new Tls(Path.of("/nowhere/key"), file("ec.pem"), Optional.empty());
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> start(new Gateway(ANY_PORT, Optional.empty(), Optional.of(tls), false)))
        .withMessageContaining("/nowhere/key");
  }

  @Test
  void aDamagedKeyIsRefusedWhereverItIsCut() throws Exception {
    for (String name : List.of("ec-sec1.key", "rsa-pkcs1.key", "rsa-pkcs8.key")) {
      List<String> lines = Files.readAllLines(file(name));
      List<String> damaged = new ArrayList<>(lines);
      damaged.subList(damaged.size() - 2, damaged.size() - 1).clear();
      assertThatExceptionOfType(java.security.GeneralSecurityException.class)
          .as(name)
          .isThrownBy(() -> Pem.privateKey(String.join("\n", damaged)));
    }
  }
}
