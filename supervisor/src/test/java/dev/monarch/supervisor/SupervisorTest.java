package dev.monarch.supervisor;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import dev.monarch.crypto.KeyCache;
import dev.monarch.crypto.RingKey;
import dev.monarch.ring.Ring;
import dev.monarch.ring.RingConfig;
import dev.monarch.supervisor.config.SupervisorOption;
import dev.monarch.supervisor.config.SupervisorOptions;
import dev.monarch.supervisor.http.JsonTree;
import dev.monarch.wire.Health;
import dev.monarch.wire.Membership;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tomlj.Toml;

@Timeout(300)
class SupervisorTest {
  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  private RunningSupervisor start(String name, UnaryOperator<SupervisorOptions.Builder> options) {
    return start(name, Map.of(), options);
  }

  private RunningSupervisor start(
      String name,
      Map<String, String> environment,
      UnaryOperator<SupervisorOptions.Builder> options) {
    return opened(RunningSupervisor.start(directory.resolve(name), environment, options));
  }

  private RunningSupervisor start(String name) {
    return start(name, options -> options);
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private static Optional<Health> health(Ring ring, String memberId) {
    return ring.view().state().members().stream()
        .filter(known -> known.member().id().equals(memberId))
        .map(Membership::health)
        .findFirst();
  }

  private static String mode(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  // Files and locking

  @Test
  @Check("supervisor-1")
  void anEmptyTreeIsFilled() throws Exception {
    RunningSupervisor one = start("one").awaitUp();
    assertThat(Files.readString(one.layout().memberId())).matches("[0-9a-f]{32}");
    assertThat(Files.readString(one.layout().lock()))
        .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    assertThat(mode(one.layout().controlSecret())).isEqualTo("rw-------");
    assertThat(Base64.getDecoder().decode(Files.readString(one.layout().controlSecret())))
        .hasSize(64);
    assertThat(one.layout().specs()).isDirectory();
    assertThat(mode(one.layout().data().resolve("INCARNATION"))).isEqualTo("rw-------");
    assertThat(one.layout().data().resolve(one.memberId() + ".rst")).exists();
    assertThat(directory.resolve("one/hab/sup/default")).isEqualTo(one.layout().supervisor());
  }

  @Test
  @Check("supervisor-2")
  void aSecondSupervisorOnATreeEndsAndTheFirstIsUnharmed() throws Exception {
    RunningSupervisor first = start("one").awaitUp();
    RunningSupervisor second = start("one");
    assertThat(second.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(second.err().lines())
        .singleElement()
        .asString()
        .contains(first.layout().lock().toString(), "hab sup term", "FS_ROOT");
    assertThat(first.get("/services").statusCode()).isEqualTo(200);
    assertThat(Files.readString(first.layout().lock()))
        .isEqualTo(Long.toString(ProcessHandle.current().pid()));
  }

  @Test
  @Check("supervisor-3")
  void aStaleLockIsTakenOver() throws Exception {
    Path lock = directory.resolve("one/hab/sup/default/LOCK");
    Files.createDirectories(lock.getParent());
    Files.writeString(lock, "1234567890");
    start("one").awaitUp();
    assertThat(Files.readString(lock)).isEqualTo(Long.toString(ProcessHandle.current().pid()));
  }

  @Test
  @Check("supervisor-4")
  void leftoversAreTidiedUp() throws Exception {
    Path data = directory.resolve("one/hab/sup/default/data");
    Files.createDirectories(data);
    Files.writeString(data.resolve("x.tmp"), "");
    Files.writeString(data.resolve("web.health"), "");
    Files.writeString(data.resolve("kept"), "");
    start("one").awaitUp();
    assertThat(data.resolve("x.tmp")).doesNotExist();
    assertThat(data.resolve("web.health")).doesNotExist();
    assertThat(data.resolve("kept")).exists();
  }

  @Test
  @Check("supervisor-8")
  void anHttpPortThatIsTakenEndsTheStart() throws Exception {
    String address = RunningSupervisor.anAddress();
    try (ServerSocket _ = new ServerSocket(9631, 1, InetAddress.getByName(address))) {
      RunningSupervisor one =
          opened(
              RunningSupervisor.start(
                  directory.resolve("one"), address, Map.of(), options -> options));
      assertThat(one.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
      assertThat(one.err().lines())
          .singleElement()
          .asString()
          .contains("bind", address + ":9631", "--listen-http");
    }
  }

  @Test
  void aGossipPortThatIsTakenEndsTheStart() throws Exception {
    String address = RunningSupervisor.anAddress();
    try (ServerSocket _ = new ServerSocket(9638, 1, InetAddress.getByName(address))) {
      RunningSupervisor one =
          opened(
              RunningSupervisor.start(
                  directory.resolve("one"), address, Map.of(), options -> options));
      assertThat(one.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
      assertThat(one.err().lines()).singleElement().asString().contains(address + ":9638");
    }
  }

  @Test
  @Check("supervisor-9")
  void aRestartOfTheTreeKeepsTheMemberId() {
    RunningSupervisor first = start("one").awaitUp();
    String id = first.memberId();
    assertThat(first.stop()).isZero();
    assertThat(start("one").memberId()).isEqualTo(id);
  }

  @Test
  void aTreeThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    RunningSupervisor one = start(file.getFileName().toString());
    assertThat(one.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(one.err().lines()).singleElement().asString().contains(file.toString(), "FS_ROOT");
  }

  @Test
  void aDamagedRumorFileEndsTheStart() throws Exception {
    RunningSupervisor first = start("one").awaitUp();
    Path rumors = first.layout().data().resolve(first.memberId() + ".rst");
    first.stop();
    Files.write(rumors, new byte[] {9, 9, 9});
    RunningSupervisor second = start("one");
    assertThat(second.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(second.err().lines()).singleElement().asString().contains(rumors.toString());
  }

  // What it says

  @Test
  void theConsoleTellsTheStartAndTheEndInTheOriginalsOrder() {
    RunningSupervisor one = start("one").awaitUp();
    String id = one.memberId();
    assertThat(one.stop()).isZero();
    assertThat(one.lines())
        .containsExactly(
            "hab-sup(MR): " + Product.banner(),
            "hab-sup(MR): Supervisor Member-ID " + id,
            "hab-sup(MR): Starting gossip-listener on " + one.address() + ":9638",
            "hab-sup(MR): Starting ctl-gateway on " + one.address() + ":9632",
            "hab-sup(MR): Starting http-gateway on " + one.address() + ":9631",
            "hab-sup(MR): Gracefully departing from butterfly network.");
    assertThat(one.err()).isEmpty();
  }

  @Test
  @Check("supervisor-105")
  void jsonLoggingMakesEveryLineAnObject() {
    RunningSupervisor one =
        start(
            "one",
            Map.of("HAB_RUMOR_SHARE_LIMIT", "x"),
            options -> options.give(SupervisorOption.JSON_LOGGING));
    one.awaitUp();
    one.stop();
    assertThat(one.lines())
        .hasSizeGreaterThan(4)
        .allSatisfy(
            line ->
                assertThat(JsonTree.object(line))
                    .containsOnlyKeys("preamble", "logkey", "content"));
  }

  @Test
  @Check("supervisor-106")
  void verboseLinesSayWhereTheyComeFrom() {
    RunningSupervisor one = start("one", options -> options.give(SupervisorOption.VERBOSE));
    one.awaitUp();
    one.stop();
    assertThat(one.lines())
        .hasSize(6)
        .allSatisfy(
            line -> assertThat(line).matches("hab-sup\\(MR\\)\\[\\w+\\.java:\\d+:\\d+\\]: .+"));
  }

  @Test
  @Check("supervisor-87")
  void aGeneratedConfigurationStartsNothing() {
    RunningSupervisor one = start("one", options -> options.give(SupervisorOption.GENERATE_CONFIG));
    assertThat(one.awaitExit()).isZero();
    assertThat(one.out()).contains("###  The listen address for the Gossip Gateway.");
    assertThat(Toml.parse(one.out()).errors()).isEmpty();
    assertThat(directory.resolve("one")).doesNotExist();
  }

  @Test
  @Check("supervisor-88")
  void aConfigurationFileIsHeardAndAFlagIsHeardMore() throws Exception {
    Path file = directory.resolve("one/hab/sup/default/config/sup.toml");
    Files.createDirectories(file.getParent());
    String address = RunningSupervisor.anAddress();
    Files.writeString(file, "listen_http = \"%s:9000\"".formatted(address));
    UnaryOperator<SupervisorOptions.Builder> gossip =
        options ->
            options
                .give(SupervisorOption.LISTEN_GOSSIP, address)
                .give(SupervisorOption.LISTEN_CTL, address);
    RunningSupervisor filed =
        opened(RunningSupervisor.startWith(directory.resolve("one"), Map.of(), gossip));
    filed.awaitLine("Starting http-gateway on " + address + ":9000");
    filed.stop();
    RunningSupervisor flagged =
        opened(
            RunningSupervisor.startWith(
                directory.resolve("one"),
                Map.of(),
                options ->
                    gossip.apply(options).give(SupervisorOption.LISTEN_HTTP, address + ":9001")));
    flagged.awaitLine("Starting http-gateway on " + address + ":9001");
  }

  @Test
  void aWrongOptionIsAUsageErrorAndTouchesNothing() {
    RunningSupervisor one = start("one", options -> options.give(SupervisorOption.AUTO_UPDATE));
    assertThat(one.awaitExit()).isEqualTo(Supervisor.EXIT_USAGE);
    assertThat(one.err().lines()).singleElement().asString().contains("--auto-update", "updates");
    assertThat(directory.resolve("one")).doesNotExist();
  }

  @Test
  @Check("supervisor-97")
  void nobodyToTerminateIsNoFailure() throws Exception {
    var out = new ByteArrayOutputStream();
    var term =
        new SupervisorTerm(
            new Surroundings(
                Map.of("FS_ROOT", directory.toString()),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                false));
    assertThat(term.run()).isZero();
    Path lock = directory.resolve("hab/sup/default/LOCK");
    Files.createDirectories(lock.getParent());
    Files.writeString(lock, "1");
    assertThat(term.run()).as("a stale lock").isZero();
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("No Supervisor is running"));
  }

  // Gateway

  @Test
  void theDocumentsAreServed() {
    RunningSupervisor one = start("one").awaitUp();
    assertThat(one.get("/services").body()).isEqualTo("[]");
    assertThat(JsonTree.object(one.get("/census").body()))
        .containsEntry("local_member_id", one.memberId())
        .containsKeys("changed", "census_groups", "last_membership_counter");
    assertThat(JsonTree.object(one.get("/butterfly").body()))
        .containsOnlyKeys(
            "member",
            "membership",
            "service",
            "services",
            "service_config",
            "latest_service_config",
            "service_file",
            "service_files",
            "election",
            "latest_election",
            "election_update",
            "latest_election_update",
            "departure",
            "departed_members");
    assertThat(one.get("/metrics").body())
        .contains("# TYPE hab_butterfly_incarnation_number gauge");
  }

  @Test
  @Check("supervisor-77")
  void tokenAndRedactionAreHeard() {
    RunningSupervisor redacted =
        start("redacted", Map.of("HAB_FEAT_REDACT_HTTP", "1"), options -> options).awaitUp();
    assertThat(redacted.get("/butterfly").statusCode()).isEqualTo(404);
    RunningSupervisor guarded =
        start("guarded", Map.of("HAB_SUP_GATEWAY_AUTH_TOKEN", "t"), options -> options).awaitUp();
    assertThat(guarded.get("/services").statusCode()).isEqualTo(401);
  }

  @Test
  @Check("supervisor-78")
  void withoutAGatewayNobodyListens() throws Exception {
    RunningSupervisor one = start("one", options -> options.give(SupervisorOption.HTTP_DISABLE));
    one.awaitLine("Starting gossip-listener");
    try (ServerSocket free = new ServerSocket(9631, 1, InetAddress.getByName(one.address()))) {
      assertThat(free.isBound()).isTrue();
    }
    assertThat(one.stop()).isZero();
    assertThat(one.out()).doesNotContain("http-gateway");
  }

  // Ring

  @Test
  @Check("supervisor-98")
  void twoSupervisorsJoin() {
    RunningSupervisor one = start("one").awaitUp();
    RunningSupervisor two =
        start("two", options -> options.give(SupervisorOption.PEER, one.address())).awaitUp();
    eventually(() -> one.healthOf(two.memberId()), "Alive"::equals);
    eventually(() -> two.healthOf(one.memberId()), "Alive"::equals);
  }

  @Test
  @Check("supervisor-99")
  void aPeerWatchFileThatGetsALineLaterIsHeard() throws Exception {
    RunningSupervisor one = start("one").awaitUp();
    Path file = Files.writeString(directory.resolve("peers"), "");
    RunningSupervisor two =
        start("two", options -> options.give(SupervisorOption.PEER_WATCH_FILE, file.toString()))
            .awaitUp();
    assertThat(two.healthOf(one.memberId())).isEmpty();
    Files.writeString(file, one.address() + "\n");
    eventually(() -> two.healthOf(one.memberId()), "Alive"::equals);
  }

  @Test
  @Check("supervisor-100")
  void onlyMembersWithTheRingsKeyJoin() throws Exception {
    RingKey key = RingKey.generate("demo", Instant.now(), new SecureRandom());
    Path keys = directory.resolve("keys");
    new KeyCache(keys).write(key);
    RunningSupervisor one =
        start(
                "one",
                Map.of("HAB_CACHE_KEY_PATH", keys.toString(), "HAB_RING", "demo"),
                options -> options)
            .awaitUp();
    RunningSupervisor clear =
        start("clear", options -> options.give(SupervisorOption.PEER, one.address())).awaitUp();
    RunningSupervisor two =
        start(
                "two",
                Map.of(
                    "HAB_RING_KEY", key.text(),
                    "HAB_CACHE_KEY_PATH", directory.resolve("other-keys").toString()),
                options -> options.give(SupervisorOption.PEER, one.address()))
            .awaitUp();
    eventually(() -> one.healthOf(two.memberId()), "Alive"::equals);
    eventually(() -> two.healthOf(one.memberId()), "Alive"::equals);
    assertThat(one.healthOf(clear.memberId())).isEmpty();
    assertThat(clear.healthOf(one.memberId())).isEmpty();
    assertThat(directory.resolve("other-keys").resolve(key.fileName())).exists();
  }

  @Test
  void aKeyThatIsMissingOrMalformedEndsTheStart() {
    RunningSupervisor missing =
        start(
            "missing",
            options ->
                options
                    .give(SupervisorOption.RING, "nobodys")
                    .give(SupervisorOption.CACHE_KEY_PATH, directory.toString()));
    assertThat(missing.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(missing.err().lines()).singleElement().asString().contains("nobodys");
    RunningSupervisor malformed =
        start("malformed", Map.of("HAB_RING_KEY", "SYM-SEC-1\nx\n"), options -> options);
    assertThat(malformed.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(malformed.err().lines()).hasSize(1);
  }

  @Test
  @Check({"supervisor-101", "butterfly-50"})
  void aDepartedSupervisorEndsAndStaysDownUntilItsIdentityIsRemoved() throws Exception {
    RunningSupervisor one = start("one").awaitUp();
    String id = one.memberId();
    Ring peer =
        opened(
            Ring.start(
                RingConfig.in(directory.resolve("peer"))
                    .withListen(
                        new InetSocketAddress(
                            InetAddress.getByName(RunningSupervisor.anAddress()), 0))
                    .withPeers(List.of(one.address()))));
    eventually(() -> health(peer, id), Optional.of(Health.ALIVE)::equals);
    peer.depart(id);
    assertThat(one.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);
    assertThat(one.out()).contains("rm -rf " + one.layout().memberId() + " " + one.layout().data());

    RunningSupervisor again =
        opened(
            RunningSupervisor.start(
                directory.resolve("one"), one.address(), Map.of(), options -> options));
    assertThat(again.awaitExit()).isEqualTo(Supervisor.EXIT_FAILED);

    Files.delete(one.layout().memberId());
    try (var files = Files.list(one.layout().data())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    RunningSupervisor fresh =
        opened(
            RunningSupervisor.start(
                directory.resolve("one"), one.address(), Map.of(), options -> options));
    assertThat(fresh.memberId()).isNotEqualTo(id);
    assertThat(fresh.stop()).isZero();
  }

  @Test
  @Check("supervisor-102")
  void aStopIsToldToTheOthersAtOnce() throws Exception {
    RunningSupervisor one = start("one").awaitUp();
    RunningSupervisor two =
        start("two", options -> options.give(SupervisorOption.PEER, one.address())).awaitUp();
    eventually(() -> one.healthOf(two.memberId()), "Alive"::equals);
    String id = two.memberId();
    assertThat(two.stop()).isZero();
    // Who is merely missed is confirmed first, and departed after days.
    eventually(() -> one.healthOf(id), "Departed"::equals);
  }

  @Test
  void aRestartInPlaceNeverLeavesTheRing() throws Exception {
    RunningSupervisor one = start("one").awaitUp();
    Path log = directory.resolve("ring.log");
    RunningSupervisor two =
        start(
                "two",
                options ->
                    options
                        .give(SupervisorOption.PEER, one.address())
                        .give(SupervisorOption.RING_LOG, log.toString()))
            .awaitUp();
    eventually(() -> two.healthOf(one.memberId()), "Alive"::equals);
    String id = one.memberId();
    one.restart();
    eventually(
        () -> one.out() + one.err(), said -> said.split("Starting http-gateway", -1).length == 3);
    eventually(() -> one.healthOf(two.memberId()), "Alive"::equals);
    assertThat(one.lines())
        .filteredOn(line -> line.contains("Member-ID"))
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).endsWith(id));
    assertThat(one.out()).doesNotContain("Gracefully departing");
    assertThat(Files.readString(log)).doesNotContain("departed");
    assertThat(one.stop()).isZero();
  }

  @Test
  void aRestartWithAConfigurationThatIsWrongNowGoesOnAsBefore() throws Exception {
    RunningSupervisor one = start("one").awaitUp();
    Path file = one.layout().configurationFile();
    Files.createDirectories(file.getParent());
    Files.writeString(file, "peer = 1");
    one.restart();
    one.awaitLine("not restarting");
    assertThat(one.get("/services").statusCode()).isEqualTo(200);
  }

  @Test
  void theRingLogHoldsEveryChange() throws Exception {
    RunningSupervisor one = start("one").awaitUp();
    Path log = directory.resolve("ring.log");
    RunningSupervisor two =
        start(
                "two",
                options ->
                    options
                        .give(SupervisorOption.PEER, one.address())
                        .give(SupervisorOption.RING_LOG, log.toString()))
            .awaitUp();
    String id = one.memberId();
    eventually(() -> two.healthOf(id), "Alive"::equals);
    one.stop();
    eventually(() -> two.healthOf(id), "Departed"::equals);
    List<Map<String, Object>> changes =
        eventually(
            () -> changesOf(log, id),
            found -> !found.isEmpty() && "departed".equals(found.getLast().get("to")));
    assertThat(changes.getFirst())
        .containsEntry("from", null)
        .containsEntry("to", "alive")
        .containsEntry("name", one.address() + ":9638");
    assertThat(changes)
        .allSatisfy(
            change ->
                assertThat(change)
                    .containsOnlyKeys(
                        "at_ns", "at", "member", "name", "from", "to", "incarnation"));
  }

  private static List<Map<String, Object>> changesOf(Path log, String memberId) {
    try {
      String whole = Files.readString(log);
      // The last line may be being written.
      return whole
          .substring(0, whole.lastIndexOf('\n') + 1)
          .lines()
          .map(JsonTree::object)
          .filter(change -> memberId.equals(change.get("member")))
          .toList();
    } catch (java.io.IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }
}
