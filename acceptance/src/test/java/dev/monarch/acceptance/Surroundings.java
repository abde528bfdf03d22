package dev.monarch.acceptance;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a child process gets from this one: a clean environment and the program's class path. */
final class Surroundings {
  /** What only tests use; the program must do without. */
  private static final Pattern TEST_ONLY =
      Pattern.compile(
          ".*/(test-classes|checks/target/.*|checks-[^/]*\\.jar|junit-[^/]*\\.jar|assertj-[^/]*\\.jar"
              + "|byte-buddy-[^/]*\\.jar|opentest4j-[^/]*\\.jar|surefire[^/]*\\.jar)/?");

  private Surroundings() {}

  /** Nothing that an operator may have set for Habitat reaches a test. */
  static void clean(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(
            name ->
                name.startsWith("HAB_")
                    || name.equals("FS_ROOT")
                    || name.equals("HABITAT_BIN")
                    || name.equals("RUST_LOG")
                    || name.startsWith("JAVA_TOOL_OPTIONS")
                    || name.equals("JDK_JAVA_OPTIONS"));
  }

  /** The command that {@code ./hab} becomes, up to its arguments. */
  static List<String> hab() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Xss512k",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8",
            "-cp",
            classPath(),
            "dev.monarch.cli.Main"));
    return List.copyOf(words);
  }

  /** The words before it that make it run under a Launcher, as {@code ./hab sup run} does. */
  static List<String> launcher() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx16m",
        "-Xss256k",
        "-XX:-MaxFDLimit",
        "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        classPath(),
        "dev.monarch.launcher.LauncherMain");
  }

  private static String classPath() {
    String whole =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return String.join(
        File.pathSeparator,
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(whole)
            .filter(entry -> !TEST_ONLY.matcher(entry).matches())
            .toList());
  }
}
