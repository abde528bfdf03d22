package dev.monarch.ring;

import static dev.monarch.ring.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.Butterfly;
import dev.monarch.checks.Check;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rows of butterfly.md 9.3 at the sockets of a living member: it has one record, is told
 * another one, and tells on what became of the two. It runs no service of the group itself, so it
 * merges and does nothing else (9.5 step 1).
 */
class MergeOnTheWireTest {
  private static final String ID = "5".repeat(32);
  private static final String GROUP = "redis.default";
  private static final String ADDRESS = "127.0.31.1";
  private static final ElectionStatus RUNNING = ElectionStatus.RUNNING;
  private static final ElectionStatus NO_QUORUM = ElectionStatus.NO_QUORUM;
  private static final ElectionStatus FINISHED = ElectionStatus.FINISHED;

  /** A row: what is stored, what comes in, and what is told on then; nothing if it is no news. */
  record Row(String name, Election stored, Election incoming, Optional<Election> told) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row(
            "1: equal records are no news",
            record("a", 1, 0, RUNNING, "a", "b"),
            record("a", 1, 0, RUNNING, "a", "b"),
            Optional.empty()),
        row(
            "2: a finished one replaces all of its term",
            record("b", 1, 9, RUNNING, "b", "c"),
            record("a", 1, 0, FINISHED, "a"),
            record("a", 1, 0, FINISHED, "a")),
        row(
            "3: a finished one takes the votes of its term",
            record("a", 1, 0, FINISHED, "a", "b"),
            record("b", 1, 9, RUNNING, "b", "c"),
            record("a", 1, 0, FINISHED, "a", "b", "c")),
        row(
            "4: an older term is answered",
            record("a", 2, 0, RUNNING, "a"),
            record("b", 1, 9, FINISHED, "b"),
            record("a", 2, 0, RUNNING, "a")),
        row(
            "5: the more suitable one stays",
            record("a", 1, 5, RUNNING, "a"),
            record("b", 1, 4, NO_QUORUM, "b"),
            record("a", 1, 5, RUNNING, "a", "b")),
        row(
            "6: the more suitable one comes",
            record("b", 1, 4, RUNNING, "b"),
            record("a", 1, 5, NO_QUORUM, "a"),
            record("a", 1, 5, NO_QUORUM, "a", "b")),
        row(
            "7: of equals the greater one stays",
            record("b", 1, 5, RUNNING, "b"),
            record("a", 1, 5, RUNNING, "a"),
            record("b", 1, 5, RUNNING, "b", "a")),
        row(
            "8: of equals the greater one comes",
            record("a", 1, 5, RUNNING, "a"),
            record("b", 1, 5, RUNNING, "b"),
            record("b", 1, 5, RUNNING, "b", "a")));
  }

  private static Row row(String name, Election stored, Election incoming, Election told) {
    return new Row(name, stored, incoming, Optional.of(told));
  }

  private static Election record(
      String candidate, long term, long suitability, ElectionStatus status, String... votes) {
    return new Election(candidate, GROUP, term, suitability, status, List.of(votes));
  }

  @TempDir private Path directory;
  private int settled;

  @ParameterizedTest(name = "row {0}")
  @MethodSource("rows")
  @Check("butterfly-65")
  void whatBecomesOfTwoRecordsIsToldOn(Row row) throws Exception {
    RingConfig config =
        RingConfig.in(directory)
            .withListen(new InetSocketAddress(InetAddress.ofLiteral(ADDRESS), 0))
            .withSettings(RingTest.FAST_AND_PATIENT);
    try (Ring ring = Ring.start(config);
        Stranger stranger = new Stranger(ID, "127.0.31.2", Optional.empty(), Optional.empty())) {
      stranger.openTcp();
      stranger.ping(ring.listen());
      eventually(() -> ring.view().joined(), Boolean::booleanValue);
      // Nothing is stored of a candidate without a service (decision 15).
      stranger.tell(ring.listen(), service("a"));
      stranger.tell(ring.listen(), service("b"));
      stranger.tell(ring.listen(), new ElectionRumor(row.stored()));
      settle(ring, stranger);
      assertThat(elections(stranger)).containsExactly(row.stored(), row.stored());
      stranger.rumors.clear();

      stranger.tell(ring.listen(), new ElectionRumor(row.incoming()));
      settle(ring, stranger);

      assertThat(elections(stranger))
          .isEqualTo(row.told().map(told -> List.of(told, told)).orElse(List.of()));
      assertThat(ring.view().state().elections()).containsExactly(row.told().orElse(row.stored()));
    }
  }

  /**
   * Waits until all has been told that was hot before: it goes out no later than what is new now,
   * and elections go last of what goes out together, so the second piece of news comes after them.
   */
  private void settle(Ring ring, Stranger stranger) {
    for (int i = 0; i < 2; i++) {
      settled++;
      Rumor news =
          new ServiceConfigRumor(
              Butterfly.OPERATOR, new ServiceGroup("web.default"), settled, false, Bytes.utf8(""));
      stranger.tell(ring.listen(), news);
      eventually(() -> stranger.rumors.stream().filter(news::equals).count(), count -> count == 2);
    }
  }

  private static List<Election> elections(Stranger stranger) {
    return stranger.rumors.stream()
        .filter(ElectionRumor.class::isInstance)
        .map(rumor -> ((ElectionRumor) rumor).election())
        .toList();
  }

  private static Rumor service(String owner) {
    return new ServiceRumor(
        owner,
        owner,
        new ServiceGroup(GROUP),
        1,
        false,
        "acme/redis/1.0/20260101000000",
        Bytes.utf8(""),
        new SysInfo("127.0.0.9", "host", "127.0.0.9", 9638, "127.0.0.9", 9631, "127.0.0.9", 9632),
        0);
  }
}
