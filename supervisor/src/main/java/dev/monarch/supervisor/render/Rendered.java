package dev.monarch.supervisor.render;

import dev.monarch.supervisor.service.Hook;
import dev.monarch.supervisor.service.Line;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a rendering changed on disk.
 *
 * @param changedHooks whose text differs from that on disk before
 * @param created files of the configuration that were not there
 * @param modified files of the configuration whose text differs
 * @param removed files of the configuration whose template is gone
 * @param problems one line for each file that stayed as it was, because it could not be rendered or
 *     written
 * @param lines all of this as the original prints it
 */
public record Rendered(
    Set<Hook> changedHooks,
    List<Path> created,
    List<Path> modified,
    List<Path> removed,
    List<String> problems,
    List<Line> lines) {
  public Rendered {
    Set<Hook> hooks = EnumSet.noneOf(Hook.class);
    hooks.addAll(changedHooks);
    changedHooks = Collections.unmodifiableSet(hooks);
    created = List.copyOf(created);
    modified = List.copyOf(modified);
    removed = List.copyOf(removed);
    problems = List.copyOf(problems);
    lines = List.copyOf(lines);
  }

  /** True if a file of the configuration is another than before. */
  public boolean hasChangedConfiguration() {
    return !(created.isEmpty() && modified.isEmpty() && removed.isEmpty());
  }
}
