package dev.monarch.acceptance;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** The HTTP gateway of a Supervisor, ours or an original one (supervisor.md 9). */
record Gateway(String address, int port) {
  static final int DEFAULT_PORT = 9631;

  /** A frozen Supervisor accepts and never answers. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_WITHIN)
          .build();

  /** A member as this Supervisor sees it. */
  record Seen(String health, BigInteger incarnation, String address, boolean persistent) {
    @Override
    public String toString() {
      return health + "@" + incarnation + " " + address + (persistent ? " permanent" : "");
    }
  }

  record Answer(int status, String type, String body) {}

  Answer get(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":" + port + path))
            .timeout(ANSWER_WITHIN);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  Answer send(HttpRequest request) {
    try {
      HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.body());
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + request.uri() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  boolean answers() {
    try {
      return get("/metrics").status() == 200;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  Json butterfly() {
    return document("/butterfly");
  }

  Json document(String path) {
    Answer answer = get(path);
    if (answer.status() != 200) {
      throw new IllegalStateException("expected 200 from " + path + ", found " + answer);
    }
    return Json.parse(answer.body());
  }

  /** Every member by id, as {@code /butterfly} tells. */
  SequencedMap<String, Seen> members() {
    Json document = butterfly();
    SequencedMap<String, Seen> members = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : document.fields("member", "members").entrySet()) {
      Json fields = member.getValue();
      members.put(
          member.getKey(),
          new Seen(
              document.text("member", "health", member.getKey()),
              fields.number("incarnation"),
              fields.text("address"),
              fields.text("persistent").equals("true")));
    }
    return members;
  }

  /** The sum of the samples of a metric whose labels contain all these texts. */
  double metric(String name, String... labels) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(
            line -> {
              for (String label : labels) {
                if (!line.contains(label)) {
                  return false;
                }
              }
              return true;
            })
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
