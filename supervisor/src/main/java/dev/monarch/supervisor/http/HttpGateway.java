package dev.monarch.supervisor.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.monarch.butterfly.View;
import dev.monarch.ring.RingMetrics;
import dev.monarch.supervisor.StartException;
import dev.monarch.supervisor.config.SupervisorConfig.Gateway;
import dev.monarch.supervisor.http.ServiceSnapshot.Prepared;
import dev.monarch.supervisor.service.ServiceHealth;
import dev.monarch.wire.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * Serves the routes of supervisor.md 9.2, each answer made from what is known of the ring and of
 * the services at that moment.
 *
 * <p>The order of refusals: without the token 401, whatever the path; an unknown path 404; a known
 * one with another method than GET 405. Refusals have no body.
 */
public final class HttpGateway implements AutoCloseable {
  /**
   * The JDK's server reads its limits once, from system properties; what an operator set by hand
   * stays. Requests are small and answers are read by machines, so ten seconds for the one and half
   * a minute for the other end only those who do not mean it. The number of connections keeps a
   * flood from using up the process's file descriptors, which the ring needs.
   */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "30",
          "sun.net.httpserver.idleInterval", "30",
          "sun.net.httpserver.maxReqHeaders", "100",
          "sun.net.httpserver.maxReqHeaderSize", "32768",
          "jdk.httpserver.maxConnections", "512");

  /** Connections that wait to be accepted; the JDK's own choice is this as well. */
  private static final int BACKLOG = 50;

  private static final String JSON = "application/json";
  private static final String HTML = "text/html";

  private final HttpServer server;
  private final ExecutorService workers;
  private final Gateway gateway;
  private final Supplier<View> view;
  private final LongSupplier clock;
  private final Supplier<RingMetrics> metrics;
  private final Supplier<ServicesView> services;
  private final ButterflyDocument butterfly;
  private final CensusDocument census;
  private final RequestCounters counters = new RequestCounters();
  private final byte[] page;

  private HttpGateway(
      HttpServer server,
      Gateway gateway,
      Supplier<View> view,
      LongSupplier clock,
      Supplier<RingMetrics> metrics,
      Supplier<ServicesView> services) {
    this.services = services;
    this.server = server;
    this.workers = Executors.newVirtualThreadPerTaskExecutor();
    this.gateway = gateway;
    this.view = view;
    this.clock = clock;
    this.metrics = metrics;
    var toml = new TomlAsJson();
    this.butterfly = new ButterflyDocument(toml);
    this.census = new CensusDocument(toml);
    this.page = page();
  }

  /**
   * Listens and answers until closed.
   *
   * @param clock the view's: nanoseconds now
   * @throws StartException if the address is taken or a TLS file is no good
   */
  public static HttpGateway start(
      Gateway gateway,
      Supplier<View> view,
      LongSupplier clock,
      Supplier<RingMetrics> metrics,
      Supplier<ServicesView> services)
      throws StartException {
    LIMITS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    HttpServer server = server(gateway);
    var started = new HttpGateway(server, gateway, view, clock, metrics, services);
    server.setExecutor(started.workers);
    server.createContext("/", started::handle);
    server.start();
    return started;
  }

  /** Where it listens, with the port really taken. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }

  private static HttpServer server(Gateway gateway) throws StartException {
    Optional<SSLContext> tls = Optional.empty();
    if (gateway.tls().isPresent()) {
      tls = Optional.of(TlsFiles.context(gateway.tls().get()));
    }
    try {
      if (tls.isEmpty()) {
        return HttpServer.create(gateway.listen(), BACKLOG);
      }
      HttpsServer server = HttpsServer.create(gateway.listen(), BACKLOG);
      boolean clientsIdentify =
          gateway.tls().filter(files -> files.clientAuthorities().isPresent()).isPresent();
      server.setHttpsConfigurator(new Configurator(tls.get(), clientsIdentify));
      return server;
    } catch (IOException failure) {
      throw new StartException(
          "expected to bind the HTTP gateway to %s:%d, found: %s; free the port, or choose another one with --listen-http, or none with --http-disable"
              .formatted(
                  gateway.listen().getAddress().getHostAddress(),
                  gateway.listen().getPort(),
                  failure.getMessage()),
          failure);
    }
  }

  /** Asks clients for a certificate, if they need one. */
  private static final class Configurator extends HttpsConfigurator {
    private final boolean clientsIdentify;

    Configurator(SSLContext context, boolean clientsIdentify) {
      super(context);
      this.clientsIdentify = clientsIdentify;
    }

    @Override
    public void configure(HttpsParameters connection) {
      SSLParameters parameters = getSSLContext().getDefaultSSLParameters();
      parameters.setNeedClientAuth(clientsIdentify);
      connection.setSSLParameters(parameters);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    long start = System.nanoTime();
    Route route = Route.of(exchange.getRequestURI().getRawPath());
    try (exchange) {
      Answer answer = answer(exchange, route);
      if (!answer.type.isEmpty()) {
        exchange.getResponseHeaders().set("Content-Type", answer.type);
      }
      if (answer.status == 405) {
        exchange.getResponseHeaders().set("Allow", "GET");
      }
      exchange.sendResponseHeaders(
          answer.status, answer.body.size() == 0 ? -1 : answer.body.size());
      if (answer.body.size() > 0) {
        exchange.getResponseBody().write(answer.body.toArray());
      }
    } finally {
      counters.count(route.label(), Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private record Answer(int status, String type, Bytes body) {
    static Answer of(String type, byte[] body) {
      return new Answer(200, type, Bytes.of(body));
    }

    static Answer empty(int status) {
      return new Answer(status, "", Bytes.EMPTY);
    }
  }

  private Answer answer(HttpExchange exchange, Route route) {
    if (!isAuthorized(exchange)) {
      return Answer.empty(401);
    }
    if (route instanceof Route.Unknown) {
      return Answer.empty(404);
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      return Answer.empty(405);
    }
    return switch (route) {
      case Route.Page() -> Answer.of(HTML, page);
      case Route.Butterfly() ->
          gateway.redacted() ? Answer.empty(404) : Answer.of(JSON, butterfly.of(view.get()));
      case Route.CensusRoute() ->
          gateway.redacted()
              ? Answer.empty(404)
              : Answer.of(JSON, census.of(view.get(), clock.getAsLong()));
      case Route.Metrics() ->
          Answer.of(
              MetricsDocument.CONTENT_TYPE,
              MetricsDocument.of(metrics.get(), counters, services.get()));
      case Route.Services() ->
          Answer.of(JSON, ServiceDocument.all(services.get().services(), gateway.redacted()));
      case Route.Service service -> answer(service);
      case Route.Unknown() -> Answer.empty(404);
    };
  }

  private Answer answer(Route.Service route) {
    if (!route.isPossible()) {
      return Answer.empty(400);
    }
    return services.get().services().stream()
        .filter(one -> one.group().text().equals(route.group()))
        .findFirst()
        .flatMap(service -> service.prepared().map(prepared -> answer(route, service, prepared)))
        .orElse(Answer.empty(404));
  }

  private Answer answer(Route.Service route, ServiceSnapshot service, Prepared prepared) {
    return switch (route.detail()) {
      case NONE -> Answer.of(JSON, ServiceDocument.one(service, prepared, gateway.redacted()));
      case CONFIG ->
          Answer.of(
              JSON,
              gateway.redacted()
                  ? "null".getBytes(StandardCharsets.US_ASCII)
                  : Json.tree(prepared.cfg()));
      case HEALTH ->
          new Answer(
              status(service.status().health()),
              JSON,
              Bytes.of(HealthDocument.of(service.status().health(), prepared.directory())));
    };
  }

  /** What a load balancer understands (supervisor.md 9.5). */
  private static int status(ServiceHealth health) {
    return switch (health) {
      case OK, WARNING -> 200;
      case CRITICAL -> 503;
      case UNKNOWN -> 500;
    };
  }

  private boolean isAuthorized(HttpExchange exchange) {
    if (gateway.token().isEmpty()) {
      return true;
    }
    String expected = "Bearer " + gateway.token().get();
    List<String> given =
        Optional.ofNullable(exchange.getRequestHeaders().get("Authorization")).orElse(List.of());
    // Takes as long for a wrong token as for the right one, so that it cannot be guessed bit by
    // bit.
    return given.size() == 1
        && MessageDigest.isEqual(
            given.getFirst().getBytes(StandardCharsets.UTF_8),
            expected.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] page() {
    try (InputStream file = HttpGateway.class.getResourceAsStream("page.html")) {
      if (file == null) {
        throw new IllegalStateException("page.html is missing beside " + HttpGateway.class);
      }
      return file.readAllBytes();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What a path means. */
  private sealed interface Route {
    /** The path's pattern: the label of its counters. */
    String label();

    record Page() implements Route {
      @Override
      public String label() {
        return "/";
      }
    }

    record Butterfly() implements Route {
      @Override
      public String label() {
        return "/butterfly";
      }
    }

    record CensusRoute() implements Route {
      @Override
      public String label() {
        return "/census";
      }
    }

    record Metrics() implements Route {
      @Override
      public String label() {
        return "/metrics";
      }
    }

    record Services() implements Route {
      @Override
      public String label() {
        return "/services";
      }
    }

    /**
     * One service, or its configuration or health; a part of its group's name has no separators.
     */
    record Service(String label, List<String> names, Detail detail) implements Route {
      /** The service group as others write it. */
      String group() {
        String organization = names.size() == 3 ? "@" + names.get(2) : "";
        return names.get(0) + "." + names.get(1) + organization;
      }

      boolean isPossible() {
        return names.stream().allMatch(name -> name.matches("[^#@.]+"));
      }
    }

    /** What of a service is asked for. */
    enum Detail {
      NONE,
      CONFIG,
      HEALTH
    }

    record Unknown() implements Route {
      @Override
      public String label() {
        return "(unknown)";
      }
    }

    static Route of(String path) {
      return switch (path) {
        case "/" -> new Page();
        case "/butterfly" -> new Butterfly();
        case "/census" -> new CensusRoute();
        case "/metrics" -> new Metrics();
        case "/services" -> new Services();
        default -> path.startsWith("/services/") ? service(path) : new Unknown();
      };
    }

    /**
     * {@code /services/service/group[/organization][/config or /health]}; {@code config} and {@code
     * health} are never taken for an organisation.
     */
    private static Route service(String path) {
      List<String> parts = List.of(path.substring("/services/".length()).split("/", -1));
      if (parts.size() < 2 || parts.size() > 4 || parts.contains("")) {
        return new Unknown();
      }
      String last = parts.getLast();
      boolean detail = parts.size() > 2 && (last.equals("config") || last.equals("health"));
      List<String> names = detail ? parts.subList(0, parts.size() - 1) : parts;
      if (names.size() > 3) {
        return new Unknown();
      }
      String label = "/services/{service}/{group}" + (names.size() == 3 ? "/{org}" : "");
      return new Service(
          detail ? label + "/" + last : label,
          names.stream().map(Route::decoded).toList(),
          detail ? Detail.valueOf(last.toUpperCase(Locale.ROOT)) : Detail.NONE);
    }

    private static String decoded(String part) {
      try {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException malformed) {
        return part;
      }
    }
  }
}
