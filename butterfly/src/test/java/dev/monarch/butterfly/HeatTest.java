package dev.monarch.butterfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.rumor.Heat;
import dev.monarch.butterfly.rumor.Heat.Hot;
import dev.monarch.butterfly.rumor.RumorKey;
import dev.monarch.wire.RumorKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who still has to be told what (butterfly.md 6). */
class HeatTest {
  private static final int ALL = Integer.MAX_VALUE;

  private static RumorKey memberKey(int n) {
    return RumorKey.ofMember("subject" + n);
  }

  private static RumorKey serviceKey(int n) {
    return new RumorKey(RumorKind.SERVICE, "redis.default", "subject" + n);
  }

  private static List<RumorKey> keys(List<Hot> hot) {
    return hot.stream().map(Hot::key).toList();
  }

  @Test
  void aRumorIsHotForEverybodyUntilItWasToldTwice() {
    Heat heat = new Heat(2);
    heat.start(memberKey(1));

    heat.cool("a", heat.hot("a", ALL));
    assertThat(keys(heat.hot("a", ALL))).containsExactly(memberKey(1));
    heat.cool("a", heat.hot("a", ALL));
    assertThat(heat.hot("a", ALL)).isEmpty();
    assertThat(heat.isAnythingHot("a")).isFalse();
    assertThat(keys(heat.hot("b", ALL))).containsExactly(memberKey(1));
  }

  @Test
  void whatWasToldMostComesFirst() {
    Heat heat = new Heat(3);
    for (int n = 1; n <= 3; n++) {
      heat.start(memberKey(n));
    }
    List<Hot> all = heat.hot("a", ALL);
    heat.cool("a", List.of(all.get(2), all.get(1)));
    heat.cool("a", List.of(all.get(2)));

    assertThat(keys(heat.hot("a", ALL))).containsExactly(memberKey(3), memberKey(2), memberKey(1));
    assertThat(keys(heat.hot("a", 1))).containsExactly(memberKey(3));
  }

  @Test
  void whatChangesWhileItIsToldStaysHot() {
    Heat heat = new Heat(1);
    heat.start(memberKey(1));
    List<Hot> old = heat.hot("a", ALL);
    heat.start(memberKey(1));

    heat.cool("a", old);

    assertThat(keys(heat.hot("a", ALL))).containsExactly(memberKey(1));
  }

  @Test
  void aDepartedMembersServicesGoColdAndEverythingElseIsHotForIt() {
    Heat heat = new Heat(1);
    heat.start(serviceKey(1));
    heat.start(memberKey(1));
    heat.start(serviceKey(2));
    heat.cool("subject1", heat.hot("subject1", ALL));

    heat.purge("subject1");

    assertThat(keys(heat.hot("subject1", ALL))).containsExactly(memberKey(1), serviceKey(2));
    assertThat(keys(heat.hot("a", ALL))).containsExactly(memberKey(1), serviceKey(2));
  }

  /** The structure of butterfly.md 6.1, word for word: rumor, member, times told. */
  private static final class Naive {
    private final int shareLimit;
    private final Map<RumorKey, Map<String, Integer>> times = new HashMap<>();

    Naive(int shareLimit) {
      this.shareLimit = shareLimit;
    }

    void start(RumorKey key) {
      times.put(key, new HashMap<>());
    }

    void cool(String member, List<RumorKey> keys) {
      for (RumorKey key : keys) {
        if (times.containsKey(key)) {
          times.get(key).merge(member, 1, Integer::sum);
        }
      }
    }

    void rewarm(String member) {
      times.values().forEach(told -> told.remove(member));
    }

    void purge(String member) {
      times.keySet().removeIf(key -> key.kind() == RumorKind.SERVICE && key.id().equals(member));
      rewarm(member);
    }

    int times(RumorKey key, String member) {
      return times.getOrDefault(key, Map.of()).getOrDefault(member, 0);
    }

    List<RumorKey> hot(String member) {
      return times.keySet().stream().filter(key -> times(key, member) < shareLimit).toList();
    }
  }

  static List<Long> seeds() {
    return new Random(20).longs(30).boxed().toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void itAgreesWithTheNaiveTableWhateverHappens(long seed) {
    Random random = new Random(seed);
    int shareLimit = 1 + random.nextInt(3);
    Heat heat = new Heat(shareLimit);
    Naive naive = new Naive(shareLimit);
    List<String> members = List.of("subject0", "subject1", "a", "b");
    for (int step = 0; step < 400; step++) {
      RumorKey key =
          random.nextBoolean() ? memberKey(random.nextInt(12)) : serviceKey(random.nextInt(4));
      String member = members.get(random.nextInt(members.size()));
      int dice = random.nextInt(100);
      if (dice < 25) {
        heat.start(key);
        naive.start(key);
      } else if (dice < 27) {
        heat.forget(key);
        naive.times.remove(key);
      } else if (dice < 29) {
        heat.rewarm(member);
        naive.rewarm(member);
      } else if (dice < 31) {
        heat.purge(member);
        naive.purge(member);
      } else {
        List<Hot> told = random.nextBoolean() ? heat.hot(member, 5) : heat.hotMembers(member, 5);
        List<Hot> some = new ArrayList<>(told.subList(0, random.nextInt(told.size() + 1)));
        Collections.shuffle(some, random);
        heat.cool(member, some);
        naive.cool(member, keys(some));
      }
      for (String each : members) {
        assertAgree(heat, naive, each);
      }
    }
  }

  private static void assertAgree(Heat heat, Naive naive, String member) {
    List<RumorKey> expected = naive.hot(member);
    List<RumorKey> hot = keys(heat.hot(member, ALL));
    assertThat(hot).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(heat.isAnythingHot(member)).isEqualTo(!expected.isEmpty());
    assertThat(keys(heat.hotMembers(member, ALL)))
        .containsExactlyElementsOf(
            hot.stream().filter(key -> key.kind() == RumorKind.MEMBER).toList());
    List<Integer> times = hot.stream().map(key -> naive.times(key, member)).toList();
    assertThat(times).isSortedAccordingTo(Collections.reverseOrder());
    assertThat(heat.hot(member, 3))
        .isEqualTo(heat.hot(member, ALL).subList(0, Math.min(3, hot.size())));
    for (RumorKey key : naive.times.keySet()) {
      assertThat(heat.hot(member, key).isPresent()).isEqualTo(expected.contains(key));
    }
  }
}
