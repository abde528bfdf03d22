package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three Redis over three machines elect who takes writes: the package of {@code examples/ledger},
 * while a client at each of them never stops writing.
 *
 * <p>Two promises are kept apart. Copies are asynchronous, so a write that was acknowledged just
 * before its primary was lost may be lost with it; that is counted and said. That two primaries
 * acknowledge at the same time may not happen, and fails the test.
 */
class LedgerTest {
  private static final Duration STARTED_WITHIN = Duration.ofMinutes(2);

  /** Detection in a small ring, the election, a reconfiguration; see {@link Prediction}. */
  private static final Duration REPLACED_WITHIN = Duration.ofMinutes(2);

  private static final Duration QUIET = Duration.ofSeconds(2);

  /**
   * What a primary may acknowledge before it notices that nobody copies it: the 2 s of
   * default.toml, which Redis counts in whole seconds, so that 2.9 s are 2; the second until it
   * looks again; and what a busy machine keeps it from looking.
   */
  private static final Duration LAG = Duration.ofSeconds(7);

  @RegisterExtension final Stage stage = new Stage();

  @BeforeAll
  static void needsPrograms() {
    Machine.needsProgram("redis-server", "redis-server");
    Machine.needsProgram("redis-cli", "redis-tools");
  }

  @Test
  @Check({"supervisor-70", "supervisor-71"})
  void whoeverLeadsTakesTheWritesAndNobodyElse() throws IOException, InterruptedException {
    Network network = stage.network(3);
    List<Supervisor> all = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      Supervisor member = stage.ours("m" + i, network.host(i)).permanent();
      all.add(all.isEmpty() ? member : member.peer(all.getFirst()));
      install(member);
    }
    ChainTest.needsOpenWayTo(stage.directory());
    all.forEach(Supervisor::up);

