package dev.monarch.supervisor.hooks;

import dev.monarch.launcher.ProcessTag;
import dev.monarch.launcher.RunAs;
import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.Line;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A hook that can be run.
 *
 * @param speaker whose hook it is: the service group, or the package's name for {@code install} and
 *     {@code uninstall}
 * @param file the rendered file, which its first line says how to execute
 * @param logs the directory for what it writes
 * @param environment all of it; nothing is inherited
 * @param runAs empty to stay who we are
 * @param tag by which the hook and all that it starts are found again
 */
public record HookCommand(
    String speaker,
    Hook hook,
    Path file,
    Path logs,
    Map<String, String> environment,
    Optional<RunAs> runAs,
    ProcessTag tag) {
  public HookCommand {
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("expected an absolute path of a hook, found " + file);
    }
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** A line the hook wrote. */
  Line line(String text) {
    return new Line(speaker + " hook[" + hook.fileName() + "]:", "HK", text);
  }

  /** Where the standard output of a hook's last run stands. */
  public static Path stdoutLog(Path logs, Hook hook) {
    return logs.resolve(hook.fileName() + ".stdout.log");
  }

  /** Where the standard error of a hook's last run stands. */
  public static Path stderrLog(Path logs, Hook hook) {
    return logs.resolve(hook.fileName() + ".stderr.log");
  }
}
