package dev.monarch.butterfly;

import static dev.monarch.butterfly.Given.at;
import static dev.monarch.butterfly.Given.config;
import static dev.monarch.butterfly.Given.file;
import static dev.monarch.butterfly.Given.held;
import static dev.monarch.butterfly.Given.id;
import static dev.monarch.butterfly.Given.member;
import static dev.monarch.butterfly.Given.ping;
import static dev.monarch.butterfly.Given.pingReq;
import static dev.monarch.butterfly.Given.rumor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.TestMember.Sent;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Swim.Ack;
import dev.monarch.wire.Swim.Ping;
import dev.monarch.wire.Swim.ProbePing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a flood of invented news can and cannot do. */
class BoundsTest {
  private static final int LIST_MAX = 16_384;

  /** Tells of members that do not exist, numbered from the first. */
  private static void invent(TestMember me, int first, int count, Health health) {
    for (int n = first; n < first + count; n += 100) {
      List<Membership> news = new ArrayList<>();
      for (int i = n; i < Math.min(n + 100, first + count); i++) {
        news.add(held(i, 0, health));
      }
      me.hears(2, ping(2, 0, news.toArray(Membership[]::new)));
    }
  }

  @Test
  void tenThousandInventedMembersDoNotKeepTheRealOnesFromBeingProbed() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    for (int n = 2; n <= 5; n++) {
      story.extra(n);
      me.hears(n, ping(n));
    }
    story.closeUnknownPorts();
    invent(me, 1000, 10_000, Health.ALIVE);
    me.hears(config("redis.default", 1, "port = 1"));
    me.listenFromHere();

    story.passes(Duration.ofMinutes(10));

    for (int n = 2; n <= 5; n++) {
      List<Sent> pings =
          me.sentTo(n).stream().filter(sent -> sent.message() instanceof Ping).toList();
      assertThat(pings).as("pings to %d", n).hasSizeGreaterThan(4);
      assertThat(me.healthOf(n)).isEqualTo(Health.ALIVE);
      assertThat(me.timesPushed(config("redis.default", 1, "port = 1"), n)).isEqualTo(2);
    }
  }

  @Test
  void aFullListTakesNobodyInOnHearsayButEverybodyWhoIsHeard() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    me.hears(2, ping(2, 0, held(1, 0, Health.ALIVE)));
    invent(me, 1000, LIST_MAX + 500, Health.ALIVE);
    assertThat(me.state().members()).hasSize(LIST_MAX);

    me.hears(rumor(held(500, 0, Health.ALIVE)));
    assertThat(me.held(500)).isEmpty();

    for (int n = 10; n < 40; n++) {
      me.hears(n, ping(n));
      assertThat(me.healthOf(n)).isEqualTo(Health.ALIVE);
    }
    assertThat(me.state().members()).hasSize(LIST_MAX);
    assertThat(me.held(2)).isPresent();
    assertThat(me.held(1)).as("its own entry").isPresent();
  }

  @Test
  void inAFullListTheDeadKnownFromHearsayGoFirst() {
    TestMember me = Story.ofOne();
    me.hears(2, ping(2));
    invent(me, 1000, LIST_MAX - 2, Health.ALIVE);
    me.hears(rumor(held(500, 0, Health.DEPARTED)));

    List<Output> outputs = me.hears(10, ping(10));

    assertThat(me.held(500)).isEmpty();
    assertThat(outputs).contains(new Output.CloseLink(id(500)));
  }

  @Test
  void aFloodOfDeadlyNewsIsAskedAboutWithinLimits() {
    Story story = new Story();
    TestMember me = story.member(1).start();
    invent(me, 1000, 5000, Health.ALIVE);
    me.listenFromHere();

    invent(me, 1000, 5000, Health.CONFIRMED);
    invent(me, 1000, 5000, Health.CONFIRMED);

    assertThat(me.sent().stream().filter(sent -> sent.message() instanceof ProbePing))
        .hasSize(1024);
    story.passes(Duration.ofSeconds(1));
    assertThat(me.state().members().stream().filter(one -> one.health() == Health.CONFIRMED))
        .hasSize(1024);
  }

  @Test
  void aStoreThatIsFullTakesNothingMoreAndStillReplaces() {
    TestMember me = Story.ofOne();
    String large = "x".repeat(1 << 19);
    for (int n = 0; n < 140; n++) {
      me.hears(file("redis.default", "file%03d".formatted(n), 1, large));
    }
    long bytes =
        me.state().serviceFiles().stream()
            .map(ServiceFileRumor::body)
            .mapToLong(b -> b.size())
            .sum();
    assertThat(bytes).isBetween(63L << 20, 64L << 20);
    int count = me.state().serviceFiles().size();

    me.hears(file("redis.default", "file000", 2, "small"));
    assertThat(me.state().serviceFiles().getFirst())
        .isEqualTo(file("redis.default", "file000", 2, "small"));
    me.hears(file("redis.default", "file999", 1, "small"));
    assertThat(me.state().serviceFiles()).hasSize(count + 1);
  }

  @Test
  void aFloodOfRequestsIsRememberedWithinLimits() {
    TestMember me = Story.ofOne();
    me.hears(rumor(held(3, 0, Health.ALIVE)));
    for (int n = 100_000; n < 110_000; n++) {
      me.hears(n, pingReq(n, member(3, 0)));
    }
    me.listenFromHere();
    int passed = 0;
    for (int n = 100_000; n < 110_000; n++) {
      me.hears(3, new Ack(Given.sender(3, 0), Optional.of(member(n, 0)), List.of()));
      passed += me.sentTo(at(n)).size();
      me.listenFromHere();
    }

    assertThat(passed).isEqualTo(Proxied.KEPT_MAX);
  }
}
