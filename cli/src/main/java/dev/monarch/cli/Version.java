package dev.monarch.cli;

import dev.monarch.supervisor.Product;

/** Which Habitat this program stands in for, and which Monarch it is. */
public final class Version {
  private Version() {}

  /** The answer to {@code --version}; the second word is the version, as scripts expect it. */
  public static String text(String command) {
    return "%s %s (Monarch %s)".formatted(command, Product.COMPATIBLE, Product.version());
  }
}
