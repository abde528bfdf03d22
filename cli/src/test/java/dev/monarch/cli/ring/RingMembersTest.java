package dev.monarch.cli.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.monarch.cli.CommandFailed;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingMembersTest {
  /** In the shape of the captured documents; ids and addresses are made up. */
  private static final String BUTTERFLY =
      """
      {"member":{"members":{},"health":{"x":"Alive"},"update_counter":2},
       "membership":{
        "bb000000000000000000000000000002":{"address":"127.0.0.10","gossip_port":9640,"incarnation":18446744073709551614,"persistent":false,"swim_port":9638,"health":"Confirmed"},
        "aa000000000000000000000000000001":{"address":"127.0.0.9","gossip_port":9638,"incarnation":0,"persistent":true,"swim_port":9638,"health":"Alive","new_field":{"a":[1]}},
        "cc000000000000000000000000000003":{"address":"127.0.0.11","gossip_port":9638,"incarnation":3,"persistent":false,"swim_port":9638,"health":"Suspect"}},
       "service":{"list":{"a.b":{"membership":{"x":1}}}}}
      """;

  private static RingMembers ring(String document) {
    return RingMembers.parse(document.getBytes(UTF_8), "http://test");
  }

  @Test
  void theTableIsInTheOrderOfAddressesAndAligned() {
    assertThat(MemberTable.lines(ring(BUTTERFLY), false))
        .containsExactly(
            "member                            address               health     incarnation        "
                + "   permanent",
            "aa000000000000000000000000000001  127.0.0.9:9638        alive      0                  "
                + "   yes",
            "bb000000000000000000000000000002  127.0.0.10:9638/9640  confirmed "
                + " 18446744073709551614  no",
            "cc000000000000000000000000000003  127.0.0.11:9638       suspect    3                  "
                + "   no");
  }

  @Test
  void coloursChangeNoColumn() {
    List<String> plain = MemberTable.lines(ring(BUTTERFLY), false);
    List<String> coloured = MemberTable.lines(ring(BUTTERFLY), true);
    assertThat(coloured).isNotEqualTo(plain);
    assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9]+m", "")))
        .isEqualTo(plain);
  }

  @Test
  void programsGetAnArray() {
    assertThat(MemberTable.json(ring(BUTTERFLY)).lines().findFirst().orElse(""))
        .isEqualTo(
            "[{\"id\":\"aa000000000000000000000000000001\",\"address\":\"127.0.0.9\",\"swim_port\":9638,\"gossip_port\":9638,\"health\":\"alive\",\"incarnation\":0,\"permanent\":true},");
    assertThat(MemberTable.json(new RingMembers(List.of()))).isEqualTo("[]");
  }

  @Test
  void theSummaryCounts() {
    assertThat(MemberTable.summary(ring(BUTTERFLY)))
        .isEqualTo("3 members: 1 alive, 1 suspect, 1 confirmed");
  }

  @Test
  void aWatcherTellsWhatIsNewChangedAndForgotten() {
    var seen = new WatchCommand.Seen(ring(BUTTERFLY));
    assertThat(seen.next(ring(BUTTERFLY))).isEmpty();
    String later =
        BUTTERFLY
            .replace("\"Suspect\"", "\"Alive\"")
            .replace("\"incarnation\":0", "\"incarnation\":1")
            .replace("bb000000000000000000000000000002", "dd000000000000000000000000000004");
    assertThat(seen.next(ring(later)))
        .containsExactly(
            "aa000000000000000000000000000001 127.0.0.9:9638 alive incarnation=0 -> 1",
            "dd000000000000000000000000000004 127.0.0.10:9638/9640 unknown -> confirmed"
                + " incarnation=18446744073709551614",
            "cc000000000000000000000000000003 127.0.0.11:9638 suspect -> alive incarnation=3",
            "bb000000000000000000000000000002 127.0.0.10:9638/9640 forgotten");
  }

  @Test
  void whatIsNoButterflyDocumentIsToldInALine() {
    for (String document :
        List.of(
            "",
            "[]",
            "{",
            "{}",
            "<html>",
            "{\"membership\":7}",
            "{\"membership\":{\"a\":7}}",
            "{\"membership\":{\"a\":{}}}",
            "{\"membership\":{\"a\":{\"health\":\"Fine\"}}}")) {
      assertThatThrownBy(() -> ring(document))
          .as(document)
          .isInstanceOf(CommandFailed.class)
          .hasMessageStartingWith("The answer of http://test is not a Supervisor's /butterfly")
          .message()
          .doesNotContain("\n");
    }
  }
}
