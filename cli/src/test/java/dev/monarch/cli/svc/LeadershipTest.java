package dev.monarch.cli.svc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.cli.CommandFailed;
import org.junit.jupiter.api.Test;

class LeadershipTest {
  private static final String LED =
      """
      {"changed":false,"census_groups":{
        "web.default":{"service_group":"web.default","leader_id":null},
        "redis.default":{"leader_id":"b","monarch":{"leadership":{
          "situation":"led","explanation":"b leads in term 3, 2 of 2 alive","leader_id":"b","term":3,
          "since":"2026-01-02T03:04:05Z","alive":2,"counted":2,"needed":2,"waiting_for":[],
          "members":{
            "a":{"address":"10.0.0.1:9638","health":"alive","counted":true,"voted":true},
            "b":{"address":null,"health":null,"counted":false,"voted":false}}}}}},
       "local_member_id":"a"}
      """;

  private static Leadership parse(String census, String group) {
    return Leadership.parse(census.getBytes(UTF_8), group, "http://a:9631");
  }

  @Test
  void whoLeadsIsToldWithEverybodyWhoCouldVote() {
    assertThat(parse(LED, "redis.default").lines("redis.default"))
        .containsExactly(
            "redis.default: b leads in term 3, 2 of 2 alive, since 2026-01-02T03:04:05Z",
            "member                            address                health     vote",
            "a                                 10.0.0.1:9638          alive      yes",
            "b                                 -                      unknown    no, leads");
  }

  @Test
  void whyNobodyLeadsIsTold() {
    String census = LED.replace("\"leader_id\":\"b\"", "\"leader_id\":null");
    assertThat(parse(census, "redis.default").headline("redis.default"))
        .startsWith("redis.default: nobody leads: ");
  }

  @Test
  void theObjectForProgramsIsWhatTheSupervisorSaid() {
    assertThat(parse(LED, "redis.default").json())
        .startsWith("{\"situation\":\"led\",")
        .contains("\"term\":3");
  }

  @Test
  void aGroupThatDoesNotElectAndOneThatNobodyKnowsAreToldApart() {
    assertThatThrownBy(() -> parse(LED, "web.default"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("does not elect");
    assertThatThrownBy(() -> parse(LED, "db.default"))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("No service group db.default is known");
  }

  @Test
  void somethingElseThanACensusIsRefusedInOneLine() {
    for (String text : new String[] {"", "[]", "{}", "{\"census_groups\":3}", "<html>"}) {
      assertThatThrownBy(() -> parse(text, "web.default"))
          .as(text)
          .isInstanceOf(CommandFailed.class)
          .hasMessageContaining("/census");
    }
  }
}
