package dev.monarch.butterfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.election.ElectionMerge;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rows of butterfly.md 9.3, one after the other. */
class ElectionMergeTest {
  private static final ElectionStatus RUNNING = ElectionStatus.RUNNING;
  private static final ElectionStatus FINISHED = ElectionStatus.FINISHED;

  private static Election record(
      String candidate, long term, long suitability, ElectionStatus status, String... votes) {
    return new Election(candidate, "redis.default", term, suitability, status, List.of(votes));
  }

  private static void assertMerge(Election stored, Election incoming, Election expected) {
    assertThat(ElectionMerge.merge(stored, incoming))
        .isEqualTo(new ElectionMerge.Result(expected, true));
  }

  @Test
  void row1EqualRecordsChangeNothing() {
    Election stored = record("a", 1, 0, RUNNING, "a", "b");

    assertThat(ElectionMerge.merge(stored, record("a", 1, 0, RUNNING, "a", "b")))
        .isEqualTo(new ElectionMerge.Result(stored, false));
  }

  @Test
  void row2AFinishedRecordOfThisTermOrALaterOneReplacesAll() {
    Election incoming = record("a", 1, 0, FINISHED, "a");

    assertMerge(record("b", 1, 9, RUNNING, "b", "c"), incoming, incoming);
    assertMerge(record("b", 1, 9, FINISHED, "b", "c"), incoming, incoming);
    assertMerge(record("b", 0, 9, FINISHED, "b", "c"), incoming, incoming);
  }

  @Test
  void row3AFinishedRecordTakesTheVotesOfAnUnfinishedOneOfItsTerm() {
    assertMerge(
        record("a", 1, 0, FINISHED, "a", "b"),
        record("z", 1, 9, RUNNING, "z", "b", "c"),
        record("a", 1, 0, FINISHED, "a", "b", "z", "c"));
  }

  @Test
  void row4AnOlderTermChangesNothingButIsAnswered() {
    Election stored = record("a", 2, 0, RUNNING, "a");

    assertMerge(stored, record("z", 1, 9, FINISHED, "z"), stored);
    assertMerge(stored, record("z", 1, 9, RUNNING, "z"), stored);
  }

  @Test
  void row5TheMoreSuitableOneStoredWinsAndTakesTheVotes() {
    assertMerge(
        record("a", 1, 5, RUNNING, "a"),
        record("z", 1, 4, ElectionStatus.NO_QUORUM, "z", "a"),
        record("a", 1, 5, RUNNING, "a", "z"));
  }

  @Test
  void row6TheMoreSuitableOneComingInWinsAndTakesTheVotes() {
    assertMerge(
        record("z", 1, 4, RUNNING, "z", "y"),
        record("a", 1, 5, ElectionStatus.NO_QUORUM, "a"),
        record("a", 1, 5, ElectionStatus.NO_QUORUM, "a", "z", "y"));
  }

  @Test
  void row7TheGreaterOrSameCandidateStoredWinsAtATie() {
    assertMerge(
        record("z", 1, 5, RUNNING, "z"),
        record("a", 1, 5, RUNNING, "a"),
        record("z", 1, 5, RUNNING, "z", "a"));
    assertMerge(
        record("z", 1, 5, RUNNING, "z", "a"),
        record("z", 1, 5, RUNNING, "a", "z"),
        record("z", 1, 5, RUNNING, "z", "a"));
  }

  @Test
  void row8TheGreaterCandidateComingInWinsAtATie() {
    assertMerge(
        record("a", 1, 5, RUNNING, "a"),
        record("z", 1, 5, RUNNING, "z"),
        record("z", 1, 5, RUNNING, "z", "a"));
  }

  @Test
  void anUnfinishedRecordOfALaterTermLosesToTheMoreSuitableOne() {
    assertMerge(
        record("a", 1, 5, RUNNING, "a"),
        record("z", 2, 4, RUNNING, "z"),
        record("a", 1, 5, RUNNING, "a", "z"));
  }

  @Test
  void termsAndSuitabilitiesAreUnsigned() {
    assertMerge(
        record("a", -1, -1, RUNNING, "a"),
        record("z", 1, 1, FINISHED, "z"),
        record("a", -1, -1, RUNNING, "a"));
    assertMerge(
        record("z", 0, 7, RUNNING, "z"),
        record("a", 0, -1, RUNNING, "a"),
        record("a", 0, -1, RUNNING, "a", "z"));
  }

  @Test
  void votesDoNotPileUpWithoutEnd() {
    Election stored = record("z", 0, 0, RUNNING, "z");
    for (int round = 0; round < 20; round++) {
      int first = round * 1000;
      List<String> votes =
          IntStream.range(first, first + 1000).mapToObj(Integer::toString).toList();
      Election flood = new Election("a", "redis.default", 0, 0, RUNNING, votes);
      stored = ElectionMerge.merge(stored, flood).election();
    }

    assertThat(stored.votes()).hasSize(4096).startsWith("z", "0", "1");
  }
}
