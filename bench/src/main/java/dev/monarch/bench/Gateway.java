package dev.monarch.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Supervisor's HTTP gateway tells about its ring. */
final class Gateway {
  static final int PORT = 9631;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private final URI butterfly;

  Gateway(String address) {
    butterfly = URI.create("http://" + address + ":" + PORT + "/butterfly");
  }

  /** The document about the ring; empty if there is no answer, or another one than 200. */
  Optional<String> butterfly() {
    HttpRequest request =
        HttpRequest.newBuilder(butterfly).timeout(Duration.ofSeconds(5)).GET().build();
    try {
      var answer = CLIENT.send(request, BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException notYet) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The health of a member in that document, in lower case; empty if it is not in it. */
  static Optional<String> health(String document, String memberId) {
    // Of all that is keyed by an id, only the table of health has text.
    Matcher matcher =
        Pattern.compile("\"" + Pattern.quote(memberId) + "\"\\s*:\\s*\"(\\w+)\"").matcher(document);
    return matcher.find()
        ? Optional.of(matcher.group(1).toLowerCase(java.util.Locale.ROOT))
        : Optional.empty();
  }
}
