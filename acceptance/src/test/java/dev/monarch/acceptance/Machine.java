package dev.monarch.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What this machine can do. A test that needs more is skipped, and the reason is printed once. */
final class Machine {
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Machine() {}

  /** Network namespaces, bridges and packet filters: root on Linux with two programs. */
  static void needsNamespaces() {
    needsRoot("network namespaces");
    needsProgram("ip", "iproute2");
    needsProgram("nft", "nftables");
  }

  static void needsRoot(String what) {
    needs(
        System.getProperty("os.name").equals("Linux")
            && "root".equals(System.getProperty("user.name")),
        what + " need root on Linux: run the tests as root to include them");
  }

  static void needsProgram(String name, String debianPackage) {
    needs(
        Pattern.compile(":")
            .splitAsStream(System.getenv().getOrDefault("PATH", "") + ":/usr/sbin")
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, name))),
        "the program " + name + " is missing: install the package " + debianPackage);
  }

  /** The directory with the original's {@code hab}, {@code hab-sup} and {@code hab-launch}. */
  static Path needsOriginal() {
    Optional<Path> directory = original();
    needs(
        directory.isPresent(),
        "no original Habitat: set HABITAT_BIN to a directory with hab, hab-sup and hab-launch");
    return directory.orElseThrow();
  }

  private static Optional<Path> original() {
    return Optional.ofNullable(System.getenv("HABITAT_BIN"))
        .map(Path::of)
        .filter(
            directory ->
                Stream.of("hab", "hab-sup", "hab-launch")
                    .allMatch(name -> Files.isExecutable(directory.resolve(name))));
  }

  static void needs(boolean fulfilled, String reason) {
    if (!fulfilled && SAID.add(reason)) {
      System.out.println("acceptance: skipped: " + reason);
    }
    Assumptions.assumeTrue(fulfilled, reason);
  }

  /** False for what has ended, and for what has ended and waits to be noticed by its parent. */
  static boolean isRunning(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException gone) {
      return false;
    }
  }

  /** Resident memory of a process. */
  static long residentBytes(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException("no process " + pid, e);
    }
  }
}
