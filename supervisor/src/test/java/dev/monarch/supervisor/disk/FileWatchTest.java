package dev.monarch.supervisor.disk;

import static dev.monarch.supervisor.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir private Path directory;

  private final List<Set<Path>> reports = new CopyOnWriteArrayList<>();
  private FileWatch watch = new FileWatch("watch", Duration.ofHours(1), reports::add);

  @BeforeEach
  void anEmptyDirectoryIsThere() throws IOException {
    directory = directory.toRealPath();
  }

  @AfterEach
  void nobodyWatches() {
    watch.close();
  }

  /** Waits for a report that names the path, and forgets the reports so far. */
  private void awaitReportOf(Path path) {
    eventually(() -> List.copyOf(reports), all -> all.stream().anyMatch(r -> r.contains(path)));
    reports.clear();
  }

  @Test
  void aFileThatAppearsChangesAndVanishesInAWatchedDirectoryIsReported() throws IOException {
    watch.watch(directory);

    Files.writeString(directory.resolve("web.spec"), "a");
    awaitReportOf(directory);
    Files.writeString(directory.resolve("web.spec"), "b");
    awaitReportOf(directory);
    Files.delete(directory.resolve("web.spec"));
    awaitReportOf(directory);
  }

  @Test
  void aFileIsReportedThoughItsDirectoriesDoNotExistYet() throws IOException {
    Path file = directory.resolve("user/web/config/user.toml");
    watch.watch(file);

    Files.createDirectories(file.getParent());
    Files.writeString(file, "port = 81");
    awaitReportOf(file);
    Files.writeString(file, "port = 82");
    awaitReportOf(file);
    Files.delete(file);
    awaitReportOf(file);
  }

  @Test
  void aDirectoryThatIsDeletedAndMadeAnewIsStillWatched() throws IOException {
    Path specs = Files.createDirectory(directory.resolve("specs"));
    watch.watch(specs);

    Files.delete(specs);
    awaitReportOf(specs);
    Files.createDirectory(specs);
    awaitReportOf(specs);
    Files.writeString(specs.resolve("web.spec"), "a");
    awaitReportOf(specs);
  }

  @Test
  void aFileThatIsReplacedByRenamingIsReported() throws IOException {
    Path file = directory.resolve("user.toml");
    Files.writeString(file, "a");
    watch.watch(file);

    Path beside = Files.writeString(directory.resolve("other"), "b");
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);

    awaitReportOf(file);
  }

  @Test
  void neighboursOfAWatchedFileAreNobodysConcern() throws IOException {
    Path file = Files.writeString(directory.resolve("user.toml"), "a");
    watch.watch(file);

    Files.writeString(directory.resolve("neighbour"), "b");
    Files.writeString(file, "c");
    awaitReportOf(file);

    assertThat(reports.stream().flatMap(Set::stream))
        .doesNotContain(directory.resolve("neighbour"));
  }

  @Test
  void aForgottenFileIsNotReported() throws IOException {
    Path forgotten = directory.resolve("forgotten");
    Path watched = directory.resolve("watched");
    watch.watch(forgotten);
    watch.watch(watched);
    watch.forget(forgotten);

    Files.writeString(forgotten, "a");
    Files.writeString(watched, "a");
    eventually(() -> List.copyOf(reports), all -> !all.isEmpty());

    assertThat(reports).allMatch(changed -> changed.equals(Set.of(watched)));
  }

  @Test
  void tenThousandEventsMakeAHandfulOfReports() throws IOException {
    watch.watch(directory);
    long start = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      Files.writeString(directory.resolve("f" + i % 100), "x" + i);
    }
    Files.writeString(directory.resolve("last"), "x");
    watch.watch(directory.resolve("end"));
    Files.writeString(directory.resolve("end"), "x");
    eventually(
        () -> List.copyOf(reports),
        all -> all.stream().anyMatch(r -> r.contains(directory.resolve("end"))));

    // On a busy machine the writing itself pauses, and each pause may end a swarm.
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertThat(reports).hasSizeLessThan(10 + Math.toIntExact(took.dividedBy(FileWatch.QUIET)));
  }

  @Test
  void aSymbolicLinkIsFollowedByLookingAtIt(@TempDir Path elsewhere) throws IOException {
    Path target = Files.writeString(elsewhere.resolve("settings"), "a");
    Path link = Files.createSymbolicLink(directory.resolve("user.toml"), target);
    watch.close();
    watch = new FileWatch("watch", Duration.ofMillis(20), reports::add);
    watch.watch(link);

    Files.writeString(target, "b, and longer");

    awaitReportOf(link);
  }

  @Test
  void aListenerThatFailsHearsOfTheNextChange() throws IOException {
    watch.close();
    watch =
        new FileWatch(
            "watch",
            Duration.ofHours(1),
            changed -> {
              reports.add(changed);
              throw new IllegalStateException("a listener's fault");
            });
    watch.watch(directory);

    Files.writeString(directory.resolve("a"), "a");
    awaitReportOf(directory);
    Files.writeString(directory.resolve("b"), "b");
    awaitReportOf(directory);
  }

  @Test
  void nothingIsReportedAfterClosing() throws IOException {
    watch.watch(directory);
    watch.close();

    Files.writeString(directory.resolve("a"), "a");
    var sentinel = new CopyOnWriteArrayList<Set<Path>>();
    try (var other = new FileWatch("other", Duration.ofHours(1), sentinel::add)) {
      other.watch(directory);
      Files.writeString(directory.resolve("b"), "b");
      eventually(() -> List.copyOf(sentinel), all -> !all.isEmpty());
    }

    assertThat(reports).isEmpty();
  }
}
