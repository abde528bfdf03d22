package dev.monarch.supervisor.layers;

/**
 * A text that cannot be read as a tree. The message is one line: what was expected, what was found,
 * and where.
 */
public final class TreeException extends Exception {
  public TreeException(String message) {
    super(message);
  }
}
