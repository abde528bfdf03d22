package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a Supervisor says when it cannot start, and what it does with what it finds on disk. */
class StartFaultsTest {
  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(90);

  private static final Duration SOON = Duration.ofSeconds(90);

  @RegisterExtension final Stage stage = new Stage();

  @Test
  @Check({"supervisor-1", "supervisor-4", "supervisor-7", "supervisor-9"})
  void anEmptyTreeIsFurnishedAndKeptAcrossRestarts() throws IOException {
    Supervisor member = stage.ours("member");
    Files.createDirectories(member.file("data"));
    Files.writeString(member.file("data/x.tmp"), "left behind");
    member.up();
    String id = Files.readString(member.file("MEMBER_ID"));
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(member.file("CTL_SECRET"))))
        .isEqualTo("rw-------");
    assertThat(Files.readString(member.file("LOCK"))).isEqualTo("" + member.process().pid());
    assertThat(member.file("data/x.tmp")).doesNotExist();

    assertThat(member.stop()).isZero();
    member.up();
    assertThat(Files.readString(member.file("MEMBER_ID"))).isEqualTo(id);
  }

  @Test
  @Check("supervisor-2")
  void aSecondSupervisorOnATreeIsTurnedAwayAndTheFirstIsUnharmed() {
    Supervisor first = stage.ours("first").up();
    Supervisor second = stage.ours("second").on(first.root());
    second.launch();
    String said = refusal(second);
    assertThat(said).contains("LOCK").contains("" + first.process().pid());
    assertThat(first.isRunning()).isTrue();
    assertThat(first.gateway().answers()).isTrue();
  }

  @Test
  @Check("supervisor-3")
  void aStaleLockIsTakenOver() throws IOException {
    Supervisor member = stage.ours("member");
    Files.createDirectories(member.file("data"));
    Files.writeString(member.file("LOCK"), "1");
    member.up();
    assertThat(Files.readString(member.file("LOCK"))).isEqualTo("" + member.process().pid());
  }

  @Test
  @Check("supervisor-8")
  void takenPortsAreNamed() throws IOException {
    Supervisor udp = stage.ours("udp");
    Supervisor tcp = stage.ours("tcp");
    Supervisor http = stage.ours("http");
    try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(udp.address(), 9638));
        ServerSocket gossip = new ServerSocket(9638, 1, InetAddress.getByName(tcp.address()));
        ServerSocket gateway = new ServerSocket(9631, 1, InetAddress.getByName(http.address()))) {
      assertThat(taken.isBound() && gossip.isBound() && gateway.isBound()).isTrue();
      udp.launch();
      tcp.launch();
      http.launch();
      assertThat(refusal(udp)).contains(udp.address() + ":9638");
      assertThat(refusal(tcp)).contains(tcp.address() + ":9638");
      assertThat(refusal(http)).contains(http.address() + ":9631");
    }
    udp.up();
  }

  @Test
  void badKeysAreNamedAndNotShown() throws IOException {
    Supervisor missing = stage.ours("missing").with("--ring", "acme").launch();
    Supervisor malformed =
        stage.ours("malformed").withEnvironment("HAB_RING_KEY", "SYM-SEC-1\nacme\n\nc2VjcmV0");
    malformed.launch();
    Supervisor unreadable = stage.ours("unreadable").with("--ring", "acme");
    Path keys = Files.createDirectories(unreadable.root().resolve("keys"));
    Files.createDirectories(keys.resolve("acme-20260102030405.sym.key"));
    unreadable.with("--cache-key-path", keys.toString()).launch();
    Supervisor broken = stage.ours("broken").with("--ring", "acme");
    Path brokenKeys = Files.createDirectories(broken.root().resolve("keys"));
    Files.writeString(brokenKeys.resolve("acme-20260102030405.sym.key"), "not a key\n");
    broken.with("--cache-key-path", brokenKeys.toString()).launch();

    assertThat(refusal(missing)).contains("acme");
    assertThat(refusal(malformed)).contains("HAB_RING_KEY").doesNotContain("c2VjcmV0");
    assertThat(refusal(unreadable)).contains(keys.toString());
    assertThat(refusal(broken)).contains("acme-20260102030405.sym.key");
  }

  @Test
  void aPeerThatDoesNotResolveIsNamed() {
    // Two dots in a row: no name server has to be asked for this.
    Supervisor member = stage.ours("member").with("--peer", "no..such..host").launch();
    assertThat(refusal(member)).contains("no..such..host");
  }

  @Test
  void aForeignRumorFileIsNamedAndLeftAlone() throws IOException {
    Supervisor member = stage.ours("member").up();
    Path file = member.rumorFile();
    assertThat(member.stop()).isZero();
    byte[] foreign = "\u007fELF and so on, surely nothing of ours".getBytes(StandardCharsets.UTF_8);
    Files.write(file, foreign);

    member.launch();
    assertThat(refusal(member)).contains(file.getFileName().toString());
    assertThat(Files.readAllBytes(file)).isEqualTo(foreign);
  }

  @Test
  @Check("butterfly-70")
  void aTruncatedRumorFileGivesWhatIsReadable() throws IOException {
    Supervisor member = stage.ours("member").permanent().up();
    Supervisor other = stage.ours("other").peer(member).up();
    Rings.awaitAgreement(List.of(member, other), "Alive", SOON);
    // Written after the members, so what is cut off is this.
    Stranger.push(member, Stranger.config("cut.default", 1, "x = 1"));
    Rings.awaitIncarnation(member, "service_config", "cut.default", "service_config", 1, SOON);
    Path file = member.rumorFile();
    String otherId = other.memberId();
    other.kill();
    assertThat(member.stop()).isZero();
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 5));

    member.up();
    assertThat(member.gateway().members()).containsKey(otherId);
    assertThat(member.gateway().butterfly().at("service_config", "list", "cut.default")).isEmpty();
  }

  @Test
  void aFullDiskIsToldAtStartAndSurvivedLater() throws IOException {
    Machine.needsRoot("mounting small disks");
    Supervisor member = stage.ours("member");
    Supervisor late = stage.ours("late").withEnvironment("HAB_PERSIST_LOOP_PERIOD_SECS", "1");
    Disk full = stage.closing(new Disk(member.root().resolve("hab")));
    Disk filling = stage.closing(new Disk(late.root().resolve("hab")));

    full.fill();
    member.launch();
    assertThat(refusal(member)).contains(member.root().resolve("hab").toString());

    late.up();
    filling.fill();
    Supervisor other = stage.ours("other").peer(late).up();
    Rings.awaitAgreement(List.of(late, other), "Alive", SOON);
    Waiting.until(
        "the trouble is told",
        SOON,
        () -> new Waiting.Look(late.console().contains("warning"), late.tail()));
    assertThat(late.isRunning()).isTrue();
    filling.free();
    String id = late.memberId();
    Waiting.until(
        "the rumor file is written again",
        SOON,
        () -> {
          try {
            long size = Files.size(late.file("data/" + id + ".rst"));
            return new Waiting.Look(size > 65, size + " bytes");
          } catch (IOException e) {
            return new Waiting.Look(false, e.toString());
          }
        });
    assertThat(late.stop()).isZero();
  }

  @Test
  void aReadOnlyDiskIsToldAtStart() {
    Machine.needsRoot("mounting small disks");
    Supervisor member = stage.ours("member");
    Disk disk = stage.closing(new Disk(member.root().resolve("hab")));
    disk.makeReadOnly();
    member.launch();
    assertThat(refusal(member)).containsIgnoringCase("read-only").contains("hab/launcher");
  }

  /** It ends as a failed start does, with one line that says why; returns that line. */
  private static String refusal(Supervisor member) {
    int exit = member.awaitExit(REFUSED_WITHIN);
    String console = member.console();
    assertThat(exit).as(console).isIn(86, 2);
    assertThat(console).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(console.lines().filter(line -> line.startsWith("error:")).toList())
        .as(console)
        .hasSize(1);
    return console.lines().filter(line -> line.startsWith("error:")).findFirst().orElseThrow();
  }
}
