package dev.monarch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.monarch.checks.PackageFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A machine whose clock is set. A few lines of C stand between the Supervisor and the clock of the
 * world, and leave the one alone that only goes forward, as the kernel does.
 */
class ClockTest {
  private static final Duration DAY = Duration.ofDays(1);

  private static final String CLOCK =
      """
      #include <fcntl.h>
      #include <stdlib.h>
      #include <sys/syscall.h>
      #include <sys/time.h>
      #include <time.h>
      #include <unistd.h>

      static int file = -1;

      __attribute__((constructor)) static void begin(void) {
        const char *path = getenv("CLOCK_OFFSET");
        if (path) file = open(path, O_RDONLY | O_CLOEXEC);
      }

      static long offset(void) {
        char text[16] = {0};
        return file >= 0 && pread(file, text, 15, 0) > 0 ? atol(text) : 0;
      }

      int clock_gettime(clockid_t clock, struct timespec *now) {
        int result = syscall(SYS_clock_gettime, clock, now);
        if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
          now->tv_sec += offset();
        return result;
      }

      int gettimeofday(struct timeval *now, void *zone) {
        struct timespec precise;
        (void) zone;
        clock_gettime(CLOCK_REALTIME, &precise);
        now->tv_sec = precise.tv_sec;
        now->tv_usec = precise.tv_nsec / 1000;
        return 0;
      }

      time_t time(time_t *now) {
        struct timespec precise;
        clock_gettime(CLOCK_REALTIME, &precise);
        if (now) *now = precise.tv_sec;
        return precise.tv_sec;
      }
      """;

  @RegisterExtension final Stage stage = new Stage();

  @Test
  void aClockThatIsSetBackOrForwardByADayIsNotNoticedByServicesNorByTheRing() throws IOException {
    Path library = library();
    Path offset = stage.directory().resolve("offset");
    set(offset, Duration.ZERO);
    Supervisor other = stage.ours("other").up();
    Supervisor member =
        stage
            .ours("member")
            .peer(other)
            .with("--service-min-backoff-period", "1", "--service-max-backoff-period", "1")
            .withEnvironment("LD_PRELOAD", library.toString())
            .withEnvironment("CLOCK_OFFSET", offset.toString());
    Service web = service(member, "web", "exec sleep 1000000\n");
    Service crash = service(member, "crash", "exit 1\n");
    member.up();
    long pid = web.awaitRunning();
    awaitWork(member, web, crash, 1);
    long began = stateEntered(member);

    set(offset, DAY.negated());
    awaitClock(member, began, DAY.negated());
    awaitWork(member, web, crash, 2);
    set(offset, DAY);
    awaitClock(member, began, DAY);
    awaitWork(member, web, crash, 3);
    set(offset, DAY.negated());
    awaitClock(member, began, DAY.negated());

    assertThat(member.svc("stop", "acme/web").exit()).isZero();
    web.awaitEnd(pid);
    assertThat(member.svc("start", "acme/web").exit()).isZero();
    long second = web.awaitOtherThan(pid);
    awaitWork(member, web, crash, 4);
    assertThat(web.everRun()).containsExactly(pid, second);
    Rings.awaitAgreement(List.of(member, other), "Alive", Duration.ofSeconds(60));
    member.assertUnharmed();
    assertThat(member.stop()).isZero();
    assertThat(web.running()).isEmpty();
  }

  private static Service service(Supervisor member, String name, String run) throws IOException {
    PackageFixture.at(member.root(), "acme/" + name + "/1.0.0/20260101000000")
        .user("root", "root")
        .defaultToml("round = 0")
        .config("round.conf", "{{cfg.round}}")
        .hook("run", Service.NOTED + run)
        .hook("reconfigure", "#!/bin/sh\ncat {{pkg.svc_config_path}}/round.conf\n")
        .hook("health-check", "#!/bin/sh\necho checked >> {{pkg.svc_var_path}}/checks\n")
        .write();
    return new Service(member, name)
        .spec("ident = \"acme/" + name + "\"\n\n[health_check_interval]\nsecs = 1\nnanos = 0\n");
  }

  /** All that waits for time goes on: health checks, back-off; and what does not as well. */
  private static void awaitWork(Supervisor member, Service web, Service crash, int round)
      throws IOException {
    long checks = lines(web.file("var/checks"));
    long crashes = lines(crash.file("var/pids"));
    Path user = member.root().resolve("hab/user/web/config/user.toml");
    Files.createDirectories(user.getParent());
    Files.writeString(user, "round = " + round + "00\n");
    Waiting.until(
        "health checks, restarts and a reconfiguration in round " + round,
        Service.SOON,
        () ->
            new Waiting.Look(
                lines(web.file("var/checks")) > checks + 2
                    && lines(crash.file("var/pids")) > crashes + 2
                    && member
                        .console()
                        .contains("web.default hook[reconfigure]:(HK): " + round + "00"),
                lines(web.file("var/checks")) + " checks\n" + member.tail()));
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException | UncheckedIOException notYet) {
      return 0;
    }
  }

  /** The Supervisor has seen that its clock was set: what it tells of the past has moved. */
  private static void awaitClock(Supervisor member, long began, Duration moved) {
    Waiting.until(
        "the clock of " + member + " is set",
        Service.SOON,
        () -> {
          long told = stateEntered(member);
          return new Waiting.Look(
              Math.abs(told - began - moved.toSeconds()) < 3600, told + ", before " + began);
        });
  }

  private static long stateEntered(Supervisor member) {
    return member
        .gateway()
        .document("/services/web/default")
        .number("process", "state_entered")
        .longValue();
  }

  /** In place and in one write of always the same length, as it is held open. */
  private static void set(Path offset, Duration moved) throws IOException {
    try (var channel =
        FileChannel.open(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(
          ByteBuffer.wrap(
              "%+012d".formatted(moved.toSeconds()).getBytes(StandardCharsets.US_ASCII)),
          0);
    }
  }

  private Path library() throws IOException {
    Machine.needsProgram("cc", "gcc");
    Path source = stage.directory().resolve("clock.c");
    Path library = stage.directory().resolve("clock.so");
    Files.writeString(source, CLOCK);
    Command.Ending compiled =
        Command.of("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString()).run();
    Machine.needs(compiled.exit() == 0, "no library can be made: " + compiled.output());
    return library;
  }
}
