package dev.monarch.wire.control;

import dev.monarch.wire.RefusedException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name of a package, whole or in part, as control messages carry it: {@code origin/name},
 * {@code origin/name/version} or {@code origin/name/version/release}.
 *
 * <p>Each part becomes a part of a path somewhere, so what could climb out of a directory is no
 * part (control.md 7.2).
 */
public record Ident(
    String origin, String name, Optional<String> version, Optional<String> release) {
  public Ident {
    check("an origin", origin);
    check("a package name", name);
    version.ifPresent(part -> check("a version", part));
    release.ifPresent(part -> check("a release", part));
    if (release.isPresent() && version.isEmpty()) {
      throw new IllegalArgumentException(
          "expected a version before the release " + release.get() + ", found none");
    }
  }

  public Ident(String origin, String name) {
    this(origin, name, Optional.empty(), Optional.empty());
  }

  private static void check(String what, String part) {
    if (part.isEmpty()
        || part.equals(".")
        || part.equals("..")
        || part.indexOf('/') >= 0
        || part.indexOf('\\') >= 0
        || part.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "expected "
              + what
              + " that can be a part of a path, found "
              + RefusedException.quote(part));
    }
  }

  /** The ident in two to four parts; empty if the text has not that form. */
  public static Optional<Ident> parse(String text) {
    String[] parts = text.split("/", -1);
    try {
      return switch (parts.length) {
        case 2 -> Optional.of(new Ident(parts[0], parts[1]));
        case 3 ->
            Optional.of(new Ident(parts[0], parts[1], Optional.of(parts[2]), Optional.empty()));
        case 4 ->
            Optional.of(
                new Ident(parts[0], parts[1], Optional.of(parts[2]), Optional.of(parts[3])));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException noPart) {
      return Optional.empty();
    }
  }

  /** The parts with slashes between them. */
  @Override
  public String toString() {
    return Stream.of(Optional.of(origin), Optional.of(name), version, release)
        .flatMap(Optional::stream)
        .collect(Collectors.joining("/"));
  }
}
