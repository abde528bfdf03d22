package dev.monarch.supervisor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.butterfly.RingState;
import dev.monarch.butterfly.View;
import dev.monarch.wire.AppliedConfiguration;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Membership;
import dev.monarch.wire.Rumor.DepartureRumor;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionStatus;
import dev.monarch.wire.Rumor.ServiceConfigRumor;
import dev.monarch.wire.Rumor.ServiceFileRumor;
import dev.monarch.wire.Rumor.ServiceRumor;
import dev.monarch.wire.RumorKind;
import dev.monarch.wire.ServiceGroup;
import dev.monarch.wire.SysInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The same facts make the same documents as the original served (captured, see its names). */
class DocumentsTest {
  private static final String ALONE = "9d0f276185de459d96529185cc7ea506";
  private static final String ONE = "ae3438ab31ea49128a8afd8c59750eb1";
  private static final String TWO = "36110d0a28f94060861f574e11683c40";

  private final TomlAsJson toml = new TomlAsJson();

  private static Map<String, Object> captured(String name) throws IOException {
    try (var file = DocumentsTest.class.getResourceAsStream("vectors/" + name + ".json")) {
      return JsonTree.object(
          new String(
              java.util.Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private Map<String, Object> butterfly(View view) {
    return JsonTree.object(text(new ButterflyDocument(toml).of(view)));
  }

  /** Without what stands in it under our own key. */
  private Map<String, Object> census(View view) {
    Map<String, Object> document = JsonTree.object(text(new CensusDocument(toml).of(view, 0)));
    var groups = new TreeMap<String, Object>();
    object(document.get("census_groups"))
        .forEach(
            (name, group) -> {
              var original = new LinkedHashMap<>(object(group));
              original.remove("monarch");
              groups.put(name, original);
            });
    var original = new LinkedHashMap<>(document);
    original.put("census_groups", groups);
    return original;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  private static String text(byte[] document) {
    return new String(document, StandardCharsets.UTF_8);
  }

  private static Member member(String id, String address, boolean persistent) {
    return new Member(id, 0, address, 9638, 9638, persistent, false, false);
  }

  private static ServiceRumor service(
      String id, String address, String group, String pkg, String port, long incarnation) {
    return new ServiceRumor(
        id,
        id,
        new ServiceGroup(group),
        incarnation,
        false,
        pkg,
        Bytes.utf8("port = " + port + "\n"),
        new SysInfo(address, "vm", address, 9638, address, 9631, address, 9632),
        0);
  }

  private static View view(Member self, RingState state, Map<RumorKind, Long> counters) {
    return new View(
        self,
        state,
        counters,
        Map.of(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        Collections.emptySortedMap(),
        false);
  }

  private static View nothing() {
    return view(member(ALONE, "127.0.7.1", false), RingState.EMPTY, Map.of());
  }

  private static View twoServices() {
    ServiceGroup web = new ServiceGroup("web.blue");
    return view(
        member(ALONE, "127.0.7.1", false),
        new RingState(
            List.of(),
            List.of(
                service(ALONE, "127.0.7.1", "db.default", "acme/db/10.1/20260101000000", "5432", 1),
                service(
                    ALONE, "127.0.7.1", "web.blue", "acme/web/1.2.3/20260102030405", "8080", 3)),
            List.of(
                new ServiceConfigRumor(
                    "butterflyclient", web, 3, false, Bytes.utf8("port = 8080\n"))),
            List.of(
                new ServiceFileRumor(
                    "butterflyclient", web, 1, false, "a.txt", Bytes.utf8("hello\n"))),
            List.of(),
            List.of(),
            List.of()),
        Map.of(RumorKind.SERVICE, 4L, RumorKind.SERVICE_CONFIG, 1L, RumorKind.SERVICE_FILE, 1L));
  }

  private static View leader(boolean departed) {
    Member self = member(ONE, "127.0.7.1", true);
    return view(
        self,
        new RingState(
            List.of(
                new Membership(member(TWO, "127.0.7.2", false), Health.ALIVE),
                new Membership(self, Health.ALIVE)),
            List.of(
                service(TWO, "127.0.7.2", "db.default", "acme/db/10.1/20260101000000", "5432", 1),
                service(ONE, "127.0.7.1", "db.default", "acme/db/10.1/20260101000000", "5432", 1)),
            List.of(),
            List.of(),
            List.of(
                new Election(ONE, "db.default", 0, 0, ElectionStatus.FINISHED, List.of(ONE, TWO))),
            List.of(),
            departed ? List.of(new DepartureRumor(ONE, TWO)) : List.of()),
        Map.of(
            RumorKind.MEMBER,
            departed ? 3L : 2L,
            RumorKind.SERVICE,
            2L,
            RumorKind.ELECTION,
            2L,
            RumorKind.DEPARTURE,
            departed ? 1L : 0L));
  }

  @Test
  void nothingKnownLooksAsInTheOriginal() throws Exception {
    assertThat(butterfly(nothing())).isEqualTo(captured("butterfly-none"));
    assertThat(census(nothing())).isEqualTo(captured("census-none"));
  }

  @Test
  void twoServicesWithConfigurationAndAFileLookAsInTheOriginal() throws Exception {
    assertThat(butterfly(twoServices())).isEqualTo(captured("butterfly-two"));
    assertThat(census(twoServices())).isEqualTo(captured("census-two"));
  }

  @Test
  void twoMembersWithALeaderLookAsInTheOriginal() throws Exception {
    assertThat(butterfly(leader(false))).isEqualTo(captured("butterfly-leader"));
    assertThat(census(leader(false))).isEqualTo(captured("census-leader"));
  }

  @Test
  void whoLeadsIsExplainedUnderOurOwnKey() {
    View view = leader(false);
    Object group =
        object(JsonTree.object(text(new CensusDocument(toml).of(view, 0))).get("census_groups"))
            .get("db.default");
    Map<String, Object> leadership = object(object(object(group).get("monarch")).get("leadership"));
    assertThat(leadership)
        .containsEntry("situation", "led")
        .containsKeys("explanation", "leader_id", "term", "members", "waiting_for", "needed");
    assertThat(String.valueOf(leadership.get("explanation"))).contains(" leads in term 0, 2 of 2");
  }

  @Test
  void aDepartureLooksAsInTheOriginal() throws Exception {
    assertThat(butterfly(leader(true))).isEqualTo(captured("butterfly-departed"));
    Map<String, Object> expected = captured("census-departed");
    // Of the pass of the original's loop that noticed it; our documents have no passes.
    expected.put("changed", false);
    assertThat(census(leader(true))).isEqualTo(expected);
  }

  @Test
  void whatBecameOfAConfigurationStandsUnderAKeyOfOurs() {
    ServiceRumor telling =
        service(ALONE, "127.0.7.1", "web.blue", "acme/web/1/2", "1", 1)
            .withApplied(Optional.of(AppliedConfiguration.rejected(-1, "no TOML")));
    RingState state =
        new RingState(
            List.of(), List.of(telling), List.of(), List.of(), List.of(), List.of(), List.of());
    assertThat(
            text(new CensusDocument(toml).of(view(member(ALONE, "", false), state, Map.of()), 0)))
        .contains(
            "\"monarch\":{\"applied_configuration\":{\"version\":18446744073709551615,"
                + "\"outcome\":\"rejected\",\"reason\":\"no TOML\"}}");
  }

  @Test
  void documentsAreCompact() {
    assertThat(text(new ButterflyDocument(toml).of(twoServices()))).doesNotContain("\n", ": ");
  }

  @Test
  void numbersOf64BitsAreUnsigned() {
    Member great = new Member(TWO, -2, "127.0.7.2", 1, 1, false, false, false);
    RingState state =
        new RingState(
            List.of(new Membership(great, Health.ALIVE)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    assertThat(text(new ButterflyDocument(toml).of(view(member(ONE, "", false), state, Map.of()))))
        .contains("\"incarnation\":18446744073709551614");
  }

  @Test
  void configurationOfEveryTomlTypeBecomesJson() {
    String text =
        """
        b = true
        i = 9223372036854775807
        f = 1.5
        nan = nan
        s = "a\\"b"
        when = 1979-05-27T07:32:00Z
        list = [1, [2, "x"], {k = 1}]
        [t.u]
        v = 'w'
        """;
    assertThat(JsonTree.object(toml.convert(Bytes.utf8(text)).orElseThrow()))
        .isEqualTo(
            JsonTree.object(
                """
                {"b":true,"i":9223372036854775807,"f":1.5,"nan":"NaN","s":"a\\"b",
                "when":"1979-05-27T07:32Z","list":[1,[2,"x"],{"k":1}],"t":{"u":{"v":"w"}}}\
                """));
  }

  @Test
  void keysOfConfigurationKeepTheirOrder() {
    assertThat(toml.convert(Bytes.utf8("z = 1\na = 2\nm = 3\n")))
        .contains("{\"z\":1,\"a\":2,\"m\":3}");
  }

  @Test
  void configurationThatIsNotTomlIsNothing() {
    List<String> texts = new ArrayList<>(List.of("= 1", "\u0000", "a = [", "a = 1\na = 2"));
    texts.add("a = " + "[".repeat(100_000) + "]".repeat(100_000));
    texts.add("a" + ".a".repeat(100_000) + " = 1");
    texts.add("#" + "x".repeat(300_000));
    for (String text : texts) {
      assertThat(toml.convert(Bytes.utf8(text))).as("%.40s", text).isEmpty();
    }
  }

  @Test
  void whatIsEncryptedForAGroupStaysOutOfTheCensus() {
    ServiceGroup web = new ServiceGroup("web.blue");
    RingState state =
        new RingState(
            List.of(),
            List.of(service(ALONE, "127.0.7.1", "web.blue", "acme/web", "1", 1)),
            List.of(new ServiceConfigRumor("x", web, 1, true, Bytes.utf8("BOX-1\n…"))),
            List.of(new ServiceFileRumor("x", web, 1, true, "f", Bytes.utf8("BOX-1\n…"))),
            List.of(),
            List.of(),
            List.of());
    assertThat(
            text(new CensusDocument(toml).of(view(member(ALONE, "", false), state, Map.of()), 0)))
        .contains("\"service_config\":null", "\"service_files\":{}", "\"version\":null")
        .doesNotContain("BOX");
  }
}
