package dev.monarch.supervisor.render;

/** Templates that cannot be used. The message is one line that names the file and the place. */
public final class RenderingException extends Exception {
  public RenderingException(String message) {
    super(message);
  }
}