    Supervisor first = awaitLeader(all, STARTED_WITHIN);
    try (var ledger = new Ledger(all.stream().map(Supervisor::address).toList())) {
      ledger.awaitPrimary(first.address(), STARTED_WITHIN);
      ledger.assertPrimaryFor(first.address(), QUIET);

      first.kill();
      List<Supervisor> left = others(all, first);
      Supervisor second = awaitLeader(left, REPLACED_WITHIN);
      ledger.awaitPrimary(second.address(), REPLACED_WITHIN);
      System.out.printf("acceptance: ledger: %s was killed: %s%n", first, ledger.lastChange());

      first.start().awaitUp();
      assertThat(awaitLeader(all, STARTED_WITHIN))
          .as("who returns does not take over")
          .isEqualTo(second);
      ledger.assertPrimaryFor(second.address(), QUIET);

      network.cut(
          List.of(second.host()), others(all, second).stream().map(Supervisor::host).toList());
      Supervisor third = awaitLeader(others(all, second), REPLACED_WITHIN);
      ledger.awaitPrimary(third.address(), REPLACED_WITHIN);
      System.out.printf("acceptance: ledger: %s was cut off: %s%n", second, ledger.lastChange());
      // It misses two and they only one, so that it may know later than they.
      Supervisor cutOff = second;
      Waiting.until(
          cutOff + " has no quorum",
          REPLACED_WITHIN,
          () ->
              new Waiting.Look(cutOff.console().contains("and we have no quorum."), cutOff.tail()));
      assertChangesAreNotTakenOver(second);
      network.heal();
      assertThat(awaitLeader(all, REPLACED_WITHIN))
          .as("who was cut off follows the one that the others elected")
          .isEqualTo(third);
      awaitCopies(ledger, third, 2);

      ledger.stop();
      Ledger.Loss loss = ledger.loss(third.address());
      System.out.printf("acceptance: ledger: %s%n", loss);
      assertThat(ledger.reigns())
          .as("who acknowledged writes, one after the other")
          .containsExactly(first.address(), second.address(), third.address());
      assertThat(loss.olderThan(LAG))
          .as("acknowledged writes that were lost though there was time to copy them")
          .isEmpty();
      assertLeadIsHandedOver(all, third);
    }
    all.forEach(Supervisor::assertUnharmed);
  }

  private static void install(Supervisor supervisor) throws IOException {
    Path installer = Path.of("..", "examples", "install");
    Command.of(installer.toString(), supervisor.root().toString(), "ledger").must();
    Path spec = supervisor.file("specs/ledger.spec");
    Files.createDirectories(spec.getParent());
    Files.write(spec, List.of("ident = \"example/ledger\"", "topology = \"leader\""));
  }

  private static List<Supervisor> others(List<Supervisor> all, Supervisor one) {
    return all.stream().filter(each -> each != one).toList();
  }

  /** All of them name the same one of them, and only that one calls itself leader. */
  private static Supervisor awaitLeader(List<Supervisor> members, Duration within) {
    var found = new ArrayList<Supervisor>();
    Waiting.until(
        members + " have one leader among them",
        within,
        () -> {
          var named = new TreeSet<String>();
          for (Supervisor member : members) {
            named.add(leaderSeenBy(member).orElse("nobody"));
          }
          found.clear();
          members.stream().filter(each -> named.contains(each.memberId())).forEach(found::add);
          return new Waiting.Look(named.size() == 1 && found.size() == 1, named.toString());
        });
    Supervisor leader = found.getFirst();
    for (Supervisor member : members) {
      Waiting.until(
          member + " has rendered its part",
          within,
          () -> {
            boolean follows = read(configuration(member)).contains("replicaof " + leader.address());
            return new Waiting.Look(follows == (member != leader), member.tail());
          });
    }
    return leader;
  }

  private static Optional<String> leaderSeenBy(Supervisor member) {
    Json group =
        member.gateway().document("/census").at("census_groups", "ledger.default").orElseThrow();
    return group.text("election_status").equals("ElectionFinished")
        ? Optional.of(group.text("leader_id"))
        : Optional.empty();
  }

  private static Path configuration(Supervisor member) {
    return member.root().resolve("hab/svc/ledger/config/redis.conf");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file + ": " + e, e);
    }
  }

  private static void assertLeadIsHandedOver(List<Supervisor> all, Supervisor leader) {
    String[] ask = {"svc", "leader", "ledger.default"};
    for (Supervisor member : all) {
      Command.Ending told = member.hab(ask);
      assertThat(told.output()).contains(leader.memberId() + " leads in term ");
      assertThat(told.exit()).isZero();
    }
    Supervisor follower = others(all, leader).getFirst();
    Command.Ending refused = follower.hab("svc", "leader", "ledger.default", "--step-down");
    assertThat(refused.output()).contains(leader.address() + " with --remote-sup");
    assertThat(refused.exit()).isEqualTo(1);

    Command.Ending done = leader.hab("svc", "leader", "ledger.default", "--step-down");
    assertThat(done.output()).contains("The lead of ledger.default is handed over");
    assertThat(done.exit()).isZero();
    Waiting.until(
        leader + " leads no longer",
        REPLACED_WITHIN,
        () -> {
          String said = follower.hab(ask).output();
          return new Waiting.Look(
              said.contains(" leads in term ") && !said.contains(leader.memberId() + " leads in"),
              said);
        });
    assertThat(awaitLeader(all, REPLACED_WITHIN)).isNotEqualTo(leader);
  }

  /** Rendered, as always, but neither told to the service nor a reason to restart it. */
  private static void assertChangesAreNotTakenOver(Supervisor cutOff) throws IOException {
    long hooks = count(cutOff, " hook[reconfigure]:");
    long starts = count(cutOff, "Starting service as user=");
    Path user = cutOff.root().resolve("hab/user/ledger/config/user.toml");
    Files.createDirectories(user.getParent());
    Files.writeString(user, "copy_lag_seconds = 3\n");
    Waiting.until(
        "the change is rendered",
        STARTED_WITHIN,
        () ->
            new Waiting.Look(
                read(configuration(cutOff)).contains("min-replicas-max-lag 3"), cutOff.tail()));
    Waiting.throughout(
        "nothing is reconfigured or restarted",
        QUIET,
        () ->
            new Waiting.Look(
                count(cutOff, " hook[reconfigure]:") == hooks
                    && count(cutOff, "Starting service as user=") == starts,
                cutOff.tail()));
  }

  private static long count(Supervisor supervisor, String text) {
    return supervisor.console().lines().filter(line -> line.contains(text)).count();
  }

  private static void awaitCopies(Ledger ledger, Supervisor primary, int copies) {
    Waiting.until(
        copies + " copies of " + primary,
        REPLACED_WITHIN,
        () -> {
          String replication = ledger.replication(primary.address());
          long online =
              Stream.of(replication.split("\r?\n"))
                  .filter(line -> line.contains("state=online"))
                  .count();
          return new Waiting.Look(online == copies, replication);
        });
  }
}
