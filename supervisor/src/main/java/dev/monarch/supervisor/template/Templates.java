package dev.monarch.supervisor.template;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * Templates that were compiled together, in the order they were given. {@code {{> other.conf}}}
 * includes a sibling by its name. Immutable; any number of threads may render.
 */
public final class Templates {
  private final SequencedMap<String, Body> bodies;
  private final Path fileSystemRoot;

  private Templates(SequencedMap<String, Body> bodies, Path fileSystemRoot) {
    this.bodies = bodies;
    this.fileSystemRoot = fileSystemRoot;
  }

  /**
   * Compiles the texts.
   *
   * @param textByName the text of each template by its name, for files the path below {@code
   *     config/}
   * @param fileSystemRoot what {@code pkgPathFor} puts before {@code hab/pkgs} (FS_ROOT)
   * @throws TemplateException at the first text that is not a template
   */
  public static Templates compile(Map<String, String> textByName, Path fileSystemRoot)
      throws TemplateException {
    SequencedMap<String, Body> bodies = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : textByName.entrySet()) {
      bodies.put(entry.getKey(), TemplateParser.parse(entry.getKey(), entry.getValue()));
    }
    return new Templates(bodies, fileSystemRoot);
  }

  /**
   * Renders one template.
   *
   * @param context maps, lists, {@code String}, {@code Long}, {@code Double}, {@code Boolean} and
   *     the date and time classes of a TOML document; an absent key stands for null
   * @throws IllegalArgumentException if there is no template of this name, or a value of another
   *     class
   * @throws TemplateException if a helper refuses its parameters, or something is not there that
   *     must be; a missing value is no error, it renders as nothing
   */
  public String render(String name, Map<String, Object> context) throws TemplateException {
    Body template = bodies.get(name);
    if (template == null) {
      throw new IllegalArgumentException("expected one of " + names() + ", found " + name);
    }
    return Renderer.render(template, bodies, fileSystemRoot, context);
  }

  /** The names of all templates, in the order they were given. */
  public SequencedSet<String> names() {
    return Collections.unmodifiableSequencedSet(new LinkedHashSet<>(bodies.keySet()));
  }
}
