package dev.monarch.supervisor.config;

/**
 * Something a Supervisor was told cannot be done. The message is one line: what was expected, what
 * was found, and where.
 */
public final class ConfigurationException extends Exception {
  public ConfigurationException(String message) {
    super(message);
  }
}
