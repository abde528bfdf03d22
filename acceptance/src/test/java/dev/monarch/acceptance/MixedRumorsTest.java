package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.wire.Bytes;
import dev.monarch.wire.Rumor;
import dev.monarch.wire.SysInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What originals and ours tell each other beside membership. */
class MixedRumorsTest {
  private static final Duration AGREE_WITHIN = Duration.ofSeconds(40);

  /** The specification's three seconds, on a machine that has more to do. */
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(10);

  @RegisterExtension final Stage stage = new Stage();

  private Supervisor original;
  private Supervisor ours;

  @BeforeEach
  void aMixedRingOfTwo() {
    original = stage.original("original").permanent().up();
    ours = stage.ours("ours").peer(original).up();
    Rings.awaitAgreement(List.of(original, ours), "Alive", AGREE_WITHIN);
  }

  @Test
  @Check({"butterfly-45", "butterfly-52"})
  void configurationFilesAndServicesTravelBothWays() throws IOException {
    Path file = Files.writeString(stage.directory().resolve("web.toml"), "port = 7\n");
    must(
        original.hab(
            "config", "apply", "--remote-sup", original.address(), "web.default", "7", "" + file));
    must(
        original.hab(
            "file", "upload", "--remote-sup", original.address(), "web.default", "3", "" + file));
    Rings.awaitIncarnation(ours, "service_config", "web.default", "service_config", 7, TOLD_WITHIN);
    Rings.awaitIncarnation(ours, "service_file", "web.default", "web.toml", 3, TOLD_WITHIN);
    Json told = ours.gateway().butterfly();
    assertThat(told.text("service_config", "list", "web.default", "service_config", "from_id"))
        .isEqualTo("butterflyclient");
    assertThat(told.at("service_config", "list", "web.default", "service_config", "config"))
        .isEqualTo(
            original
                .gateway()
                .butterfly()
                .at("service_config", "list", "web.default", "service_config", "config"));

    Stranger.push(ours, Stranger.config("back.default", 5, "port = 1\n"));
    Rings.awaitIncarnation(
        original, "service_config", "back.default", "service_config", 5, TOLD_WITHIN);
    Stranger.push(ours, service("api.default", original.memberId(), 4));
    Rings.awaitIncarnation(original, "service", "api.default", original.memberId(), 4, TOLD_WITHIN);
    Stranger.push(original, service("db.default", ours.memberId(), 9));
    Rings.awaitIncarnation(ours, "service", "db.default", ours.memberId(), 9, TOLD_WITHIN);
    for (String group : List.of("api.default", "db.default")) {
      assertThat(ours.gateway().butterfly().at("service", "list", group))
          .as("the same %s on both sides", group)
          .isEqualTo(original.gateway().butterfly().at("service", "list", group));
    }
    original.assertUnharmed();
    ours.assertUnharmed();
  }

  @Test
  @Check({"butterfly-45", "butterfly-55"})
  void aServiceOfTheOriginalElectsItsLeaderWithOursListening() throws IOException {
    SyntheticPackage.install(original, "db");
    must(
        original.hab(
            "svc", "load", "acme/db", "--topology", "leader", "--remote-sup", original.address()));
    String leader = original.memberId();
    Waiting.until(
        "the election is finished on both sides",
        Duration.ofSeconds(40),
        () -> {
          Optional<Json> there = election(original);
          Optional<Json> here = election(ours);
          boolean finished =
              there.equals(here)
                  && here.isPresent()
                  && here.get().text("status").equals("Finished")
                  && here.get().text("member_id").equals(leader);
          return new Waiting.Look(finished, "original: " + there + ", ours: " + here);
        });
    assertThat(ours.gateway().butterfly().at("service", "list", "db.default", leader)).isPresent();
    original.assertUnharmed();
    ours.assertUnharmed();
  }

  private static Optional<Json> election(Supervisor member) {
    return member.gateway().butterfly().at("election", "list", "db.default", "election");
  }

