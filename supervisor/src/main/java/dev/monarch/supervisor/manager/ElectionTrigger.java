package dev.monarch.supervisor.manager;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files by which whoever tries out a group has its leader elected anew (butterfly.md 9.9): {@code
 * trigger_GROUP_election} among the Supervisor's data. They count only if the variable {@value
 * #FEATURE} is there and not empty.
 *
 * @param directory where the files are looked for
 */
record ElectionTrigger(Path directory) {
  private static final String FEATURE = "HAB_FEAT_TRIGGER_ELECTION";

  static Optional<ElectionTrigger> of(Premises premises) {
    return Optional.of(new ElectionTrigger(premises.layout().data()))
        .filter(_ -> !premises.environment().getOrDefault(FEATURE, "").isEmpty());
  }

  /** Takes away the file of a group; false if there is none, or if it cannot be taken away. */
  boolean pulled(String group) {
    Path file = directory.resolve("trigger_" + group + "_election");
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      return Files.deleteIfExists(file);
    } catch (IOException stays) {
      return false;
    }
  }
}
