package dev.monarch.bench;

import dev.monarch.ring.Ring;
import dev.monarch.ring.RingConfig;
import dev.monarch.ring.RingEvent;
import dev.monarch.ring.RingStartException;
import dev.monarch.simulator.ElectionScenario;
import dev.monarch.wire.Health;
import dev.monarch.wire.Member;
import dev.monarch.wire.Rumor.Election;
import dev.monarch.wire.Rumor.ElectionRumor;
import dev.monarch.wire.Rumor.ElectionStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/**
 * A process with members of a ring in it, as any program has that embeds {@link Ring}; prints
 * {@link Report}s. A member's id is its number, so that a report can name it.
 *
 * <p>Arguments: a directory, the first and the last number, the size of the group that elects (the
 * members 1 to that), and how many of the first are everybody's peers.
 */
final class MonarchNodes {
  private static final String NETWORK = "127.0.79.";

  private MonarchNodes() {}

  public static void main(String[] arguments)
      throws IOException, RingStartException, InterruptedException {
    Path directory = Path.of(arguments[0]);
    int group = Integer.parseInt(arguments[3]);
    List<String> seeds =
        IntStream.rangeClosed(1, Integer.parseInt(arguments[4]))
            .mapToObj(number -> NETWORK + number)
            .toList();
    for (int number = Integer.parseInt(arguments[1]);
        number <= Integer.parseInt(arguments[2]);
        number++) {
      start(number, directory.resolve(String.valueOf(number)), seeds, number <= group);
    }
    new CountDownLatch(1).await();
  }

  private static void start(int number, Path directory, List<String> seeds, boolean elects)
      throws IOException, RingStartException {
    RingConfig config =
        RingConfig.in(directory)
            .withListen(new InetSocketAddress(NETWORK + number, RingConfig.DEFAULT_PORT))
            .withPeers(
                seeds.stream().filter(address -> !address.equals(NETWORK + number)).toList());
    Files.createDirectories(config.memberIdFile().toAbsolutePath().getParent());
    Files.writeString(config.memberIdFile(), "%032x".formatted(number));
    Ring ring = Ring.start(config, event -> report(number, event));
    if (elects) {
      // Greater at each start of the process.
      ring.publish(ElectionScenario.service(ring.memberId(), Instant.now().getEpochSecond()));
      ring.standForElection(ElectionScenario.GROUP);
    }
  }

  private static void report(int number, RingEvent event) {
    if (event instanceof RingEvent.MemberChanged changed) {
      Report.print(
          number,
          changed.to().isWorseThan(Health.SUSPECT) ? Report.Kind.DEAD : Report.Kind.ALIVE,
          numberOf(changed.member()));
    } else if (event instanceof RingEvent.RumorStored(Instant _, ElectionRumor(Election election))
        && election.status() == ElectionStatus.FINISHED) {
      Report.print(number, Report.Kind.LEADS, numberOf(election.candidate()));
    }
  }

  private static int numberOf(Member member) {
    return numberOf(member.id());
  }

  private static int numberOf(String id) {
    return Integer.parseInt(id, 16);
  }
}
