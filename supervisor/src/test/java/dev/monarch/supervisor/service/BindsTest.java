package dev.monarch.supervisor.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.census.Census;
import dev.monarch.butterfly.census.CensusGroup;
import dev.monarch.butterfly.census.CensusMember;
import dev.monarch.butterfly.census.CensusMember.Role;
import dev.monarch.butterfly.census.ElectionState;
import dev.monarch.checks.Check;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import dev.monarch.wire.control.ServiceBind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class BindsTest {
  private static final ServiceGroup PG = new ServiceGroup("pg.default");
  private static final List<ServiceBind> TO_PG = List.of(new ServiceBind("db", PG));

  /** Exports are written as names in these tests, parted by spaces. */
  private static Set<String> names(Bytes cfg) {
    return new TreeSet<>(List.of(cfg.toUtf8().split(" ", -1)));
  }

  private static CensusMember member(String id, String exports, Health health) {
    return new CensusMember(
        id,
        PG,
        "acme/pg/1/1",
        0,
        Bytes.of(exports.getBytes(StandardCharsets.UTF_8)),
        new SysInfo("10.0.0.1", "h", "10.0.0.1", 9638, "10.0.0.1", 9631, "10.0.0.1", 9632),
        true,
        Role.NONE,
        Role.NONE,
        Optional.of(health),
        Optional.empty());
  }

  private static Census census(Optional<String> leader, CensusMember... members) {
    var population = new TreeMap<String, CensusMember>();
    for (CensusMember member : members) {
      population.put(member.memberId(), member);
    }
    var group =
        new CensusGroup(
            PG,
            ElectionState.NONE,
            leader,
            ElectionState.NONE,
            Optional.empty(),
            0,
            Optional.empty(),
            new TreeMap<>(),
            population);
    return new Census("me", new TreeMap<>(Map.of(PG.text(), group)), Map.of());
  }

  private static Function<String, Optional<CensusGroup>> group(Census census) {
    return name -> Optional.ofNullable(census.groups().get(name));
  }

  private static BindJudgement judge(Census census) {
    var binds = new Binds(TO_PG, Map.of("db", List.of("port", "host")), BindsTest::names);
    return binds.judge(group(census)).getFirst();
  }

  @Test
  void aGroupNobodyToldOfIsNotPresent() {
    assertThat(judge(new Census("me", new TreeMap<>(), Map.of())))
        .isEqualTo(
            new BindJudgement(
                "db",
                false,
                "The specified service group 'pg.default' for binding 'db' is not (yet?) present in"
                    + " the census data."));
  }

  @Test
  void aGroupOfTheDeadHasNoActiveMembers() {
    assertThat(
            judge(
                census(
                    Optional.empty(),
                    member("a", "host port", Health.CONFIRMED),
                    member("b", "host port", Health.DEPARTED))))
        .isEqualTo(
            new BindJudgement(
                "db",
                false,
                "The specified service group 'pg.default' for binding 'db' is present in the"
                    + " census, but currently has no active members."));
  }

  @Test
  @Check("supervisor-67")
  void aMissingExportIsNamed() {
    assertThat(judge(census(Optional.empty(), member("a", "host user", Health.ALIVE))))
        .isEqualTo(
            new BindJudgement(
                "db",
                false,
                "The group 'pg.default' cannot satisfy the `db` bind because it does not export the"
                    + " following required fields: {\"port\"}"));
  }

  @Test
  void aSuspectWithAllExportsSatisfies() {
    assertThat(judge(census(Optional.empty(), member("a", "host port more", Health.SUSPECT))))
        .isEqualTo(new BindJudgement("db", true, "The group 'pg.default' satisfies the `db` bind"));
  }

  @Test
  void theLeaderSpeaksForItsGroupAndElseTheFirstThatIsActive() {
    CensusMember dead = member("a", "host port", Health.CONFIRMED);
    CensusMember first = member("b", "host", Health.ALIVE);
    CensusMember second = member("c", "host port", Health.ALIVE);

    assertThat(judge(census(Optional.empty(), dead, first, second)).satisfied()).isFalse();
    assertThat(judge(census(Optional.of("c"), dead, first, second)).satisfied()).isTrue();
  }

  @Test
  void anOptionalBindThatRequiresNothingNeedsAMemberOnly() {
    var binds = new Binds(TO_PG, Map.of(), BindsTest::names);

    assertThat(binds.judge(group(census(Optional.empty(), member("a", "", Health.ALIVE)))))
        .allMatch(BindJudgement::satisfied);
  }
}
