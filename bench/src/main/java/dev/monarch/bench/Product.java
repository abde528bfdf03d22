package dev.monarch.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Supervisor that can be started here: Monarch's, or the original's if its binaries are at hand.
 * Both take the same options.
 *
 * @param run the command that becomes a Supervisor, options to follow
 * @param hab the command line of its operator, words to follow
 * @param writesRingLog true if it knows {@code --ring-log}
 * @param network the loopback network of its Supervisors, three bytes
 */
record Product(
    String name,
    List<String> run,
    List<String> hab,
    Map<String, String> environment,
    boolean writesRingLog,
    String network) {

  private static final String BINARIES = "HABITAT_BIN";

  /** Monarch as a user of the source tree starts it. */
  static Product monarch(Path root) {
    String hab = root.resolve("hab").toString();
    return new Product(
        "Monarch", List.of(hab, "sup", "run"), List.of(hab), Map.of(), true, "127.0.77.");
  }

  /** The original, from the directory that the environment names. */
  static Optional<Product> original() {
    String directory = System.getenv(BINARIES);
    if (directory == null || !Files.isExecutable(Path.of(directory, "hab-launch"))) {
      return Optional.empty();
    }
    Path bin = Path.of(directory).toAbsolutePath();
    return Optional.of(
        new Product(
            "original",
            List.of(bin.resolve("hab-launch").toString(), "run"),
            List.of(bin.resolve("hab").toString()),
            Map.of(
                "HAB_SUP_BINARY", bin.resolve("hab-sup").toString(),
                "HAB_LAUNCH_BINARY", bin.resolve("hab-launch").toString(),
                "HAB_LICENSE", "accept-no-persist",
                "HAB_NOCOLORING", "true",
                "HAB_NONINTERACTIVE", "true",
                // Nobody is asked for packages.
                "HAB_BLDR_URL", "http://127.0.0.1:9"),
            false,
            "127.0.78."));
  }

  /** Why there is no original, for a person. */
  static String whyNoOriginal() {
    return BINARIES
        + " does not name a directory with the original's hab, hab-sup and hab-launch;"
        + " it is left out";
  }

  ProcessBuilder command(List<String> command, Path fsRoot) {
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> all = builder.environment();
    all.keySet().removeIf(key -> key.startsWith("HAB_"));
    all.putAll(environment);
    all.put("FS_ROOT", fsRoot.toString());
    return builder;
  }
}