  @Test
  @Check({"supervisor-101", "butterfly-50"})
  void aDepartedOneOfOursEndsWith86AndStaysAway() throws IOException {
    Supervisor third = stage.ours("third").peer(original).up();
    Rings.awaitAgreement(List.of(original, ours, third), "Alive", AGREE_WITHIN);

    must(original.hab("sup", "depart", ours.memberId(), "--remote-sup", original.address()));
    assertThat(ours.awaitExit(Duration.ofSeconds(20))).isEqualTo(86);
    Rings.awaitSeen(List.of(third), List.of(ours), "Departed", Duration.ofSeconds(20));
    ours.launch();
    assertThat(ours.awaitExit(Duration.ofSeconds(30))).as(ours.tail()).isEqualTo(86);
    assertThat(ours.console()).contains("MEMBER_ID");
    assertThat(original.isRunning()).isTrue();
    assertThat(third.isRunning()).isTrue();

    Files.delete(ours.file("MEMBER_ID"));
    Stage.delete(ours.file("data"));
    ours.up();
    Rings.awaitAgreement(List.of(original, ours, third), "Alive", AGREE_WITHIN);
    original.assertUnharmed();
  }

  @Test
  @Check("butterfly-49")
  void aDepartureInjectedAtOursEndsTheOriginal() throws IOException {
    Supervisor third = stage.ours("third").peer(original).up();
    Rings.awaitAgreement(List.of(original, ours, third), "Alive", AGREE_WITHIN);

    Stranger.push(ours, new Rumor.DepartureRumor("butterflyclient", original.memberId()));
    assertThat(original.awaitExit(Duration.ofSeconds(30))).isEqualTo(86);
    Rings.awaitSeen(List.of(ours, third), List.of(original), "Departed", Duration.ofSeconds(20));
  }

  @Test
  @Check("butterfly-68")
  void eachStartsFromTheOthersRumorFile() throws IOException {
    Stranger.push(ours, Stranger.config("kept.default", 3, "port = 1\n"));
    for (Supervisor each : List.of(original, ours)) {
      Rings.awaitIncarnation(
          each, "service_config", "kept.default", "service_config", 3, TOLD_WITHIN);
    }
    String originalId = original.memberId();
    String ourId = ours.memberId();
    assertThat(ours.stop()).isZero();
    assertThat(original.stop()).isZero();

    Supervisor heir = stage.original("heir");
    inherit(ours, heir);
    heir.up();
    assertThat(heir.memberId()).isEqualTo(ourId);
    awaitMemory(heir, originalId);
    heir.assertUnharmed();
    heir.kill();

    Supervisor ourHeir = stage.ours("ourHeir");
    inherit(original, ourHeir);
    ourHeir.up();
    assertThat(ourHeir.memberId()).isEqualTo(originalId);
    awaitMemory(ourHeir, ourId);
  }

  private static void awaitMemory(Supervisor heir, String other) {
    Rings.awaitIncarnation(
        heir, "service_config", "kept.default", "service_config", 3, Duration.ofSeconds(20));
    assertThat(heir.gateway().members()).containsKey(other);
  }

  private static void inherit(Supervisor from, Supervisor to) throws IOException {
    Files.createDirectories(to.file("data"));
    for (String file :
        List.of("MEMBER_ID", "data/INCARNATION", "data/" + from.memberId() + ".rst")) {
      Files.copy(from.file(file), to.file(file), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void must(Command.Ending ending) {
    assertThat(ending.exit()).as(ending.output()).isZero();
  }

  private static Rumor service(String group, String owner, long incarnation) {
    return new Rumor.ServiceRumor(
        owner,
        owner,
        Stranger.group(group),
        incarnation,
        false,
        "acme/api/1.0/20260101000000",
        Bytes.utf8("port = 1\n"),
        new SysInfo("127.0.0.9", "host", "127.0.0.9", 9638, "127.0.0.9", 9631, "127.0.0.9", 9632),
        2);
  }
}
