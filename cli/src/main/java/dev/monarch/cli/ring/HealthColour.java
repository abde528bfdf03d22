package dev.monarch.cli.ring;

import dev.monarch.wire.Health;

/** The colours of health on a terminal, the same in every view. */
public final class HealthColour {
  public static final String PLAIN = "\u001b[0m";

  private HealthColour() {}

  public static String of(Health health) {
    return switch (health) {
      case ALIVE -> "\u001b[32m";
      case SUSPECT -> "\u001b[33m";
      case CONFIRMED -> "\u001b[31m";
      case DEPARTED -> "\u001b[90m";
    };
  }
}
