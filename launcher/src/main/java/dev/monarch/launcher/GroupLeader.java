package dev.monarch.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The words before a command that make it run as somebody else, or as leader of a group of its own,
 * without a second process: each program becomes the next one, so the id that {@link Process} knows
 * is the command's. Both programs belong to util-linux.
 */
public final class GroupLeader {
  private static final String WHERE_USUAL = "/usr/bin:/bin:/usr/sbin:/sbin";

  private GroupLeader() {}

  /**
   * The command as a leader, for a {@link ProcessBuilder}.
   *
   * @param runAs empty to stay who we are
   * @throws LauncherException if a program is missing
   */
  public static List<String> command(Optional<RunAs> runAs, List<String> command)
      throws LauncherException {
    List<String> words = new ArrayList<>();
    words.add(program("setsid"));
    words.addAll(as(runAs, command));
    return List.copyOf(words);
  }

  /** The command as somebody else. */
  static List<String> as(Optional<RunAs> runAs, List<String> command) throws LauncherException {
    List<String> words = new ArrayList<>();
    if (runAs.isPresent()) {
      words.add(program("setpriv"));
      words.add("--reuid=" + runAs.get().user());
      words.add("--regid=" + runAs.get().group());
      words.add("--init-groups");
      words.add("--");
    }
    words.addAll(command);
    return List.copyOf(words);
  }

  private static String program(String name) throws LauncherException {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":" + WHERE_USUAL;
    return Arrays.stream(path.split(":", -1))
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                new LauncherException(
                    "expected the program %s in %s, found none; install util-linux"
                        .formatted(name, path)));
  }
}
