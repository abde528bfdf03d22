package dev.monarch.cli.svc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.monarch.cli.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code hab svc leader} asks a gateway that knows some answers, the last one for good. */
class LeaderCommandTest {
  private static final String LED = "\"leader_id\":\"b\",\"explanation\":\"b leads in term 3\"";
  private static final String REPLACED =
      "\"leader_id\":\"a\",\"explanation\":\"a leads in term 4\"";
  private static final String BEREFT =
      "\"leader_id\":null,\"explanation\":\"1 of 2 alive, 2 needed: waiting for b\"";

  private final Deque<String> answers = new ConcurrentLinkedDeque<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/census",
        exchange -> {
          String leadership = answers.size() > 1 ? answers.remove() : answers.element();
          byte[] body =
              "{\"census_groups\":{\"redis.default\":{\"monarch\":{\"leadership\":{%s}}}}}"
                  .formatted(leadership)
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(leadership.isEmpty() ? 503 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Whoever reads this stops doing so after some lines. */
  private static final class ShortReader extends OutputStream {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private int linesLeft;

    ShortReader(int lines) {
      linesLeft = lines;
    }

    @Override
    public void write(int octet) throws IOException {
      if (linesLeft == 0) {
        throw new IOException("nobody reads any more");
      }
      read.write(octet);
      linesLeft -= octet == '\n' ? 1 : 0;
    }

    List<String> lines() {
      return read.toString(UTF_8).lines().toList();
    }
  }

  private int leader(OutputStream out, String... options) {
    Deque<String> words =
        new ArrayDeque<>(
            List.of("redis.default", "--url", "http://127.0.0.1:" + server.getAddress().getPort()));
    words.addAll(List.of(options));
    Surroundings surroundings =
        new Surroundings(
            Map.of(),
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, UTF_8),
            false,
            false);
    return new CommandLine(new LeaderCommand(surroundings)).execute(words.toArray(String[]::new));
  }

  @Test
  void theExitTellsWhetherSomebodyLeads() {
    answers.addAll(List.of(LED, BEREFT));

    assertThat(leader(new ByteArrayOutputStream())).isZero();
    assertThat(leader(new ByteArrayOutputStream())).isEqualTo(3);
  }

  @Test
  void aWatcherReadsALineAtEachChangeAndNoneInBetween() {
    answers.addAll(List.of(LED, LED, "", BEREFT, BEREFT, REPLACED, LED));
    ShortReader reader = new ShortReader(4);

    int exit = leader(reader, "--watch");

    assertThat(exit).isZero();
    assertThat(reader.lines()).hasSize(4);
    assertThat(reader.lines().get(0)).endsWith(" redis.default: b leads in term 3");
    assertThat(reader.lines().get(1)).contains("503");
    assertThat(reader.lines().get(2))
        .endsWith(" redis.default: nobody leads: 1 of 2 alive, 2 needed: waiting for b");
    assertThat(reader.lines().get(3)).endsWith(" redis.default: a leads in term 4");
  }

  @Test
  void aWatchingProgramReadsAnObjectAtEachChange() {
    answers.addAll(List.of(LED, REPLACED, LED));
    ShortReader reader = new ShortReader(2);

    leader(reader, "--watch", "--json");

    assertThat(reader.lines()).containsExactly("{" + LED + "}", "{" + REPLACED + "}");
  }
}
