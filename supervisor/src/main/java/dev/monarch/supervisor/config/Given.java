package dev.monarch.supervisor.config;

import java.util.List;

/**
 * The value of one option and who gave it.
 *
 * @param origin how to name the place to an operator, such as {@code --peer} or {@code peer in
 *     /etc/a.toml, line 3}
 * @param values none for a switch, one for most options, any number for a list
 */
record Given(SupervisorOption option, Source source, String origin, List<String> values) {
  Given {
    values = List.copyOf(values);
  }

  /** Who can give a value; the first one that does wins. */
  enum Source {
    FLAG,
    ENVIRONMENT,
    FILE
  }

  String value() {
    return values.isEmpty() ? "" : values.getLast();
  }

  /** A switch or an option without its optional value. */
  boolean isBare() {
    return values.isEmpty();
  }
}
