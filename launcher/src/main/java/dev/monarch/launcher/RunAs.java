package dev.monarch.launcher;

/**
 * Whom a process runs as, with that user's supplementary groups.
 *
 * @param user a name or a number
 * @param group a name or a number
 */
public record RunAs(String user, String group) {
  public RunAs {
    require("user", user);
    require("group", group);
  }

  private static void require(String what, String name) {
    if (name.isEmpty() || name.startsWith("-") || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "expected the name of a %s, found '%s'".formatted(what, name));
    }
  }
}
