package dev.monarch.cli.demo;

import dev.monarch.cli.CommandFailed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The five Supervisors, their network, and what their logs say. All of it ends with this program.
 */
final class DemoRing implements Stage, AutoCloseable {
  private static final int LOOK_MILLIS = 50;

  /** Many more than a screen shows. */
  private static final int CHANGES_MAX = 1_000;

  /** The demonstration's small heap is not the Supervisor's; the last flag counts. */
  private static final List<String> SUPERVISOR_FLAGS = List.of("-Xmx256m", "-Xss512k");

  private final Path directory;
  private final List<DemoMember> members = new ArrayList<>();
  private final Beliefs beliefs = new Beliefs();
  private final List<Beliefs.Change> changes = new ArrayList<>();
  private final Process guard;
  private final Thread interrupted;
  private boolean split;

  private DemoRing(Path directory, List<Seat> seats, boolean keep) throws IOException {
    this.directory = directory;
    List<String> hab = hab();
    for (Seat seat : seats) {
      members.add(new DemoMember(seat, seats, directory, hab));
    }
    this.guard = guard(directory);
    this.interrupted =
        new Thread(
            () -> {
              members.forEach(DemoMember::end);
              if (!keep) {
                forget();
              }
            },
            "end of all members");
  }

  /**
   * Finds five places and prepares trees; nothing runs yet.
   *
   * @param keep whether the files stay even if the program is interrupted
   */
  static DemoRing open(boolean keep) {
    List<Seat> seats =
        Seat.five()
            .orElseThrow(
                () ->
                    new CommandFailed(
                        "No five free places for Supervisors on 127.0.77.0/24 and the networks"
                            + " after it (ports 9638, 9631, 9632); end other demonstrations"));
    try {
      DemoRing ring = new DemoRing(Files.createTempDirectory("hab-ring-demo-"), seats, keep);
      Runtime.getRuntime().addShutdownHook(ring.interrupted);
      return ring;
    } catch (IOException e) {
      throw new CommandFailed(
          "Cannot make a directory for the Supervisors' files in %s: %s"
              .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()));
    }
  }

  /** How to start another {@code hab}: as this one was. */
  private static List<String> hab() {
    List<String> hab = new ArrayList<>();
    hab.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .map(DemoRing::ofSupervisor)
        .forEach(hab::add);
    hab.addAll(SUPERVISOR_FLAGS);
    hab.addAll(List.of("-cp", System.getProperty("java.class.path"), Attached.class.getName()));
    return hab;
  }

  /** Commands and Supervisors each have a store of classes, side by side: see {@code ./hab}. */
  private static String ofSupervisor(String flag) {
    return flag.startsWith("-XX:AOTCache=") ? flag.replace("/commands.aot", "/hab.aot") : flag;
  }

  /**
   * Wakes up every member once this process is gone, however it ended, for a member that is frozen
   * does not notice ({@link Attached}).
   */
  private static Process guard(Path directory) throws IOException {
    String wakeAll =
        "cat >/dev/null; for pid in \"$0\"/*/pid; do kill -CONT \"$(cat \"$pid\")\"; done";
    return new ProcessBuilder("sh", "-c", wakeAll, directory.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  Path directory() {
    return directory;
  }

  List<DemoMember> members() {
    return members;
  }

  boolean isSplit() {
    return split;
  }

  /** What was heard last, the newest at the end. */
  List<Beliefs.Change> changes() {
    return changes;
  }

  private DemoMember member(char letter) {
    return members.stream()
        .filter(m -> m.seat().letter() == letter)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no member " + letter));
  }

  @Override
  public void play(Act act) {
    switch (act) {
      case Act.StartAll all -> members.forEach(this::start);
      case Act.Stop stop -> {
        beliefs.gone(stop.member());
        member(stop.member()).stop();
      }
      case Act.Kill kill -> {
        beliefs.gone(kill.member());
        member(kill.member()).kill();
      }
      case Act.KillLeader leader ->
          look()
              .leader()
              .ifPresent(
                  letter -> {
                    beliefs.gone(letter);
                    member(letter).kill();
                  });
      case Act.Freeze freeze -> member(freeze.member()).freeze();
      case Act.Revive revive -> start(member(revive.member()));
      case Act.Split cut -> divide(true);
      case Act.Heal heal -> divide(false);
      case Act.Wait wait -> {}
    }
  }

  private void start(DemoMember member) {
    // What the last process wrote is read before the next one writes.
    look();
    if (member.start()) {
      beliefs.forgetAllOf(member.seat().letter());
    }
  }

  private void divide(boolean into) {
    split = into;
    for (DemoMember member : members) {
      boolean left = Story.LEFT.indexOf(member.seat().letter()) >= 0;
      String far = left ? Story.RIGHT : Story.LEFT;
      member.cut(
          members.stream()
              .map(DemoMember::seat)
              .filter(s -> into && far.indexOf(s.letter()) >= 0)
              .toList());
    }
  }

  @Override
  public Beliefs look() {
    for (DemoMember member : members) {
      member.memberId().ifPresent(id -> changes.addAll(beliefs.named(id, member.seat().letter())));
      member.news().forEach(line -> changes.addAll(beliefs.heard(member.seat().letter(), line)));
    }
    // After all names are known.
    for (DemoMember member : members) {
      member
          .roster()
          .ifPresent(
              roster -> beliefs.listed(member.seat().letter(), roster.ids(), roster.since()));
      member
          .captain()
          .ifPresent(
              captain -> beliefs.led(member.seat().letter(), captain.ids(), captain.since()));
    }
    // Each log is in order; all of them together are not.
    changes.sort(Comparator.comparing(Beliefs.Change::at));
    changes.subList(0, Math.max(0, changes.size() - CHANGES_MAX)).clear();
    return beliefs;
  }

  @Override
  public Optional<String> broken() {
    return members.stream().flatMap(m -> m.failure().stream()).findFirst();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
  }

  /** Removes every trace on disk. */
  void forget() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new CommandFailed("Cannot remove %s: %s".formatted(directory, e.getMessage()));
    }
  }

  @Override
  public void close() {
    members.forEach(DemoMember::end);
    guard.destroy();
    try {
      Runtime.getRuntime().removeShutdownHook(interrupted);
    } catch (IllegalStateException endingAlready) {
      // The hook does the same.
    }
  }
}
